import { join } from 'node:path';
import { createPrecedents, type Precedents } from '../../src/screening/precedents/precedents.ts';
import { connect } from '../../src/storage/mongo/database.ts';
import { openMongo } from '../../src/storage/mongo/open.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { BenchContext } from '../bench-context.ts';
import { atRest } from '../harness/at-rest.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { milliseconds } from '../report.ts';
import { DECIDED_SITE, FIRST_TEXT, FLOOD_TEXT, fillDecisions } from '../seed/decisions.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { makeText } from '../seed/words.ts';
import { processorMs } from '../servers.ts';

const DECISIONS = { full: 1_000_000, usual: 100_000, quick: 10_000 } as const;
const LONG_TEXT = 10_000;
const ASKED = 500;
/** Comments that come in one moment. */
const TOGETHER = 20;
const GOAL_MS = 1;
/** Of the server: what a million decisions and their index take. A server alone on 4 GB has 1.5. */
const CACHE_GB = 1.5;

/** What a look-up goes over. */
interface Way {
  group: string;
  /** Nothing but a round trip to the server, where there is one. */
  ping: (() => Promise<unknown>) | null;
  /** Milliseconds of processor time that the server has used; of none 0. */
  serverMs: () => number;
}

interface Costs {
  p50: number;
  p99: number;
  /** Of processor time, the means: of this process and of the server. */
  processor: number;
  server: number;
}

/** Milliseconds by the clock: the middle one, and the one that ninety-nine of a hundred do not exceed. */
async function costs(calls: (() => Promise<unknown>)[], serverMs: Way['serverMs']): Promise<Costs> {
  const [before, serverBefore] = [process.cpuUsage(), serverMs()];
  const took: number[] = [];
  for (const call of calls) {
    const begun = performance.now();
    await call();
    took.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  const server = (serverMs() - serverBefore) / calls.length;
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), processor: (user + system) / 1000 / calls.length, server };
}

function longText(random: Random): string {
  let text = '';
  while (text.length < LONG_TEXT) text += `${makeText(random)} `;
  return text.slice(0, LONG_TEXT);
}

const KINDS: readonly { what: string; how: string; next: (random: Random) => string }[] = [
  {
    what: 'a usual comment',
    how: 'keys and look-up; three of ten decisions are on near copies of one text',
    next: (random) => makeText(random),
  },
  {
    what: 'one of the flood',
    how: 'the same; a text that all of the flood is like',
    next: () => `${FLOOD_TEXT} again`,
  },
  {
    what: '10,000 characters',
    how: 'the same; nearly all of it is the making of the keys',
    next: longText,
  },
];

interface Measured {
  figure: string;
  costs: Costs;
  how: string;
  /** Comments of a call, by which its costs are divided. */
  comments: number;
}

const processorTime = ({ ping }: Way, { processor, server }: Costs, comments: number): string => {
  const own = `${milliseconds(processor / comments)} of processor time`;
  return ping ? `${own}, and ${milliseconds(server / comments)} of the server's` : own;
};

function addRow(context: BenchContext, way: Way, { figure, costs: found, how, comments }: Measured): void {
  const p50 = found.p50 / comments;
  context.add({
    group: way.group,
    figure,
    gatehouse: `${milliseconds(p50)}, p99 ${milliseconds(found.p99 / comments)}`,
    bare: '',
    ratio: '',
    goal: `< ${GOAL_MS} ms`,
    met: p50 < GOAL_MS,
    how: `${how}; ${processorTime(way, found, comments)}`,
  });
}

async function measureAlone(context: BenchContext, way: Way, asked: Asked): Promise<void> {
  const { precedents, count, random } = asked;
  for (const { what, how, next } of KINDS) {
    const calls = Array.from({ length: ASKED }, () => {
      const text = next(random);
      return () => precedents.of(DECIDED_SITE, { id: null, text });
    });
    await costs(calls, way.serverMs);
    const pings = way.ping && (await costs(Array(ASKED).fill(way.ping), way.serverMs));
    const beside = pings
      ? `; a ping of the same server ${milliseconds(pings.p50)}, ${processorTime(way, pings, 1)}`
      : '';
    addRow(context, way, {
      figure: `near copies among ${count.toLocaleString('en')} decisions, ${what}`,
      costs: await costs(calls, way.serverMs),
      how: `${how}${beside}`,
      comments: 1,
    });
  }
}

