import type { BenchContext } from '../bench-context.ts';
import { type Measured, measure, mediansOf } from '../harness/rounds.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import { createRandom, type Random } from '../random.ts';
import { milliseconds } from '../report.ts';
import type { Desk } from '../seed/fill.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { ADMIN_TOKEN } from '../seed/sites.ts';
import { COMMON_WORDS, makeRareWord } from '../seed/words.ts';
import type { Server } from '../servers.ts';

const HEADERS = [`Authorization: Bearer ${ADMIN_TOKEN}`];
const SAMPLES = 200;

interface Question {
  figure: string;
  paths: string[];
}

type Draw = (random: Random, persian: boolean) => string;

const DRAWN: Record<string, Draw> = {
  'common word': (random, persian) => random.pick(persian ? COMMON_WORDS.fa : COMMON_WORDS.en),
  'rare word': makeRareWord,
  'common and a rare word': (random, persian) =>
    `${random.pick(persian ? COMMON_WORDS.fa : COMMON_WORDS.en)} ${makeRareWord(random, persian)}`,
};

/** Words in both languages, each alone and with site and status; every request asks for others. */
function questionsOf({ site }: Desk, seed: number): Question[] {
  const random = createRandom(seed);
  return Object.entries(DRAWN).flatMap(([what, draw]) =>
    [false, true].flatMap((persian) =>
      [
        { where: 'everywhere', query: 'status=all' },
        { where: 'pending of a site', query: `status=pending&site=${site}` },
      ].map(({ where, query }) => ({
        figure: `${what}, ${persian ? 'Persian' : 'English'}, ${where}`,
        paths: Array.from(
          { length: SAMPLES },
          () =>
            `/v1/moderation/queue?limit=50&sort=newest&${query}&q=${encodeURIComponent(draw(random, persian))}`,
        ),
      })),
    ),
  );
}

export interface SearchStore {
  store: StoreSettings;
  desk: Desk;
  comments: number;
  group: string;
  goalMs: number;
}

/** The moderators' search over HTTP, the words filled in; what waits is looked through beside the index. */
export async function measureSearch(context: BenchContext, searched: SearchStore): Promise<void> {
  const { store, desk, comments, group, goalMs } = searched;
  await withServers([startGatehouse(context, store)], async (server) => {
    if (!server) return;
    const questions = questionsOf(desk, context.options.seed);
    // All once: V8 compiles what is hot beside the first thousands of requests, on the same core.
    for (const question of questions) await ask(context, server, question);
    for (const question of questions) {
      await ask(context, server, question);
      const rounds: Measured[] = [];
      for (let round = 0; round < context.rounds; round++) rounds.push(await ask(context, server, question));
      const { latency, cpuUs } = mediansOf(rounds);
      context.add({
        group,
        figure: question.figure,
        gatehouse: `p95 ${milliseconds(latency.p95)}, p50 ${milliseconds(latency.p50)}`,
        bare: '',
        ratio: '',
        goal: `p95 ≤ ${goalMs} ms`,
        met: latency.p95 <= goalMs,
        how: `at ${comments.toLocaleString('en')}; the newest 50 with their total, ${SAMPLES} requests a round, one at a time, over HTTP with a token, after all searches were asked for as often; processor time ${milliseconds(cpuUs / 1000)} a request`,
      });
    }
  });
}

function ask(context: BenchContext, server: Server, { paths }: Question): Promise<Measured> {
  const source = { kind: 'reads' as const, paths, headers: HEADERS, revalidate: 0, seed: 1, once: true };
  const streams = [{ name: 'search', connections: 1, pace: 'closed' as const, source }];
  return measure(context.load, server, {
    name: 'search',
    statuses: [200],
    spec: { streams, warmSeconds: 0, seconds: 60 },
  });
}
