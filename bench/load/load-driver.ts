import { spawn } from 'node:child_process';
import { LOAD_CORE, pinned } from '../pinning.ts';
import type { LoadResult, LoadSpec, StreamResult } from './load-spec.ts';

/** The load process, seen from the bench. */
export interface Load {
  run(spec: LoadSpec): Promise<LoadResult>;
  stop(): void;
}

/** Starts the load process on its core. */
export function startLoad(program: string): Load {
  const { file, args } = pinned(LOAD_CORE, [process.execPath, program]);
  const child = spawn(file, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  return {
    run(spec) {
      return new Promise((resolve, reject) => {
        const onExit = (): void => reject(new Error('the load process ended'));
        child.once('exit', onExit);
        child.once('message', (answer: { result?: LoadResult; error?: string }) => {
          child.off('exit', onExit);
          if (answer.result) resolve(answer.result);
          else reject(new Error(`load: ${answer.error}`));
        });
        child.send(spec);
      });
    },
    stop: () => child.disconnect(),
  };
}

/** The stream of that name; throws where an answer had another status than those expected. */
export function streamOf(result: LoadResult, name: string, expected: number[]): StreamResult {
  const stream = result.streams.find((each) => each.name === name);
  if (!stream) throw new Error(`no stream ${name}`);
  const strange = Object.keys(stream.statuses).filter((status) => !expected.includes(Number(status)));
  if (strange.length > 0 || stream.answers === 0) {
    throw new Error(`${name}: expected ${expected.join('/')}, got ${JSON.stringify(stream.statuses)}`);
  }
  return stream;
}
