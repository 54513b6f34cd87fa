import type { LoadSpec } from './load-spec.ts';
import { runLoad } from './run-load.ts';

/** The load process: runs each spec that its parent sends and sends back the result. */
process.on('message', (spec: LoadSpec) => {
  runLoad(spec).then(
    (result) => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.message }),
  );
});
process.on('disconnect', () => process.exit(0));
