import type { Database } from 'better-sqlite3';
import { likenessOf } from '../../text/likeness.ts';
import { createNearness } from './search/nearness.ts';
import type { Found } from './verify-found.ts';

interface Row {
  id: string;
  n: number;
  site: string;
  text: string;
  keys: string | null;
  near: number | null;
}

const found = (
  { id, site, n, key }: { id: string; site: string; n: number; key?: number },
  due: boolean,
): Found => ({
  // Keys that are others than its own count as none, as with words.
  difference: { what: 'likeness', where: id, kept: !due, due },
  mending: { what: 'likeness', site, n, key: key ?? null },
});

/** Comments whose near copies are looked for by other keys than theirs, and keys of what is not there. */
export function* wrongLikeness(db: Database): Generator<Found> {
  // What waits to be filled in is under way.
  const waits = db.prepare<[number], number>('SELECT 1 FROM search_todo WHERE n = ? AND indexed = 0').pluck();
  const isKept = db
    .prepare<[number, number], number>('SELECT 1 FROM likeness WHERE key = ? AND n = ?')
    .pluck();
  // Nobody is taken as told: that is what is looked for.
  const nearness = createNearness(db, { flood: Number.POSITIVE_INFINITY });

  function isRight({ n, site, text, keys, near }: Row): boolean {
    const due = likenessOf(site, text).keys;
    if (keys !== JSON.stringify(due) || !due.every((key) => isKept.get(key, n) === 1)) return false;
    return near === 1 || !nearness.tell(n, due).isNear;
  }

  const comments = db.prepare<[], Row>(
    `SELECT c.id, c.n, site, text, keys, near FROM comments AS c LEFT JOIN likeness_of AS kept ON kept.n = c.n
     WHERE deleted_at IS NULL AND text IS NOT NULL`,
  );
  for (const row of comments.iterate())
    if (waits.get(row.n) === undefined && !isRight(row)) yield found(row, true);
  yield* strayKeys(db);
}

interface Stray {
  n: number;
  key: number | null;
}

/** Keys of comments that are gone or deleted, and keys that a comment's own list does not name. */
function* strayKeys(db: Database): Generator<Found> {
  const named = db.prepare<[number], { id: string; site: string; isThere: number }>(
    'SELECT id, site, deleted_at IS NULL AND text IS NOT NULL AS isThere FROM comments WHERE n = ?',
  );
  const lists = db.prepare<[], Stray>(
    `SELECT kept.n, NULL AS key FROM likeness_of AS kept LEFT JOIN comments AS c ON c.n = kept.n
     WHERE c.n IS NULL OR deleted_at IS NOT NULL OR text IS NULL`,
  );
  const keys = db.prepare<[], Stray>(
    `SELECT l.n, l.key FROM likeness AS l LEFT JOIN likeness_of AS kept ON kept.n = l.n
     WHERE kept.n IS NULL OR NOT EXISTS (SELECT 1 FROM json_each(kept.keys) WHERE value = l.key)`,
  );
  for (const statement of [lists, keys]) {
    for (const { n, key } of statement.iterate()) {
      const { id, site, isThere } = named.get(n) ?? { id: String(n), site: '', isThere: 0 };
      yield found({ id, site, n, ...(key !== null && { key }) }, isThere === 1);
    }
  }
}
