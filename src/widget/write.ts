/** Everything a reader does beyond reading: loaded behind the thread, as a module of its own. */
import { actionsOf } from './actions.ts';
import type { Write } from './context.ts';
import { commentForm } from './form.ts';

export const write: Write = { actionsOf, commentForm };