/** By the comment, of many that come in one moment: only with a server between is it another thing. */
async function measureTogether(context: BenchContext, way: Way, asked: Asked): Promise<void> {
  const { precedents, count, random } = asked;
  for (const { what, next } of KINDS.filter(({ next: each }) => each !== longText)) {
    const calls = Array.from({ length: ASKED }, () => {
      const texts = Array.from({ length: TOGETHER }, () => next(random));
      return () => Promise.all(texts.map((text) => precedents.of(DECIDED_SITE, { id: null, text })));
    });
    await costs(calls.slice(0, ASKED / TOGETHER), way.serverMs);
    addRow(context, way, {
      figure: `near copies among ${count.toLocaleString('en')} decisions, ${what}, ${TOGETHER} at once`,
      costs: await costs(calls, way.serverMs),
      how: `of ${TOGETHER} that are asked about in one moment the time until all are told, by the comment`,
      comments: TOGETHER,
    });
  }
}

interface Asked {
  precedents: Precedents;
  count: number;
  random: Random;
}

async function measureOver(
  context: BenchContext,
  { way, storage, count }: { way: Way; storage: Storage; count: number },
): Promise<void> {
  const report = (error: unknown): never => {
    throw error;
  };
  const precedents = createPrecedents({ ...storage, report });
  const asked = { precedents, count, random: createRandom(context.options.seed + 1) };
  try {
    const first = await precedents.of(DECIDED_SITE, { id: null, text: `${FIRST_TEXT}!` });
    if (first?.spam !== 1) throw new Error('the first of all decisions was not found');
    await measureAlone(context, way, asked);
    if (way.ping) await measureTogether(context, way, asked);
  } finally {
    await precedents.stop();
  }
}

async function fill(context: BenchContext, store: StoreSettings): Promise<number> {
  const { full, quick, seed } = context.options;
  const count = full ? DECISIONS.full : quick ? DECISIONS.quick : DECISIONS.usual;
  const begun = performance.now();
  await fillDecisions(store, { count, seed });
  const seconds = (performance.now() - begun) / 1000;
  context.say(`  wrote ${count.toLocaleString('en')} decisions in ${seconds.toFixed(1)} s`);
  return count;
}

/** What it costs a post to hear what people decided on near copies: in this process, no server between. */
export async function measureSimilar(context: BenchContext): Promise<void> {
  const store = {
    kind: 'sqlite',
    dataDir: join(context.scratch, 'decisions'),
    writerPath: context.programs.writer,
  } as const;
  const count = await fill(context, store);
  const storage = await openSqlite({ dataDir: store.dataDir, inline: true, isHurried: true });
  try {
    const way = { group: 'Screening', ping: null, serverMs: () => 0 };
    await measureOver(context, { way, storage, count });
  } finally {
    await storage.close();
  }
}

/** The same with a round trip to MongoDB between, and a bare one beside it. */
export async function measureMongoSimilar(context: BenchContext): Promise<void> {
  const mongod = await context.startMongod({ replicaSet: false, cacheGb: CACHE_GB });
  try {
    const uri = mongod.uri.replace(/\/(?=\?|$)/, '/decisions');
    const count = await fill(context, { kind: 'mongo', uri });
    const storage = await openMongo({ uri });
    const bare = await connect(uri);
    try {
      const way = {
        group: 'Screening on MongoDB',
        ping: () => bare.connection.getClient().db().command({ ping: 1 }),
        serverMs: () => mongod.pids.reduce((sum, pid) => sum + processorMs(pid), 0),
      };
      // What was written in one go is still being checkpointed.
      await atRest([{ cpuMs: way.serverMs }]);
      await measureOver(context, { way, storage, count });
    } finally {
      await bare.connection.close();
      await storage.close();
    }
  } finally {
    await mongod.stop();
  }
}
