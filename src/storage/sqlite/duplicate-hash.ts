const HIGH = 2 ** 21;

/**
 * 53 bits of a duplicate key, small enough for a lean index and exact as a number. FNV-1a over UTF-16
 * units with two offsets; the key is a keyed hash already, so nobody can aim at a collision, and the key
 * itself is compared where two fall together.
 */
export function duplicateHash(key: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return ((high >>> 0) % HIGH) * 2 ** 32 + (low >>> 0);
}
