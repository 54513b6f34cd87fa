/**
 * A set of texts that keeps 53 bits of each: sixteen bytes for a member, where a Set of strings takes a
 * hundred. Two texts in a million files may be taken for one; nothing but a count or a warning hangs on it.
 */
export interface HashSet {
  /** False where it was in already. */
  add(text: string): boolean;
  has(text: string): boolean;
  readonly size: number;
}

const FIRST_ROOM = 1024;

/** cyrb53, by bryc (public domain): fast and even, and no secret. Never 0, which means an empty place. */
function hashOf(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 2654435761);
    b = Math.imul(b ^ unit, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0) || 1;
}

export function createHashSet(): HashSet {
  let places = new Float64Array(FIRST_ROOM);
  let size = 0;

  /** Where the hash stands, or would. */
  function placeOf(hash: number, room: Float64Array): number {
    let at = hash % room.length;
    while (room[at] !== 0 && room[at] !== hash) at = (at + 1) % room.length;
    return at;
  }

  function grow(): void {
    const larger = new Float64Array(places.length * 2);
    for (const hash of places) if (hash !== 0) larger[placeOf(hash, larger)] = hash;
    places = larger;
  }

  return {
    add(text) {
      const hash = hashOf(text);
      const at = placeOf(hash, places);
      if (places[at] === hash) return false;
      places[at] = hash;
      size += 1;
      if (size * 2 > places.length) grow();
      return true;
    },
    has(text) {
      const hash = hashOf(text);
      return places[placeOf(hash, places)] === hash;
    },
    get size() {
      return size;
    },
  };
}
