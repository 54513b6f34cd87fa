/** An ordered source that gives the next items beyond `after`, at most `count`. */
export type Source<Item> = (after: Item | undefined, count: number) => Item[];

/**
 * The first `limit` items of several ordered sources, in order. Sources are asked lazily and for twice as
 * many at each turn, so that of each no more than 2 × used + 1 items are read: over all, at most
 * 2 × limit and one per source.
 */
export function mergeSources<Item>(
  sources: Source<Item>[],
  { compare, limit }: { compare: (a: Item, b: Item) => number; limit: number },
): Item[] {
  const heads = sources.map((source) => new Head(source)).filter((head) => head.item !== undefined);
  const merged: Item[] = [];
  while (merged.length < limit) {
    let least: Head<Item> | undefined;
    for (const head of heads) {
      if (head.item !== undefined && (least?.item === undefined || compare(head.item, least.item) < 0)) least = head;
    }
    if (least?.item === undefined) break;
    merged.push(least.item);
    if (merged.length < limit) least.advance(limit - merged.length);
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

  /** `wanted` bounds what is read: more can't be used. */
  advance(wanted: number): void {
    this.next += 1;
    if (this.next < this.ahead.length || this.ahead.length < this.size) return;
    const last = this.ahead[this.next - 1];
    this.size = Math.min(this.size * 2, wanted);
    this.ahead = this.source(last, this.size);
    this.next = 0;
  }
}
