import type { Position } from '../comments/comment-store.ts';

/**
 * Goes through a list that an index holds in order and keeps what else is asked for: the way of last
 * resort, right for every filter, and as long as the list is. Between two chunks others have their turn.
 */
export interface FilteredWalk<Item> {
  /** The next of the list beyond `from`, at most `limit`. */
  chunk(from: Position | undefined, limit: number): Item[] | Promise<Item[]>;
  /** Those of a chunk that are asked for, in its order. */
  keep(items: Item[]): Item[] | Promise<Item[]>;
  positionOf(item: Item): Position;
}

const LEAST_CHUNK = 100;
const MOST_CHUNK = 500;

const turnOfOthers = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Calls `take` with what each chunk kept, until it says that this was enough or the list ends. */
async function walk<Item>(
  { chunk, keep, positionOf }: FilteredWalk<Item>,
  from: Position | undefined,
  take: (kept: Item[]) => boolean,
): Promise<void> {
  let place = from;
  for (let size = LEAST_CHUNK; ; size = Math.min(size * 2, MOST_CHUNK)) {
    const items = await chunk(place, size);
    const last = items.at(-1);
    if (!last || take(await keep(items)) || items.length < size) return;
    place = positionOf(last);
    await turnOfOthers();
  }
}

/** The first `limit` that are asked for, beyond `from`. */
export async function firstKept<Item>(
  list: FilteredWalk<Item>,
  { from, limit }: { from?: Position; limit: number },
): Promise<Item[]> {
  const found: Item[] = [];
  await walk(list, from, (kept) => {
    found.push(...kept);
    return found.length >= limit;
  });
  return found.slice(0, limit);
}

/** How many there are, counted no further than `cap`. */
export async function countKept<Item>(list: FilteredWalk<Item>, cap: number): Promise<number> {
  let total = 0;
  await walk(list, undefined, (kept) => {
    total += kept.length;
    return total >= cap;
  });
  return Math.min(total, cap);
}
