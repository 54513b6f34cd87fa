import type { Database } from 'better-sqlite3';
import type { mongo } from 'mongoose';
import { withDatabase } from './lane.ts';
import { until } from './until.ts';

/** Damage to what is worked out from comments for statistics, directories and searches. */
export type DamageBehind =
  | { behind: 'tally'; site: string; slot: number; tally: string; by: number }
  | { behind: 'no-tallies'; site: string }
  | { behind: 'author' | 'page'; site: string; key: string; comments: number }
  | { behind: 'no-author' | 'no-page'; site: string; key: string }
  /** Of the page at an address its row, what leads from the address to it, or both. */
  | { behind: 'no-end'; site: string; url: string; keeps: 'page' | 'reference' | 'nothing' }
  /** A word that the comment does not have; all of its words; a word of no comment. */
  | { behind: 'word'; comment: string; word: string }
  | { behind: 'no-words'; comment: string }
  | { behind: 'lost-word'; word: string }
  /** All keys of the comment; one that is not its own; all its marks; one that is not its own. */
  | { behind: 'no-keys' | 'key' | 'no-marks'; comment: string }
  | { behind: 'mark'; comment: string; mark: string }
  /** All keys of what was decided on the comment; one of a decision that does not stand any more. */
  | { behind: 'no-precedent' | 'stale-precedent'; comment: string };

export const isBehind = (damage: object): damage is DamageBehind => 'behind' in damage;

/** The number of no comment. */
export const NOBODYS_NUMBER = 7;
/** The key of no text. */
const NOBODYS_KEY = 7;

async function fileIsFilled(db: Database): Promise<void> {
  const { searchBacklog } = await import('../../src/storage/sqlite/search/backlog.ts');
  const left = searchBacklog(db);
  await until('words and keys to be filled in', () => left(1) === 0);
}

function damageWords(
  db: Database,
  damage: Extract<DamageBehind, { behind: 'word' | 'no-words' | 'lost-word' }>,
): void {
  const add = db.prepare('INSERT INTO search (rowid, words) VALUES (?, ?)');
  if (damage.behind === 'lost-word') {
    add.run(NOBODYS_NUMBER, damage.word);
    return;
  }
  const n = db.prepare<[string], number>('SELECT n FROM comments WHERE id = ?').pluck().get(damage.comment);
  if (damage.behind === 'word') {
    add.run(n, damage.word);
    return;
  }
  const terms = db.prepare<[number | undefined], string>('SELECT term FROM search_terms WHERE doc = ?');
  const words = terms.pluck().all(n).join(' ');
  db.prepare("INSERT INTO search (search, rowid, words) VALUES ('delete', ?, ?)").run(n, words);
}

function damageKept(
  db: Database,
  damage: Extract<DamageBehind, { behind: 'no-keys' | 'key' | 'no-marks' | 'mark' }>,
): void {
  const n = db.prepare<[string], number>('SELECT n FROM comments WHERE id = ?').pluck().get(damage.comment);
  switch (damage.behind) {
    case 'no-keys':
      db.prepare('DELETE FROM likeness WHERE n = ?').run(n);
      break;
    case 'key':
      db.prepare('INSERT INTO likeness (key, n) VALUES (?, ?)').run(NOBODYS_KEY, n);
      break;
    case 'no-marks':
      db.prepare('DELETE FROM marks WHERE id = ?').run(damage.comment);
      break;
    case 'mark':
      db.prepare('INSERT INTO marks SELECT site, ?, status, id, n FROM comments WHERE id = ?').run(
        damage.mark,
        damage.comment,
      );
  }
}

function damagePrecedents(
  db: Database,
  { behind, comment }: Extract<DamageBehind, { behind: 'no-precedent' | 'stale-precedent' }>,
): void {
  const stands = behind === 'no-precedent';
  const number = db
    .prepare<[string], number>(
      `SELECT number FROM lessons WHERE comment_id = ? AND label IS ${stands ? 'NOT NULL' : 'NULL'}`,
    )
    .pluck()
    .get(comment);
  if (stands) db.prepare('DELETE FROM precedents WHERE number = ?').run(number);
  else db.prepare('INSERT INTO precedents (key, number, label) VALUES (?, ?, 0)').run(NOBODYS_KEY, number);
}

