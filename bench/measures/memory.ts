import type { BenchContext } from '../bench-context.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import { streamOf } from '../load/load-driver.ts';
import type { StreamSpec } from '../load/load-spec.ts';
import { megabytes } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { MIXED_PAGES } from '../seed/sites.ts';
import { askForIdle } from './idle.ts';
import { postStream } from './posts.ts';
import { listingPath } from './reads.ts';

const READS = 1_000_000;
const POSTS = 100_000;

/** Resident memory of one process: idle, then after a million reads, then after 100,000 posts. */
export async function measureMemory(context: BenchContext, store: StoreSettings): Promise<void> {
  const share = context.options.quick ? 0.01 : 1;
  const name = store.kind === 'sqlite' ? 'SQLite' : 'MongoDB';
  await withServers([startGatehouse(context, store)], async (server) => {
    if (!server) return;
    await askForIdle(server);
    add('idle', server.rss(), 90, 'after the first answer and a quiet minute');
    const paths = MIXED_PAGES.map(listingPath);
    const reads = {
      kind: 'reads' as const,
      paths,
      headers: ['Accept-Encoding: gzip'],
      revalidate: 0,
      seed: 1,
    };
    const answered = await run(
      { name: 'reads', connections: 64, pace: 'closed', source: reads },
      READS * share,
      200,
    );
    add(
      `after ${answered.toLocaleString('en')} reads`,
      server.rss(),
      110,
      'the same process, 200 pages, gzip, 64 connections',
    );
    const posted = await run(postStream(context, 'closed'), POSTS * share, 201);
    add(`after ${posted.toLocaleString('en')} posts`, server.rss(), 250, 'the same process, 64 connections');

    async function run(stream: StreamSpec, count: number, status: number): Promise<number> {
      const result = await context.load.run({
        port: server?.port ?? 0,
        streams: [stream],
        warmSeconds: 0,
        seconds: 300,
        count,
      });
      return streamOf(result, stream.name, [status]).answers;
    }
  });

  function add(figure: string, mb: number, goal: number, how: string): void {
    context.add({
      group: 'Light',
      figure: `resident memory, ${name}, ${figure}`,
      gatehouse: megabytes(mb),
      bare: '',
      ratio: '',
      goal: `< ${goal} MB`,
      met: mb < goal,
      how,
    });
  }
}
