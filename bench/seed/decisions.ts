import { join } from 'node:path';
import { connect, ensureIndexes, RELAXED } from '../../src/storage/mongo/database.ts';
import { saidIn } from '../../src/storage/mongo/teach.ts';
import { openDatabase } from '../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { createPrecedentIndex } from '../../src/storage/sqlite/search/precedent-index.ts';
import { createRandom } from '../random.ts';
import type { StoreSettings } from './open-store.ts';
import { makeText } from './words.ts';

export const DECIDED_SITE = 'bench';
/** Of ten decisions so many are on near copies of one text: what a flood is. */
const FLOOD = 3;
export const FLOOD_TEXT =
  'Earn nine hundred a week from your sofa, my cousin did and now she owns a house and two boats';
/** The very first decision, older than anything that is in memory. */
export const FIRST_TEXT =
  'The ferry to the northern islands was late again today and nobody at the harbour could say why';
const FILLED_AT_ONCE = 5000;

interface Decision {
  number: number;
  commentId: string;
  label: 'ham' | 'spam';
  text: string;
}

/** What a site's people decided, in pieces, one text after the other. */
function* decisionsOf(count: number, seed: number): Generator<Decision[]> {
  const random = createRandom(seed);
  const decisionOf = (number: number): Decision => {
    const isFlood = number % 10 < FLOOD;
    const text = isFlood ? `${FLOOD_TEXT} ${number}` : makeText(random);
    return {
      number,
      commentId: `comment-${number}`,
      label: isFlood ? 'spam' : 'ham',
      text: number === 1 ? FIRST_TEXT : text,
    };
  };
  for (let from = 1; from <= count; from += FILLED_AT_ONCE) {
    const size = Math.min(FILLED_AT_ONCE, count + 1 - from);
    yield Array.from({ length: size }, (_, i) => decisionOf(from + i));
  }
}

async function decideOnSqlite(dataDir: string, decided: Iterable<Decision[]>): Promise<void> {
  await (await openSqlite({ dataDir, inline: true, isHurried: true })).close();
  const db = openDatabase(join(dataDir, 'gatehouse.db'));
  db.pragma('synchronous = OFF');
  const insert = db.prepare<[number, string, string, string, string]>(
    'INSERT INTO lessons (number, site, comment_id, label, text) VALUES (?, ?, ?, ?, ?)',
  );
  const index = createPrecedentIndex(db);
  const keep = db.transaction((some: Decision[]) => {
    for (const { number, commentId, label, text } of some)
      insert.run(number, DECIDED_SITE, commentId, label, text);
    while (index.fill(FILLED_AT_ONCE));
  });
  for (const some of decided) keep(some);
  db.close();
}

/** The rows that the adapter writes behind decisions, under its indexes. */
async function decideOnMongo(uri: string, decided: Iterable<Decision[]>): Promise<void> {
  const database = await connect(uri);
  try {
    await ensureIndexes(database);
    for (const some of decided) {
      const rows = some.map(({ number, commentId, label, text }) => ({
        _id: number,
        site: DECIDED_SITE,
        comment: commentId,
        ...saidIn(DECIDED_SITE, { label, text, url: null }),
      }));
      await database.lessons.insertMany(rows, { ordered: false, writeConcern: RELAXED });
    }
  } finally {
    await database.connection.close();
  }
}

/** Writes so many decisions of one site into an empty store, their keys with them. */
export async function fillDecisions(
  store: StoreSettings,
  { count, seed }: { count: number; seed: number },
): Promise<void> {
  const decided = decisionsOf(count, seed);
  if (store.kind === 'sqlite') await decideOnSqlite(store.dataDir, decided);
  else await decideOnMongo(store.uri, decided);
}
