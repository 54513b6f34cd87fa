/** An ordered source that gives the next items beyond `after`, at most `count`. */
export type Source<Item> = (after: Item | undefined, count: number) => Item[];

export interface MergeOptions<Item> {
  compare: (a: Item, b: Item) => number;
  limit: number;
  /** Items that may be read in all; no fewer than one per source and `limit` are needed. */
  most: number;
}

/**
 * The first `limit` items of several ordered sources, in order, with at most `most` items read. A source
 * is asked when what was read of it is used up, each time for twice as many as long as `most` bears it.
 */
export function mergeSources<Item>(
  sources: Source<Item>[],
  { compare, limit, most }: MergeOptions<Item>,
): Item[] {
  const heads = sources.map((source) => new Head(source)).filter((head) => head.item !== undefined);
  const merged: Item[] = [];
  let spare = most - sources.length - limit;
  while (merged.length < limit) {
    let least: Head<Item> | undefined;
    for (const head of heads) {
      if (head.item !== undefined && (least?.item === undefined || compare(head.item, least.item) < 0))
        least = head;
    }
    if (least?.item === undefined) break;
    merged.push(least.item);
    const wanted = limit - merged.length;
    if (wanted > 0) spare -= least.advance(Math.max(0, Math.min(spare, wanted - 1)));
  }
  return merged;
}

/** A source with what was read of it ahead. */
class Head<Item> {
  private readonly source: Source<Item>;
  private ahead: Item[];
  private next = 0;
  private size = 1;

  constructor(source: Source<Item>) {
    this.source = source;
    this.ahead = source(undefined, 1);
  }

  get item(): Item | undefined {
    return this.ahead[this.next];
  }

  /** Goes on by one, reading up to `extra` more than that; gives how many more were read. */
  advance(extra: number): number {
    this.next += 1;
    if (this.next < this.ahead.length || this.ahead.length < this.size) return 0;
    const last = this.ahead[this.next - 1];
    const further = Math.min(this.size * 2 - 1, extra);
    this.size = 1 + further;
    this.ahead = this.source(last, this.size);
    this.next = 0;
    return further;
  }
}
