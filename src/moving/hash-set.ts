/**
 * A set of texts that keeps 44 bits of each, in some seven bytes, where a Set of strings takes a hundred. Of a few
 * million texts two may be taken for one: nothing but a count or a warning hangs on it.
 */
export interface HashSet {
  /** False where it was in already. */
  add(text: string): boolean;
  has(text: string): boolean;
  readonly size: number;
}

/** Twelve bits of the hash: what grows is one part in so many, so that nothing large is ever copied. */
const PARTS = 4096;
const FIRST_ROOM = 8;

/** Where a text belongs, and what is kept of it there: never 0, which means an empty place. */
interface Hash {
  part: number;
  kept: number;
}

/** cyrb53, by bryc (public domain): fast and even, and no secret. */
function hashOf(text: string): Hash {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return { part: b & (PARTS - 1), kept: a >>> 0 || 1 };
}

/** Where in the part it stands, or would. */
function placeOf(kept: number, room: Uint32Array): number {
  let at = kept % room.length;
  while (room[at] !== 0 && room[at] !== kept) at = (at + 1) % room.length;
  return at;
}

function larger(room: Uint32Array): Uint32Array {
  const next = new Uint32Array(room.length * 2);
  for (const kept of room) if (kept !== 0) next[placeOf(kept, next)] = kept;
  return next;
}

export function createHashSet(): HashSet {
  const rooms: (Uint32Array | undefined)[] = new Array(PARTS).fill(undefined);
  const sizes = new Uint32Array(PARTS);
  let size = 0;

  return {
    add(text) {
      const { part, kept } = hashOf(text);
      let room = rooms[part] ?? new Uint32Array(FIRST_ROOM);
      const at = placeOf(kept, room);
      if (room[at] === kept) return false;
      room[at] = kept;
      size += 1;
      const inPart = (sizes[part] ?? 0) + 1;
      sizes[part] = inPart;
      if (inPart * 4 > room.length * 3) room = larger(room);
      rooms[part] = room;
      return true;
    },
    has(text) {
      const { part, kept } = hashOf(text);
      const room = rooms[part];
      return room !== undefined && room[placeOf(kept, room)] === kept;
    },
    get size() {
      return size;
    },
  };
}
