import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { createPrecedents, type Precedents } from '../../src/screening/precedents/precedents.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { createPrecedentIndex } from '../../src/storage/sqlite/search/precedent-index.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { BenchContext } from '../bench-context.ts';
import type { Random } from '../random.ts';
import { createRandom } from '../random.ts';
import { milliseconds } from '../report.ts';
import { makeText } from '../seed/words.ts';

const SITE = 'bench';
const DECISIONS = { full: 1_000_000, usual: 100_000, quick: 10_000 } as const;
const LONG_TEXT = 10_000;
/** Of ten decisions so many are on near copies of one text: what a flood is. */
const FLOOD = 3;
const FLOOD_TEXT =
  'Earn nine hundred a week from your sofa, my cousin did and now she owns a house and two boats';
/** The very first decision, older than anything that is in memory. */
const FIRST_TEXT =
  'The ferry to the northern islands was late again today and nobody at the harbour could say why';
const ASKED = 500;
const FILLED_AT_ONCE = 5000;

/** What a site's people decided, one text after the other, in a file. */
async function decide(random: Random, { count, dataDir }: { count: number; dataDir: string }): Promise<void> {
  await (await openSqlite({ dataDir, inline: true, isHurried: true })).close();
  const db = new SqliteDatabase(join(dataDir, 'gatehouse.db'));
  db.pragma('synchronous = OFF');
  const insert = db.prepare<[number, string, string, string, string]>(
    'INSERT INTO lessons (number, site, comment_id, label, text) VALUES (?, ?, ?, ?, ?)',
  );
  const index = createPrecedentIndex(db);
  const textOf = (number: number): string => {
    if (number === 1) return FIRST_TEXT;
    return number % 10 < FLOOD ? `${FLOOD_TEXT} ${number}` : makeText(random);
  };
  const some = db.transaction((from: number, to: number) => {
    for (let number = from; number < to; number++)
      insert.run(number, SITE, `comment-${number}`, number % 10 < FLOOD ? 'spam' : 'ham', textOf(number));
    while (index.fill(FILLED_AT_ONCE));
  });
  for (let from = 1; from <= count; from += FILLED_AT_ONCE)
    some(from, Math.min(count + 1, from + FILLED_AT_ONCE));
  db.close();
}

interface Costs {
  p50: number;
  p99: number;
  /** Of processor time, the mean. */
  processor: number;
}

/** Milliseconds by the clock: the middle one, and the one that ninety-nine of a hundred do not exceed. */
async function costs(precedents: Precedents, texts: string[]): Promise<Costs> {
  const before = process.cpuUsage();
  const took: number[] = [];
  for (const text of texts) {
    const begun = performance.now();
    await precedents.of(SITE, { id: null, text });
    took.push(performance.now() - begun);
  }
  const { user, system } = process.cpuUsage(before);
  took.sort((one, other) => one - other);
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? 0;
  return { p50: at(0.5), p99: at(0.99), processor: (user + system) / 1000 / texts.length };
}

function longText(random: Random): string {
  let text = '';
  while (text.length < LONG_TEXT) text += `${makeText(random)} `;
  return text.slice(0, LONG_TEXT);
}

async function measureOver(context: BenchContext, storage: Storage, count: number): Promise<void> {
  const random = createRandom(context.options.seed + 1);
  const report = (error: unknown): never => {
    throw error;
  };
  const precedents = createPrecedents({ ...storage, report });
  const first = await precedents.of(SITE, { id: null, text: `${FIRST_TEXT}!` });
  if (first?.spam !== 1) throw new Error('the first of all decisions was not found');
  const rows: [string, string, () => string][] = [
    [
      'a usual comment',
      'keys and look-up; three of ten decisions are on near copies of one text',
      () => makeText(random),
    ],
    ['one of the flood', 'the same; a text that all of the flood is like', () => `${FLOOD_TEXT} again`],
    ['10,000 characters', 'the same; nearly all of it is the making of the keys', () => longText(random)],
  ];
  for (const [what, how, next] of rows) {
    const texts = Array.from({ length: ASKED }, next);
    await costs(precedents, texts);
    const { p50, p99, processor } = await costs(precedents, texts);
    context.add({
      group: 'Screening',
      figure: `near copies among ${count.toLocaleString('en')} decisions, ${what}`,
      gatehouse: `${milliseconds(p50)}, p99 ${milliseconds(p99)}`,
      bare: '',
      ratio: '',
      goal: '< 1 ms',
      met: p50 < 1,
      how: `${how}; ${milliseconds(processor)} of processor time`,
    });
  }
  await precedents.stop();
}

/** What it costs a post to hear what people decided on near copies: in this process, no server between. */
export async function measureSimilar(context: BenchContext): Promise<void> {
  const { full, quick, seed } = context.options;
  const count = full ? DECISIONS.full : quick ? DECISIONS.quick : DECISIONS.usual;
  const dataDir = join(context.scratch, 'decisions');
  await decide(createRandom(seed), { count, dataDir });
  const storage = await openSqlite({ dataDir, inline: true, isHurried: true });
  try {
    await measureOver(context, storage, count);
  } finally {
    await storage.close();
  }
}
