import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import type { Lesson, Said } from '../../screening/learner/lesson.ts';
import type { Alike, AlikeQuery, LessonStore } from '../../screening/learner/lesson-store.ts';
import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import type { Connections } from './comments.ts';
import { BOUND_LIMIT } from './rows.ts';
import { SAID } from './search/precedent-index.ts';

interface LessonRow {
  number: number;
  site: string;
  comment_id: string;
  label: Said | null;
  text: string | null;
  url: string | null;
  supersedes: number | null;
  author_key: string | null;
}

/** Exported for the tests of its plans. */
export const LESSON_QUERIES = {
  ofSite: `SELECT * FROM lessons INDEXED BY lessons_of_site WHERE site = ? AND number > ?
    ORDER BY number LIMIT ${BOUND_LIMIT}`,
  before: `SELECT number FROM lessons INDEXED BY lessons_of_site WHERE site = ?
    ORDER BY number DESC LIMIT 1 OFFSET ?`,
  /** Number and label in one, since of a flood thousands are read. */
  ofKey: `SELECT ${SAID.length} * number + label FROM precedents WHERE key = ? ORDER BY number DESC LIMIT ${BOUND_LIMIT}`,
  standing: `SELECT number FROM lessons INDEXED BY lessons_that_stand
    WHERE comment_id = ? AND label IS NOT NULL`,
  ofEverySite: `SELECT * FROM lessons WHERE number > ? ORDER BY number LIMIT ${BOUND_LIMIT}`,
} as const;

function lessonOf({ comment_id, label, text, url, author_key: _, ...rest }: LessonRow): Lesson {
  const row = { ...rest, commentId: comment_id };
  if (label === null || text === null) return { ...row, label: null, learnt: null };
  return { ...row, label, learnt: { text, url } };
}

/** Reads what search/precedent-index.ts keeps. */
function createAlike(db: Connections['db']): (query: AlikeQuery) => Alike[] {
  const ofKey = db.prepare<[number, number], number>(LESSON_QUERIES.ofKey).pluck();
  const standing = db.prepare<[string], number>(LESSON_QUERIES.standing).pluck();

  return ({ keys, enough, except, most }) => {
    const own = except === null ? null : standing.get(except);
    const sharing = new Map<number, number>();
    for (const key of keys)
      for (const one of ofKey.all(key, most)) sharing.set(one, (sharing.get(one) ?? 0) + 1);
    const newest = [...sharing.keys()].sort((one, other) => other - one).slice(0, most);
    return newest.flatMap((one): Alike[] => {
      const number = Math.floor(one / SAID.length);
      const label = SAID[one % SAID.length];
      return label && number !== own && (sharing.get(one) ?? 0) >= enough ? [{ number, label }] : [];
    });
  };
}

const pack = promisify<Uint8Array, Buffer>(deflate);
const unpack = promisify<Uint8Array, Buffer>(inflate);

/** LessonStore on SQLite: the log is written with each change (operations/lessons.ts). */
export function createLessonStore({ db, commits }: Connections): LessonStore {
  const ofSite = db.prepare<[string, number, number], LessonRow>(LESSON_QUERIES.ofSite);
  const before = db.prepare<[string, number], number>(LESSON_QUERIES.before).pluck();
  const ofEverySite = db.prepare<[number, number], LessonRow>(LESSON_QUERIES.ofEverySite);
  const alike = createAlike(db);
  const snapshot = db.prepare<[string], { number: number; bytes: Buffer }>(
    'SELECT number, bytes FROM learnt WHERE site = ?',
  );

  return {
    async after({ site, after, limit }) {
      const rows = site === EVERY_SITE ? ofEverySite.all(after, limit) : ofSite.all(site, after, limit);
      return rows.map(lessonOf);
    },
    before: async (site, count) => before.get(site, count) ?? 0,
    alike: async (query) => alike(query),
    async readSnapshot(site) {
      const row = snapshot.get(site);
      return row ? { number: row.number, bytes: await unpack(row.bytes) } : null;
    },
    async writeSnapshot(site, { number, bytes }) {
      await commits.execute('keepSnapshot', { site, number, bytes: await pack(bytes) });
    },
  };
}
