import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';

/** The server's core and the load generator's. */
export const SERVER_CORE = 0;
export const LOAD_CORE = 1;

const hasTaskset = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0;
const canPin = hasTaskset && cpus().length > 1;

/** How processes are kept apart here, in words. */
export const pinningNote = canPin
  ? `server on core ${SERVER_CORE}, load generator on core ${LOAD_CORE}, by taskset`
  : `not pinned (${hasTaskset ? 'one core only' : 'taskset is not there'}): figures scatter more`;

/** The command line that runs `command` on one core; unchanged where that can't be done. */
export function pinned(core: number, command: string[]): { file: string; args: string[] } {
  const [file = '', ...args] = canPin ? ['taskset', '-c', String(core), ...command] : command;
  return { file, args };
}
