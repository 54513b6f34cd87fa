import type { Server } from '../servers.ts';

/** Longer than the service waits between two looks for what is to be done. */
const QUIET_MS = 1000;
/** Processor time of so long a silence that is not work left over: timers, a look at the store. */
const IDLE_CPU_MS = 60;
/** Of a million comments that were just seeded it takes some ten minutes. */
const MOST_REST_MS = 1_800_000;

/**
 * Waits until the servers have finished what they do behind their answers: a store that was just seeded has
 * its search index and directories to fill, and what is measured meanwhile is measured beside that work.
 * Throws where a server never comes to rest.
 */
export async function atRest(servers: readonly Pick<Server, 'cpuMs'>[]): Promise<void> {
  const until = performance.now() + MOST_REST_MS;
  while (servers.length > 0) {
    const before = servers.map((server) => server.cpuMs());
    await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
    const spent = servers.map((server, index) => server.cpuMs() - (before[index] ?? 0));
    if (spent.every((ms) => ms <= IDLE_CPU_MS)) return;
    if (performance.now() > until)
      throw new Error(`servers work on without being asked: ${spent.join(' and ')} of ${QUIET_MS} ms`);
  }
}
