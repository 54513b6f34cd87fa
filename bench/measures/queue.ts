import type { BenchContext } from '../bench-context.ts';
import { askJson } from '../harness/requests.ts';
import { type Measured, type Medians, measure, mediansOf } from '../harness/rounds.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import { createRandom } from '../random.ts';
import { milliseconds, times } from '../report.ts';
import type { Desk } from '../seed/fill.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { ADMIN_TOKEN } from '../seed/sites.ts';
import type { Server } from '../servers.ts';

const HEADERS = [`Authorization: Bearer ${ADMIN_TOKEN}`];
const SAMPLES = 200;
const DEEP_PAGES = 20;
const MOST_TIMES = 1.5;

interface Question {
  figure: string;
  path: string;
  /** Whether the list goes on by cursor. */
  paged: boolean;
}

const QUEUE = '/v1/moderation/queue?limit=50';

function questionsOf({ site, pageUrl, authorKey }: Desk): Question[] {
  const page = `${QUEUE}&site=${site}&page=${encodeURIComponent(pageUrl)}`;
  return [
    { figure: 'pending, oldest', path: `${QUEUE}&sort=oldest`, paged: true },
    { figure: 'pending, newest', path: `${QUEUE}&sort=newest`, paged: true },
    { figure: 'pending, by risk', path: `${QUEUE}&sort=risk`, paged: true },
    { figure: 'all statuses, newest', path: `${QUEUE}&status=all&sort=newest`, paged: true },
    { figure: 'pending of one page', path: page, paged: true },
    { figure: 'all of one page, by risk', path: `${page}&status=all&sort=risk`, paged: true },
    {
      figure: 'all of one author',
      path: `${QUEUE}&site=${site}&author=${authorKey}&status=all&sort=newest`,
      paged: true,
    },
    { figure: 'counts of three sites', path: '/v1/moderation/counts', paged: false },
    { figure: 'counts of one site', path: `/v1/moderation/counts?site=${site}`, paged: false },
  ];
}

/** The first page and those behind it, as far as they go, each as often as the others. */
async function pathsOf({ port }: Server, { path, paged }: Question, seed: number): Promise<string[]> {
  const paths = [path];
  while (paged && paths.length < DEEP_PAGES) {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` };
    const { nextCursor } = await askJson({ port, path: paths.at(-1) ?? path, headers });
    if (typeof nextCursor !== 'string') break;
    paths.push(`${path}&cursor=${encodeURIComponent(nextCursor)}`);
  }
  const random = createRandom(seed);
  return Array.from({ length: SAMPLES }, () => random.pick(paths));
}

export interface QueueStore {
  comments: number;
  store: StoreSettings;
  desk: Desk;
}

/** The moderators' lists and counts at two sizes, in turn. */
export async function measureQueue(
  context: BenchContext,
  { small, large, group, goalMs }: { small: QueueStore; large: QueueStore; group: string; goalMs: number },
): Promise<void> {
  await withServers(
    [startGatehouse(context, small.store), startGatehouse(context, large.store)],
    async (first, second) => {
      const servers = [first as Server, second as Server];
      const desks = [questionsOf(small.desk), questionsOf(large.desk)];
      // All lists once: V8 compiles what is hot beside the first thousands of requests, on the same core.
      for (const [size, server] of servers.entries())
        for (const question of desks[size] ?? [])
          await run(context, server, await pathsOf(server, question, context.options.seed));
      for (const [index, question] of (desks[1] ?? []).entries()) {
        const results: Measured[][] = [[], []];
        const paths: string[][] = [];
        for (const [size, server] of servers.entries()) {
          paths.push(await pathsOf(server, desks[size]?.[index] ?? question, context.options.seed));
          await run(context, server, paths[size] ?? []);
        }
        for (let round = 0; round < context.rounds; round++) {
          for (const [size, server] of servers.entries())
            results[size]?.push(await run(context, server, paths[size] ?? []));
        }
        const medians = results.map(mediansOf) as [Medians, Medians];
        report(context, {
          group,
          goalMs,
          figure: question.figure,
          comments: [small.comments, large.comments],
          medians,
        });
      }
    },
  );
}

function run(context: BenchContext, server: Server, paths: string[]): Promise<Measured> {
  const source = { kind: 'reads' as const, paths, headers: HEADERS, revalidate: 0, seed: 1, once: true };
  const streams = [{ name: 'queue', connections: 1, pace: 'closed' as const, source }];
  return measure(context.load, server, {
    name: 'queue',
    statuses: [200],
    spec: { streams, warmSeconds: 0, seconds: 60 },
  });
}

interface QueueReport {
  group: string;
  goalMs: number;
  figure: string;
  comments: [number, number];
  medians: [Medians, Medians];
}

function report(context: BenchContext, { group, goalMs, figure, comments, medians }: QueueReport): void {
  const [small, large] = medians;
  const growth = large.latency.p50 / small.latency.p50;
  const size = (count: number): string => count.toLocaleString('en');
  context.add({
    group,
    figure,
    gatehouse: `p95 ${milliseconds(large.latency.p95)}, p50 ${milliseconds(large.latency.p50)}`,
    bare: `at ${size(comments[0])}: p95 ${milliseconds(small.latency.p95)}, p50 ${milliseconds(small.latency.p50)}`,
    ratio: times(growth),
    goal: `p95 ≤ ${goalMs} ms, ≤ ${MOST_TIMES} × the cost at ${size(comments[0])}`,
    met: large.latency.p95 <= goalMs && growth <= MOST_TIMES,
    how: `at ${size(comments[1])}; ${SAMPLES} requests a round, one at a time, over HTTP with a token, after all lists were asked for as often${figure.startsWith('counts') ? '' : `, pages 1 to ${DEEP_PAGES}`}; ratio of medians`,
  });
}
