import type { BenchContext } from '../bench-context.ts';
import { atRest } from '../harness/at-rest.ts';
import { type Measured, measure, mediansOf } from '../harness/rounds.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import { milliseconds } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { HELD_SITE, MIXED_PAGES, OPEN_SITE } from '../seed/sites.ts';
import type { Server } from '../servers.ts';
import { postStream } from './posts.ts';
import { listingPath } from './reads.ts';

const READS_PER_SECOND = 2000;
const POSTS_PER_SECOND = 500;
const GOAL_MS = 5;

/** How long reads take while comments are committed beside them. */
export async function measureSmoothness(context: BenchContext, store: StoreSettings): Promise<void> {
  const paths = MIXED_PAGES.map(listingPath);
  await withServers([startGatehouse(context, store)], async (server) => {
    for (const site of [HELD_SITE, OPEN_SITE]) {
      const rounds: Measured[] = [];
      for (let round = 0; round < context.rounds; round++) {
        await atRest([server as Server]);
        const seconds = context.seconds(2);
        const source = {
          kind: 'reads' as const,
          paths,
          headers: ['Accept-Encoding: gzip'],
          revalidate: 0,
          seed: 1,
        };
        const spec = {
          streams: [
            { name: 'reads', connections: 32, pace: READS_PER_SECOND as number, source },
            postStream(context, POSTS_PER_SECOND, site),
          ],
          warmSeconds: seconds / 2,
          seconds,
        };
        const run = { name: 'reads', statuses: [200], spec };
        const reads = await measure(context.load, server as Server, run);
        const posts = reads.beside.find(({ name }) => name === 'posts')?.perSecond ?? 0;
        if (posts < POSTS_PER_SECOND * 0.95) {
          throw new Error(`only ${Math.round(posts)} of ${POSTS_PER_SECOND} posts a second were answered`);
        }
        rounds.push(reads);
      }
      const { latency } = mediansOf(rounds);
      context.add({
        group: 'Durable writes on SQLite',
        figure:
          site === HELD_SITE
            ? `cached reads' p99 during ${POSTS_PER_SECOND} posts/s`
            : `the same, where each post shows at once on the pages read`,
        gatehouse: `${milliseconds(latency.p99)} (p50 ${milliseconds(latency.p50)})`,
        bare: '',
        ratio: '',
        goal: `< ${GOAL_MS} ms`,
        met: latency.p99 < GOAL_MS,
        how: `${READS_PER_SECOND.toLocaleString('en')} reads/s over 200 pages on a timetable, so that a stall counts for every read it delays`,
      });
    }
  });
}
