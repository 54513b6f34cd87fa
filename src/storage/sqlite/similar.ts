import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { AskedLikeness, SimilarStore } from '../../moderation/similar-store.ts';
import { likenessOf } from '../../text/likeness.ts';
import { BOUND_LIMIT } from './rows.ts';

/** Of what waits to be filled in so many of the newest are looked through: a live stream asks at each comment. */
const MOST_WAITING = 200;
/** Those of one key that are read for each that is asked for: not all of them share enough. */
const READ_FOR_EACH = 2;
/** Keys of comments that wait, remembered: they are asked for again and again. */
const REMEMBERED = 4000;

/** The newest of one key; binds it and a limit. */
export function ofKeySql(): string {
  return `SELECT n FROM likeness WHERE key = ? ORDER BY n DESC LIMIT ${BOUND_LIMIT}`;
}

interface WaitingRow {
  n: number;
  site: string;
  revision: number;
}

/** SimilarStore on SQLite: reads what the search index's filling keeps (search/likeness-index.ts). */
export function createSimilarStore(db: Database): SimilarStore {
  const ofKey = db.prepare<[number, number], number>(ofKeySql()).pluck();
  const numberOf = db.prepare<[string], number>('SELECT n FROM comments WHERE id = ?').pluck();
  const idOf = db.prepare<[number], string>('SELECT id FROM comments WHERE n = ?').pluck();
  const waiting = db.prepare<[], WaitingRow>(
    `SELECT todo.n, site, revision FROM search_todo AS todo JOIN comments ON comments.n = todo.n
     WHERE indexed = 0 AND deleted_at IS NULL AND text IS NOT NULL ORDER BY todo.n DESC LIMIT ${MOST_WAITING}`,
  );
  // Apart: a text may be long, and mostly its keys are remembered.
  const textOf = db.prepare<[number], string>('SELECT text FROM comments WHERE n = ?').pluck();
  const known = new LRUCache<string, number[]>({ max: REMEMBERED });

  function keysOf({ n, site, revision }: WaitingRow): number[] {
    const name = `${n}/${revision}`;
    let keys = known.get(name);
    if (!keys) {
      keys = likenessOf(site, textOf.get(n) ?? '').keys;
      known.set(name, keys);
    }
    return keys;
  }

  function unfilled(): [n: number, keys: Set<number>][] {
    return waiting.all().map((row) => [row.n, new Set(keysOf(row))]);
  }

  /** The numbers of near copies, the newest first. */
  function numbers(
    { id, keys, enough }: AskedLikeness,
    lacking: ReturnType<typeof unfilled>,
    limit: number,
  ): number[] {
    const shared = new Map<number, number>();
    for (const key of keys)
      for (const n of ofKey.all(key, READ_FOR_EACH * limit + 1)) shared.set(n, (shared.get(n) ?? 0) + 1);
    for (const [n, has] of lacking) shared.set(n, keys.filter((key) => has.has(key)).length);
    const own = numberOf.get(id);
    const found: number[] = [];
    for (const [n, count] of shared) if (count >= enough && n !== own) found.push(n);
    return found.sort((a, b) => b - a).slice(0, limit);
  }

  // Each one snapshot: what is filled in meanwhile is met once.
  const count = db.transaction((asked: AskedLikeness[], cap: number) => {
    const lacking = unfilled();
    return asked.map((one) => numbers(one, lacking, cap).length);
  });
  const list = db.transaction((asked: AskedLikeness, limit: number) =>
    numbers(asked, unfilled(), limit).flatMap((n) => idOf.get(n) ?? []),
  );
  return {
    count: async (asked, cap) => (asked.length === 0 ? [] : count(asked, cap)),
    // Within a millisecond numbers are in the order of commits.
    list: async (asked, limit) => list(asked, limit).sort((a, b) => (a < b ? 1 : -1)),
  };
}