export async function damageBehindInFile(file: string, damage: DamageBehind): Promise<void> {
  const { openDatabase } = await import('../../src/storage/sqlite/driver.ts');
  const db = openDatabase(file);
  try {
    switch (damage.behind) {
      case 'tally':
        db.prepare(
          'INSERT INTO tallies VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n',
        ).run(...[damage.site, damage.slot, damage.tally, damage.by]);
        break;
      case 'no-tallies':
        db.prepare('DELETE FROM tallies WHERE site = ?').run(damage.site);
        break;
      case 'author':
        db.prepare(
          `INSERT INTO authors (key, site, names, words, last_id, comments, approved, rejected, spam, approved_under_name)
           VALUES (?, ?, '[]', '', '', ?, 0, 0, 0, 0) ON CONFLICT DO UPDATE SET comments = excluded.comments`,
        ).run(damage.key, damage.site, damage.comments);
        break;
      case 'page':
        db.prepare(
          `INSERT INTO page_facts (site, key, last_id, comments, words) VALUES (?, ?, '', ?, '')
           ON CONFLICT DO UPDATE SET comments = excluded.comments`,
        ).run(damage.site, damage.key, damage.comments);
        break;
      case 'no-author':
        db.prepare('DELETE FROM authors WHERE key = ?').run(damage.key);
        break;
      case 'no-page':
        db.prepare('DELETE FROM page_facts WHERE site = ? AND key = ?').run(damage.site, damage.key);
        break;
      case 'no-end': {
        const { site, url, keeps } = damage;
        if (keeps !== 'page') db.prepare('DELETE FROM pages WHERE site = ? AND url = ?').run(site, url);
        if (keeps !== 'reference')
          db.prepare('DELETE FROM page_references WHERE site = ? AND reference = ?').run(site, `u:${url}`);
        break;
      }
      case 'no-keys':
      case 'key':
      case 'no-marks':
      case 'mark':
        await fileIsFilled(db);
        damageKept(db, damage);
        break;
      case 'no-precedent':
      case 'stale-precedent':
        await fileIsFilled(db);
        damagePrecedents(db, damage);
        break;
      default:
        await fileIsFilled(db);
        damageWords(db, damage);
    }
  } finally {
    db.close();
  }
}

type Docs = mongo.Collection<{ _id: string; words?: string[]; likeness?: number[]; marks?: string[] }>;

/** What waits to be folded or filled in would be told as what it is until then. */
async function databaseIsFilled(database: mongo.Db): Promise<void> {
  const comments = database.collection('comments');
  await until(
    'everything to be folded and filled in',
    async () =>
      (await comments.countDocuments({ $or: [{ work: true }, { wordsDue: { $exists: true } }] })) === 0 &&
      (await database.collection('directory-todo').countDocuments()) === 0,
  );
}

export async function damageBehindInDatabase(uri: string, damage: DamageBehind): Promise<void> {
  await withDatabase(uri, async (database) => {
    await databaseIsFilled(database);
    const open = (name: string): Docs => database.collection(name);
    switch (damage.behind) {
      case 'tally': {
        const { site, slot, tally: what, by } = damage;
        const _id = `${site}/${String(slot).padStart(8, '0')}/${what}`;
        const made = { batch: 0, slot, what };
        await open('tallies').updateOne({ _id }, { $inc: { n: by }, $setOnInsert: made }, { upsert: true });
        break;
      }
      case 'no-tallies':
        await open('tallies').deleteMany({ _id: { $gt: `${damage.site}/`, $lt: `${damage.site}0` } });
        break;
      case 'author': {
        const { site, key: _id, comments } = damage;
        await open('authors').updateOne(
          { _id },
          { $set: { comments }, $setOnInsert: { site, rev: 'x' } },
          { upsert: true },
        );
        break;
      }
      case 'page': {
        const { site, key, comments } = damage;
        const made = { site, key, rev: 'x', lastId: '', words: [] };
        const _id = `${site}/${key}`;
        await open('page-facts').updateOne(
          { _id },
          { $set: { comments }, $setOnInsert: made },
          { upsert: true },
        );
        break;
      }
      case 'no-end': {
        const { site, url, keeps } = damage;
        if (keeps !== 'page') await database.collection('pages').deleteOne({ site, url });
        if (keeps !== 'reference') await open('page-references').deleteOne({ _id: `${site} u:${url}` });
        break;
      }
      case 'no-author':
        await open('authors').deleteOne({ _id: damage.key });
        break;
      case 'no-page':
        await open('page-facts').deleteOne({ _id: `${damage.site}/${damage.key}` });
        break;
      case 'word':
        await open('comments').updateOne({ _id: damage.comment }, { $push: { words: damage.word } });
        await open('terms').insertOne({ _id: damage.word });
        break;
      case 'no-words':
        await open('comments').updateOne({ _id: damage.comment }, { $unset: { words: '' } });
        break;
      case 'no-keys':
        await open('comments').updateOne({ _id: damage.comment }, { $unset: { likeness: '' } });
        break;
      case 'key':
        await open('comments').updateOne({ _id: damage.comment }, { $push: { likeness: NOBODYS_KEY } });
        break;
      case 'no-marks':
        await open('comments').updateOne({ _id: damage.comment }, { $unset: { marks: '' } });
        break;
      case 'mark':
        await open('comments').updateOne({ _id: damage.comment }, { $push: { marks: damage.mark } });
        break;
      case 'no-precedent':
        await database
          .collection('lessons')
          .updateOne({ comment: damage.comment, label: { $exists: true } }, { $unset: { keys: '' } });
        break;
      case 'stale-precedent':
        await database
          .collection('lessons')
          .updateOne({ comment: damage.comment, by: { $exists: true } }, { $set: { keys: [NOBODYS_KEY] } });
        break;
      case 'lost-word':
        await open('terms').insertOne({ _id: damage.word });
    }
  });
}
