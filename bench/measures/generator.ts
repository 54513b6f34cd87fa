import type { BenchContext } from '../bench-context.ts';
import { startAnswering, withServers } from '../harness/run-servers.ts';
import { streamOf } from '../load/load-driver.ts';
import { median, rate } from '../report.ts';

const CONNECTIONS = 64;
/** A generator busier than this might be what limits a figure. */
const MOST_BUSY = 0.9;

/** Shows that the load generator is not what is measured: it has time left while a bare server is at its end. */
export async function measureGenerator(context: BenchContext): Promise<void> {
  const body = Buffer.alloc(4000, 'x');
  const headers = ['Content-Type', 'application/json', 'Content-Length', String(body.length)];
  const reply = { status: 200, headers, body: body.toString('base64'), etag: null };
  await withServers([startAnswering(context, { answers: { '/': reply }, posted: null })], async (server) => {
    const busy: number[] = [];
    const rates: number[] = [];
    for (let round = 0; round < context.rounds; round++) {
      const source = { kind: 'reads' as const, paths: ['/'], headers: [], revalidate: 0, seed: 1 };
      const streams = [{ name: 'reads', connections: CONNECTIONS, pace: 'closed' as const, source }];
      const seconds = context.seconds(1);
      const result = await context.load.run({
        port: server?.port ?? 0,
        streams,
        warmSeconds: seconds / 2,
        seconds,
      });
      rates.push(streamOf(result, 'reads', [200]).perSecond);
      busy.push(result.busy);
    }
    const [perSecond, share] = [median(rates), median(busy)];
    context.add({
      group: 'The load generator',
      figure: 'its own ceiling',
      gatehouse: `about ${rate(perSecond / share)}`,
      bare: rate(perSecond),
      ratio: '',
      goal: `busy ≤ ${MOST_BUSY * 100} % while the bare server is at its end`,
      met: share <= MOST_BUSY,
      how: `a bare server answers 4,000 bytes from memory; the generator used ${Math.round(share * 100)} % of its core, so alone it would reach the ceiling`,
    });
  });
}
