import type { BenchContext } from '../bench-context.ts';
import { ask } from '../harness/requests.ts';
import { inTurn } from '../harness/rounds.ts';
import { gatehouseCommand } from '../harness/run-servers.ts';
import { median, milliseconds, times } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { pageUrl } from '../seed/sites.ts';
import { type ServerCommand, startServer } from '../servers.ts';
import { listingPath } from './reads.ts';

const GOAL = 2.5;

/** From the spawn of the process to the last byte of its first answer, in milliseconds. */
async function firstAnswer(command: ServerCommand, path: string): Promise<number> {
  const begun = performance.now();
  const server = await startServer(command);
  try {
    const { status } = await ask({ port: server.port, path });
    if (status !== 200) throw new Error(`the first answer was ${status}`);
    return performance.now() - begun;
  } finally {
    await server.stop();
  }
}

export async function measureStart(
  context: BenchContext,
  store: StoreSettings,
  goal: number | null = GOAL,
): Promise<void> {
  const rounds = context.options.quick ? 3 : Math.max(11, context.rounds);
  const bareCommand = { args: [context.programs.starting], env: {} };
  const command = gatehouseCommand(context, store);
  // Once unmeasured: the files are in the system's cache, as on every start but a machine's first.
  await firstAnswer(bareCommand, '/');
  await firstAnswer(command, listingPath(pageUrl('thread-20')));
  const results = await inTurn(rounds, [], {
    bare: () => firstAnswer(bareCommand, '/'),
    gatehouse: () => firstAnswer(command, listingPath(pageUrl('thread-20'))),
  });
  const [ours, theirs] = [median(results.gatehouse), median(results.bare)];
  context.add({
    group: 'Light',
    figure: `start to first answer, ${store.kind === 'sqlite' ? 'SQLite' : 'MongoDB'}`,
    gatehouse: milliseconds(ours),
    bare: milliseconds(theirs),
    ratio: times(ours / theirs),
    goal: goal === null ? '' : `< ${goal} × bare`,
    met: goal === null ? null : ours / theirs < goal,
    how: `process start to the last byte of a listing, from a store that exists; the bare server only listens and answers; median of ${rounds}`,
  });
}
