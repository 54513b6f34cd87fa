/**
 * A radix tree over sequences of small numbers, in flat arrays: a node holds what leads to it from its parent as
 * a slice of one pool, so that long keys cost two bytes a step and two nodes at most. A dense table (states ×
 * letters) of 10,000 keys of 200 would take gigabytes, an automaton with a state a letter over 30 MB.
 */
const NONE = -1;
const ROOT = 0;
const MULTIPLIER = 0x9e3779b1;
/** Bits of the table of beginnings; one bit a byte keeps asking short. */
const BEGINNINGS = 1 << 16;
const beginning = (one: number, two: number, three: number): number =>
  (Math.imul(Math.imul(one, 31) + two, 1021) + Math.imul(three, MULTIPLIER >>> 1)) & (BEGINNINGS - 1);

/** Room for twice as many. */
function doubled(old: Int32Array<ArrayBuffer>, filler = 0): Int32Array<ArrayBuffer> {
  const grown = new Int32Array(old.length * 2).fill(filler, old.length);
  grown.set(old);
  return grown;
}

export class RadixTree {
  private pool = new Uint16Array(1024);
  private poolLength = 0;
  /** By node. */
  private wayStart = new Int32Array(256);
  private wayEnd = new Int32Array(256);
  private newest = new Int32Array(256).fill(NONE);
  private nodes = 1;
  /** By value: the one that was added to its node before it. */
  private older = new Int32Array(256).fill(NONE);
  /** Open addressing over (node, first step of the way to a child). */
  private edges = 0;
  private edgeNode = new Int32Array(1024).fill(NONE);
  private edgeStep = new Int32Array(1024);
  private edgeChild = new Int32Array(1024);
  /**
   * Whether any key may begin with these three steps (or is them, where it has fewer). Nearly every place in
   * a text is done with here, in one look.
   */
  private readonly beginnings = new Uint8Array(BEGINNINGS);
  /** Steps of the shortest key. */
  private shortest = 3;

  get isEmpty(): boolean {
    return this.nodes === 1;
  }

  /** Adds a value (0, 1, 2 …) under a key that is not empty; several values may share one. */
  add(key: Uint16Array, value: number): void {
    const node = this.nodeFor(key);
    this.shortest = Math.min(this.shortest, key.length);
    this.beginnings[beginning(key[0] ?? 0, key[1] ?? 0, key[2] ?? 0)] = 1;
    while (this.older.length <= value) this.older = doubled(this.older, NONE);
    this.older[value] = this.newest[node] ?? NONE;
    this.newest[node] = value;
  }

  /** Tells every value whose key the steps begin with, from `from` on. */
  follow(steps: Uint16Array, range: { from: number; to: number }, tell: (value: number) => void): void {
    const { wayStart, wayEnd, pool } = this;
    let at = range.from;
    let node = this.child(ROOT, steps[at] ?? 0);
    while (node > ROOT) {
      const end = wayEnd[node] ?? 0;
      let way = wayStart[node] ?? 0;
      if (at + end - way > range.to) return;
      while (way < end && pool[way] === steps[at]) {
        way += 1;
        at += 1;
      }
      if (way < end) return;
      for (let value = this.newest[node] ?? NONE; value !== NONE; value = this.older[value] ?? NONE)
        tell(value);
      if (at >= range.to) return;
      node = this.child(node, steps[at] ?? 0);
    }
  }

  /** Whether `follow` from there may tell anything; asked at every place of a text, so it is short. */
  mayBegin(steps: Uint16Array, at: number): boolean {
    const one = steps[at] ?? 0;
    const two = steps[at + 1] ?? 0;
    if (this.beginnings[beginning(one, two, steps[at + 2] ?? 0)] === 1) return true;
    if (this.shortest === 3) return false;
    return this.beginnings[beginning(one, two, 0)] === 1 || this.beginnings[beginning(one, 0, 0)] === 1;
  }

  private place(node: number, step: number): number {
    const mask = this.edgeNode.length - 1;
    let at = (Math.imul(node * 31 + step, MULTIPLIER) >>> 8) & mask;
    while (this.edgeNode[at] !== NONE && !(this.edgeNode[at] === node && this.edgeStep[at] === step))
      at = (at + 1) & mask;
    return at;
  }

  private child(node: number, step: number): number {
    const at = this.place(node, step);
    return this.edgeNode[at] === NONE ? NONE : (this.edgeChild[at] ?? NONE);
  }

  private setChild(node: number, step: number, child: number): void {
    const at = this.place(node, step);
    if (this.edgeNode[at] === NONE) this.edges += 1;
    this.edgeNode[at] = node;
    this.edgeStep[at] = step;
    this.edgeChild[at] = child;
    if (this.edges * 2 > this.edgeNode.length) this.growEdges();
  }

  private growEdges(): void {
    const { edgeNode, edgeStep, edgeChild } = this;
    this.edgeNode = new Int32Array(edgeNode.length * 2).fill(NONE);
    this.edgeStep = new Int32Array(edgeNode.length * 2);
    this.edgeChild = new Int32Array(edgeNode.length * 2);
    for (let at = 0; at < edgeNode.length; at++) {
      const node = edgeNode[at] ?? NONE;
      if (node === NONE) continue;
      const to = this.place(node, edgeStep[at] ?? 0);
      this.edgeNode[to] = node;
      this.edgeStep[to] = edgeStep[at] ?? 0;
      this.edgeChild[to] = edgeChild[at] ?? 0;
    }
  }

  private newNode(start: number, end: number): number {
    if (this.nodes === this.wayStart.length) {
      this.wayStart = doubled(this.wayStart);
      this.wayEnd = doubled(this.wayEnd);
      this.newest = doubled(this.newest, NONE);
    }
    this.wayStart[this.nodes] = start;
    this.wayEnd[this.nodes] = end;
    this.nodes += 1;
    return this.nodes - 1;
  }

  private addLeaf(parent: number, key: Uint16Array, from: number): number {
    const start = this.poolLength;
    const end = start + key.length - from;
    while (end > this.pool.length) {
      const grown = new Uint16Array(this.pool.length * 2);
      grown.set(this.pool);
      this.pool = grown;
    }
    this.pool.set(key.subarray(from), start);
    this.poolLength = end;
    const leaf = this.newNode(start, end);
    this.setChild(parent, key[from] ?? 0, leaf);
    return leaf;
  }

  /** Puts a node in the middle of the way to `child`, behind its first `length` steps. */
  private split(parent: number, child: number, length: number): number {
    const start = this.wayStart[child] ?? 0;
    const middle = this.newNode(start, start + length);
    this.setChild(parent, this.pool[start] ?? 0, middle);
    this.wayStart[child] = start + length;
    this.setChild(middle, this.pool[start + length] ?? 0, child);
    return middle;
  }

  private nodeFor(key: Uint16Array): number {
    let node = ROOT;
    let at = 0;
    while (at < key.length) {
      const child = this.child(node, key[at] ?? 0);
      if (child === NONE) return this.addLeaf(node, key, at);
      const start = this.wayStart[child] ?? 0;
      const length = (this.wayEnd[child] ?? 0) - start;
      let same = 1;
      while (same < length && key[at + same] === this.pool[start + same]) same += 1;
      node = same < length ? this.split(node, child, same) : child;
      at += same;
    }
    return node;
  }
}
