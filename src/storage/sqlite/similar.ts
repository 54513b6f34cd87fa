import type { Database } from 'better-sqlite3';
import { LRUCache } from 'lru-cache';
import type { AskedLikeness, SimilarStore } from '../../moderation/similar-store.ts';
import { enoughOf, likenessOf } from '../../text/likeness.ts';
import { createMeetings, havingKeySql, type Meetings, ofKeySql, olderOfKeySql } from './search/sharers.ts';

/** Of what waits to be filled in so many of the newest are looked through: a live stream asks at each comment. */
const MOST_WAITING = 200;
/** Those of one key that are read for each that is asked for: not all of them share enough. */
const READ_FOR_EACH = 2;
/**
 * Of what was not met among the newest of its keys so many more are read by one call, some ten milliseconds: by chance
 * that many have one key alone, and whoever posts what has many keys in common must not hold up everybody.
 */
const MOST_OLDER = 20_000;
/** Keys of comments that wait, remembered: they are asked for again and again. */
const REMEMBERED = 4000;

/** Comments' numbers, keys and nearness, null where they are not filled in; binds their ids as a JSON list. */
export function keysOfSql(): string {
  return `SELECT comments.id, comments.n, keys, near FROM json_each(?) AS wanted
    CROSS JOIN comments ON comments.id = wanted.value LEFT JOIN likeness_of AS kept ON kept.n = comments.n`;
}

/** One whose copies are looked for, by its keys. */
interface Sought {
  n: number | null;
  keys: number[];
  enough: number;
  /** Only what is not filled in yet may be a copy. */
  isFar: boolean;
}

/** What one call has: who waits, and how many older ones it may still read. */
interface Call {
  lacking: Lacking;
  room: { left: number };
}

interface Older {
  cutOff: CutOff[];
  enough: number;
}

/** A key that more have than were read, and the oldest of those that were. */
interface CutOff {
  key: number;
  oldest: number;
}

const NOBODY: Sought = { n: null, keys: [], enough: 1, isFar: true };

/** Of comments that are not filled in yet: who has a key. */
type Lacking = ReadonlyMap<number, number[]>;

/** SimilarStore on SQLite: reads what the search index's filling keeps (search/likeness-index.ts). */
export function createSimilarStore(db: Database, { mostOlder = MOST_OLDER } = {}): SimilarStore {
  const ofKey = db.prepare<[number, number], number>(ofKeySql()).pluck();
  const olderOfKey = db.prepare<[number, number, number], number>(olderOfKeySql()).pluck();
  const havingKey = db.prepare<[string, number], number>(havingKeySql()).pluck();
  const idOf = db.prepare<[number], string>('SELECT id FROM comments WHERE n = ?').pluck();
  const made = createMadeKeys();
  const sought = createSought(db, made);
  const unfilled = createUnfilled(db, made);

  /**
   * The numbers of those that share enough of the keys, itself among them, the newest first: all that the call has
   * room for, or more than the limit. In a flood the newest of each key are the same, so that few of each are enough. Where they are not, by
   * chance many share a key, and the copies may be older.
   */
  function sharing({ keys, enough, isFar }: Sought, { lacking, room }: Call, limit: number): number[] {
    const met = createMeetings(enough);
    const cutOff: CutOff[] = [];
    const most = READ_FOR_EACH * limit + 1;
    for (const key of keys) {
      const newest = isFar ? [] : ofKey.all(key, most);
      met.add(newest);
      if (newest.length === most) cutOff.push({ key, oldest: newest.at(-1) ?? 0 });
      met.add(lacking.get(key) ?? []);
    }
    if (cutOff.length > 0 && met.enough().length <= limit) meetOlder(met, { cutOff, enough, room });
    return met.enough().sort((a, b) => b - a);
  }

  /**
   * Whoever shares enough shares one of any keys but `enough` − 1. So many of the commonest are not read: who was met
   * by another is looked up among those that have them.
   */
  function meetOlder(met: Meetings, { cutOff, enough, room }: Pick<Call, 'room'> & Older): void {
    // The commoner a key, the less far back its newest reach.
    const commonest = [...cutOff].sort((a, b) => b.oldest - a.oldest);
    const unread = commonest.splice(0, enough - 1);
    // The rarest first, for as long as there is room.
    for (const { key, oldest } of commonest.reverse()) {
      const older = olderOfKey.all(key, oldest, room.left);
      room.left -= older.length;
      met.add(older);
    }
    for (const { key, oldest } of unread) {
      const wanted = met.lacking(unread.length).filter((n) => n < oldest);
      met.add(havingKey.all(JSON.stringify(wanted), key));
    }
  }

  // Each one snapshot: what is filled in meanwhile is met once.
  const count = db.transaction((asked: AskedLikeness[], cap: number) => {
    const lacking = unfilled();
    const call = { lacking, room: { left: mostOlder } };
    // In a flood many have the same text, and so the same copies.
    const known = new Map<string, number[]>();
    return sought(asked, lacking).map((one) => {
      const { n, keys, isFar } = one;
      if (keys.length === 0) return 0;
      const name = `${isFar} ${keys.join(' ')}`;
      const found = known.get(name) ?? sharing(one, call, cap);
      known.set(name, found);
      return Math.min(cap, found.length - Number(n !== null && found.includes(n)));
    });
  });
  const list = db.transaction((asked: AskedLikeness, limit: number) => {
    const lacking = unfilled();
    const found = sought([asked], lacking).flatMap((one) =>
      sharing(one, { lacking, room: { left: mostOlder } }, limit).filter((n) => n !== one.n),
    );
    return found.slice(0, limit).flatMap((n) => idOf.get(n) ?? []);
  });
  return {
    count: async (asked, cap) => (asked.length === 0 ? [] : count(asked, cap)),
    // Within a millisecond numbers are in the order of commits.
    list: async (asked, limit) => list(asked, limit).sort((a, b) => (a < b ? 1 : -1)),
  };
}

