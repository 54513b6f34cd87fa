import { ask } from '../harness/requests.ts';
import type { Server } from '../servers.ts';

/** V8 collects what a start left behind only when nothing has been asked for about half a minute. */
const QUIET_MS = 60_000;

/** Asks once and waits until the process has been idle for a while. */
export async function askForIdle({ port }: Server): Promise<void> {
  await ask({ port, path: '/healthz' });
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}
