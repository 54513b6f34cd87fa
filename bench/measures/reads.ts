import type { KeptBytes } from '../bare/bare-settings.ts';
import type { BenchContext } from '../bench-context.ts';
import { ask, headersOf } from '../harness/requests.ts';
import { costNote, inTurn, type Measured, measure, mediansOf } from '../harness/rounds.ts';
import { startAnswering, startGatehouse, withServers } from '../harness/run-servers.ts';
import { THREADS } from '../harness/stores.ts';
import type { StreamSpec } from '../load/load-spec.ts';
import { rate, times } from '../report.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { MIXED_PAGES, OPEN_SITE, ORIGIN, pageUrl } from '../seed/sites.ts';
import type { Server } from '../servers.ts';
import { postSample } from './post-sample.ts';

export const GROUP = 'Hot reads';
const CONNECTIONS = 64;
const GZIP = ['Accept-Encoding: gzip'];
const BROWSER = [...GZIP, `Origin: ${ORIGIN}`];
const WRITES_PER_SECOND = 50;
const GOAL = 0.85;

export const listingPath = (url: string): string =>
  `/v1/sites/${OPEN_SITE}/comments?page=${encodeURIComponent(url)}`;

async function keep(
  server: Server,
  paths: readonly string[],
  headers: string[],
): Promise<KeptBytes['answers']> {
  const answers: KeptBytes['answers'] = {};
  for (const path of paths) {
    const reply = await ask({ port: server.port, path, headers: headersOf(headers) });
    if (reply.status !== 200) throw new Error(`${path} answered ${reply.status}`);
    answers[path] = reply;
  }
  return answers;
}

interface Comparison {
  figure: string;
  how: string;
  streams(): StreamSpec[];
  seconds: number;
  statuses: number[];
}

async function compare(
  context: BenchContext,
  bare: Server,
  gatehouse: Server,
  comparison: Comparison,
): Promise<void> {
  const run = (server: Server): Promise<Measured> => {
    const { seconds, statuses } = comparison;
    const spec = { streams: comparison.streams(), warmSeconds: seconds / 4, seconds };
    return measure(context.load, server, { name: 'reads', statuses, spec });
  };
  const results = await inTurn(context.rounds, [bare, gatehouse], {
    bare: () => run(bare),
    gatehouse: () => run(gatehouse),
  });
  const [ours, theirs] = [mediansOf(results.gatehouse), mediansOf(results.bare)];
  const ratio = ours.perSecond / theirs.perSecond;
  context.add({
    group: GROUP,
    figure: comparison.figure,
    gatehouse: rate(ours.perSecond),
    bare: rate(theirs.perSecond),
    ratio: times(ratio),
    goal: `≥ ${GOAL} of bare`,
    met: ratio >= GOAL,
    how: `${comparison.how}; ${ours.bytesPerAnswer.toLocaleString('en')} bytes an answer; ${CONNECTIONS} connections; ${costNote(ours, theirs)}`,
  });
}

/** Reads that find their bytes kept: one page each of three sizes, then 200 pages as browsers ask. */
export async function measureReads(context: BenchContext, store: StoreSettings): Promise<void> {
  await withServers([startGatehouse(context, store)], async (gatehouse) => {
    await onePage(context, gatehouse as Server);
    await mixed(context, gatehouse as Server);
  });
}

async function onePage(context: BenchContext, gatehouse: Server): Promise<void> {
  const encodings = context.options.full ? [GZIP, []] : [GZIP];
  for (const headers of encodings) {
    const paths = THREADS.map(({ name }) => listingPath(pageUrl(name)));
    const answers = await keep(gatehouse, paths, headers);
    await withServers([startAnswering(context, { answers, posted: null })], async (bare) => {
      for (const [index, { comments }] of THREADS.entries()) {
        const path = paths[index] ?? '';
        await compare(context, bare as Server, gatehouse, {
          figure: `one page, thread of ${comments.toLocaleString('en')}${headers.length === 0 ? ', identity' : ''}`,
          how: headers.length === 0 ? 'GET, no encoding accepted' : 'GET, gzip',
          streams: () => [
            {
              name: 'reads',
              connections: CONNECTIONS,
              pace: 'closed',
              source: { kind: 'reads', paths: [path], headers, revalidate: 0, seed: 1 },
            },
          ],
          seconds: context.seconds(1.2),
          statuses: [200],
        });
      }
    });
  }
}

async function mixed(context: BenchContext, gatehouse: Server): Promise<void> {
  const paths = MIXED_PAGES.map(listingPath);
  const answers = await keep(gatehouse, paths, BROWSER);
  const posted = await postSample(gatehouse, {
    site: OPEN_SITE,
    page: MIXED_PAGES[0] ?? '',
    run: context.nextRun(),
  });
  await withServers([startAnswering(context, { answers, posted })], async (bare) => {
    await compare(context, bare as Server, gatehouse, {
      figure: `${paths.length} pages, ${WRITES_PER_SECOND} writes/s beside`,
      how: `GET with Origin and gzip, every second one with If-None-Match; each write shows at once, so its page's bytes are made anew; the bare server takes the same writes and answers both from memory`,
      streams: () => [
        {
          name: 'reads',
          connections: CONNECTIONS,
          pace: 'closed',
          source: { kind: 'reads', paths, headers: BROWSER, revalidate: 0.5, seed: context.options.seed },
        },
        {
          name: 'writes',
          connections: 4,
          pace: WRITES_PER_SECOND,
          source: {
            kind: 'posts',
            site: OPEN_SITE,
            pages: [...MIXED_PAGES],
            headers: [],
            seed: context.options.seed,
            run: context.nextRun(),
          },
        },
      ],
      seconds: context.seconds(2.5),
      statuses: [200, 304],
    });
  });
}