interface Versioned {
  n: number;
  site: string;
  revision: number;
}

/** Makes keys of texts that are not filled in yet. */
type MadeKeys = (of: Versioned, text: () => string | null | undefined) => number[];

function createMadeKeys(): MadeKeys {
  const known = new LRUCache<string, number[]>({ max: REMEMBERED });
  return ({ n, site, revision }, text) => {
    const name = `${n}/${revision}`;
    let keys = known.get(name);
    if (!keys) {
      keys = likenessOf(site, text() ?? '').keys;
      known.set(name, keys);
    }
    return keys;
  };
}

/** Tells by which keys copies of comments are to be looked for: of most comments there are none, and no keys. */
function createSought(db: Database, made: MadeKeys): (asked: AskedLikeness[], lacking: Lacking) => Sought[] {
  const kept = db
    .prepare<[string], [id: string, n: number, keys: string | null, near: number | null]>(keysOfSql())
    .raw();

  return (asked, lacking) => {
    const rows = new Map(kept.all(JSON.stringify(asked.map(({ id }) => id))).map((row) => [row[0], row]));
    return asked.map(({ id, site, text, revision }) => {
      const [, n = null, own = null, near = null] = rows.get(id) ?? [];
      const isFar = near === 0;
      if (n === null || text === null || (isFar && lacking.size === 0)) return NOBODY;
      const all = own === null ? made({ n, site, revision }, () => text) : (JSON.parse(own) as number[]);
      const keys = isFar ? all.filter((key) => lacking.has(key)) : all;
      return { n, keys, enough: enoughOf(all), isFar };
    });
  };
}

/** Reads what waits to be filled in, the newest, with the keys that it will have. */
function createUnfilled(db: Database, made: MadeKeys): () => Lacking {
  const waiting = db.prepare<[], Versioned>(
    `SELECT todo.n, site, revision FROM search_todo AS todo JOIN comments ON comments.n = todo.n
     WHERE indexed = 0 AND deleted_at IS NULL AND text IS NOT NULL ORDER BY todo.n DESC LIMIT ${MOST_WAITING}`,
  );
  // Apart: a text may be long, and mostly its keys are remembered.
  const textOf = db.prepare<[number], string>('SELECT text FROM comments WHERE n = ?').pluck();

  return () => {
    const having = new Map<number, number[]>();
    for (const row of waiting.all()) {
      for (const key of made(row, () => textOf.get(row.n))) {
        const numbers = having.get(key);
        if (numbers) numbers.push(row.n);
        else having.set(key, [row.n]);
      }
    }
    return having;
  };
}
