import { ask } from '../harness/requests.ts';
import type { Server } from '../servers.ts';

const QUIET_MS = 2000;

/** Asks once and waits until the process has been idle for a while. */
export async function askForIdle({ port }: Server): Promise<void> {
  await ask({ port, path: '/healthz' });
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}
