/** Everything a reader does beyond reading: loaded behind the thread, as a module of its own. */
import { complete } from './complete.ts';
import type { Write } from './thread.ts';

export const write: Write = { complete };
