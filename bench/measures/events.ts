import type { BenchContext } from '../bench-context.ts';
import { openListeners } from '../harness/listeners.ts';
import { inTurn, type Measured, measure, mediansOf } from '../harness/rounds.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import type { StreamSpec } from '../load/load-spec.ts';
import { megabytes, milliseconds, rate, times } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { HELD_SITE, OPEN_SITE } from '../seed/sites.ts';
import type { Server } from '../servers.ts';
import { askForIdle } from './idle.ts';
import { postStream } from './posts.ts';

const LISTENERS = 1000;
const MOST_MB = 50;
const LEAST_SHARE = 0.9;
/** Posts a second that every listener hears of: more is no desk any person watches. */
const HEARD_PACE = 10;
const GROUP = 'Live events';

/** What a thousand open streams cost: memory, and posts beside them. */
export async function measureEvents(context: BenchContext, store: StoreSettings): Promise<void> {
  await withServers([startGatehouse(context, store)], async (server) => {
    if (!server) return;
    await measurePostsBeside(context, server);
    await measureHeardPosts(context, server);
  });
  await withServers([startGatehouse(context, store)], async (server) => {
    if (server) await measureListenersMemory(context, server);
  });
}

/** A round of posts without listeners, then one with; the same server, so that nothing else differs. */
async function rounds(
  context: BenchContext,
  server: Server,
  { site, stream }: { site: string; stream: () => StreamSpec },
) {
  const run = (): Promise<Measured> => {
    const seconds = context.seconds(2.5);
    const spec = { streams: [stream()], warmSeconds: seconds / 4, seconds };
    return measure(context.load, server, { name: 'posts', statuses: [201], spec });
  };
  const results = await inTurn(context.rounds, [server], {
    bare: run,
    async gatehouse() {
      const listeners = await openListeners(server.port, LISTENERS, site);
      try {
        return await run();
      } finally {
        await listeners.close();
      }
    },
  });
  return { without: mediansOf(results.bare), beside: mediansOf(results.gatehouse) };
}

async function measurePostsBeside(context: BenchContext, server: Server): Promise<void> {
  const { without, beside } = await rounds(context, server, {
    site: OPEN_SITE,
    stream: () => postStream(context, 'closed'),
  });
  const share = beside.perSecond / without.perSecond;
  context.add({
    group: GROUP,
    figure: `posts beside ${LISTENERS.toLocaleString('en')} idle listeners`,
    gatehouse: rate(beside.perSecond),
    bare: rate(without.perSecond),
    ratio: times(share),
    goal: `≥ ${LEAST_SHARE} of without`,
    met: share >= LEAST_SHARE,
    how: `64 connections; in place of the bare server the same one without listeners, in turn; they listen to another site; processor time ${Math.round(beside.cpuUs)} µs a post, without ${Math.round(without.cpuUs)} µs`,
  });
}

async function measureHeardPosts(context: BenchContext, server: Server): Promise<void> {
  const { without, beside } = await rounds(context, server, {
    site: HELD_SITE,
    stream: () => ({ ...postStream(context, HEARD_PACE), connections: 4 }),
  });
  context.add({
    group: GROUP,
    figure: `posts that ${LISTENERS.toLocaleString('en')} listeners hear of: p50`,
    gatehouse: milliseconds(beside.latency.p50),
    bare: milliseconds(without.latency.p50),
    ratio: times(beside.latency.p50 / without.latency.p50),
    goal: '',
    met: null,
    how: `${HEARD_PACE} posts a second, so ${(HEARD_PACE * LISTENERS).toLocaleString('en')} events a second; p99 ${milliseconds(beside.latency.p99)}, without ${milliseconds(without.latency.p99)}`,
  });
}

async function measureListenersMemory(context: BenchContext, server: Server): Promise<void> {
  await askForIdle(server);
  const before = server.rss();
  const listeners = await openListeners(server.port, LISTENERS, OPEN_SITE);
  await askForIdle(server);
  const cost = server.rss() - before;
  await listeners.close();
  context.add({
    group: GROUP,
    figure: `${LISTENERS.toLocaleString('en')} idle listeners: memory`,
    gatehouse: megabytes(cost),
    bare: '',
    ratio: '',
    goal: `< ${MOST_MB} MB`,
    met: cost < MOST_MB,
    how: 'resident memory of a fresh process with them less without, both after two quiet seconds',
  });
}
