import type { BenchContext } from '../bench-context.ts';
import { atRest } from '../harness/at-rest.ts';
import { askJson } from '../harness/requests.ts';
import { type Measured, measure, mediansOf } from '../harness/rounds.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import type { SourceSpec } from '../load/load-spec.ts';
import { milliseconds } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { OPEN_SITE, pageUrl } from '../seed/sites.ts';
import type { Server } from '../servers.ts';
import { GROUP, listingPath } from './reads.ts';

const THREAD = pageUrl('thread-50000');
const GOAL_MS = 3;
const SAMPLES = 1000;
/**
 * One round more than is counted: some thousand requests long V8 compiles what is hot, in threads that share the
 * server's core, and a request that waits for them says nothing of what a read costs.
 */
const WARMING = 1;

/** Reads that find nothing kept, one at a time, on the thread of 50,000 comments. */
export async function measureCold(context: BenchContext, store: StoreSettings): Promise<void> {
  await withServers([startGatehouse(context, store)], async (server) => {
    await afterWrites(context, server as Server);
    await cursors(context, server as Server);
  });
}

async function afterWrites(context: BenchContext, server: Server): Promise<void> {
  const rounds: Measured[] = [];
  for (let round = 0; round < WARMING + context.rounds; round++) {
    await atRest([server]);
    rounds.push(
      await run(context, server, {
        kind: 'after-write',
        path: listingPath(THREAD),
        headers: ['Accept-Encoding: gzip'],
        posts: {
          kind: 'posts',
          site: OPEN_SITE,
          pages: [THREAD],
          headers: [],
          seed: context.options.seed + round,
          run: context.nextRun(),
        },
        count: context.options.quick ? 50 : round < WARMING ? SAMPLES : SAMPLES / 4,
      }),
    );
  }
  report(
    context,
    rounds.slice(WARMING),
    'first page just after a write, thread of 50,000',
    `one connection: a post that shows at once, then the GET that is measured; ${SAMPLES.toLocaleString('en')} before that are not counted`,
  );
}

async function cursors(context: BenchContext, server: Server): Promise<void> {
  const wanted = context.options.quick ? 50 : SAMPLES;
  const found: string[] = [];
  let path = `${listingPath(THREAD)}&limit=20`;
  while (found.length < wanted) {
    const { nextCursor } = await askJson({ port: server.port, path });
    if (typeof nextCursor !== 'string') break;
    found.push(nextCursor);
    path = `${listingPath(THREAD)}&limit=20&cursor=${encodeURIComponent(nextCursor)}`;
  }
  const rounds: Measured[] = [];
  await atRest([server]);
  for (let round = 0; round < WARMING + context.rounds; round++) {
    // A limit that was never asked for makes every address a new one.
    const paths = found.map(
      (cursor) => `${listingPath(THREAD)}&limit=${21 + round}&cursor=${encodeURIComponent(cursor)}`,
    );
    rounds.push(
      await run(context, server, {
        kind: 'reads',
        paths,
        headers: ['Accept-Encoding: gzip'],
        revalidate: 0,
        seed: 1,
        once: true,
      }),
    );
  }
  report(
    context,
    rounds.slice(WARMING),
    'further pages by cursor, thread of 50,000',
    `one connection, ${found.length} cursors, each address asked for once; as many before that are not counted`,
  );
}

function run(context: BenchContext, server: Server, source: SourceSpec): Promise<Measured> {
  const streams = [{ name: 'cold', connections: 1, pace: 'closed' as const, source }];
  return measure(context.load, server, {
    name: 'cold',
    statuses: [200],
    spec: { streams, warmSeconds: 0, seconds: 60 },
  });
}

function report(context: BenchContext, rounds: Measured[], figure: string, how: string): void {
  const { latency } = mediansOf(rounds);
  context.add({
    group: GROUP,
    figure: `nothing kept: ${figure}`,
    gatehouse: `p99 ${milliseconds(latency.p99)}, p50 ${milliseconds(latency.p50)}`,
    bare: '',
    ratio: '',
    goal: `p99 < ${GOAL_MS} ms`,
    met: latency.p99 < GOAL_MS,
    how,
  });
}
