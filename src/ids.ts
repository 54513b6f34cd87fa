import { randomFillSync } from 'node:crypto';

/**
 * Ids: opaque to clients, URL-safe, and ordered by time, so that one id is a keyset cursor by itself.
 *
 *   comment  = time(10) tail(8) home(13)      31 characters
 *   decision = time(10) tail(8) comment(31)   49 characters
 *   others   = time(10) tail(8)               18 characters
 *
 * time is milliseconds since 1970, tail a random start that counts up within a millisecond (so ids of
 * one process keep the order they were made in), home the page's key at posting: a sharded store finds
 * the right shard from the id alone. The alphabet is Crockford's base 32 in lower case, which sorts as
 * bytes do.
 */
export interface IdSource {
  /** A new id for that moment (milliseconds since 1970). */
  next(at: number): string;
}

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_LENGTH = 10;
const TAIL_LENGTH = 8;
export const HOME_LENGTH = 13;
export const SHORT_ID_LENGTH = TIME_LENGTH + TAIL_LENGTH;
export const COMMENT_ID_LENGTH = SHORT_ID_LENGTH + HOME_LENGTH;
const TAIL_SPACE = 2 ** 40;

function encode(value: number, length: number): string {
  let text = '';
  let rest = value;
  for (let i = 0; i < length; i++) {
    text = ALPHABET[rest % 32] + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

/** Bytes in the ids' alphabet, five bits a character, cut to `length` characters. */
export function encodeBytes(bytes: Uint8Array, length: number): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < length) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text;
}

/** The source that a process uses. `fill` gives randomness; tests pin it. */
export function createIdSource(fill: (bytes: Buffer) => void = randomFillSync): IdSource {
  const pool = Buffer.alloc(5 * 256);
  let used = pool.length;
  let lastAt = -1;
  let tail = 0;
  const randomTail = (): number => {
    if (used === pool.length) {
      fill(pool);
      used = 0;
    }
    const value = pool.readUIntBE(used, 5);
    used += 5;
    // The top bit stays free so that counting up within a millisecond can't run over.
    return value % (TAIL_SPACE / 2);
  };
  return {
    next(at) {
      tail = at === lastAt ? tail + 1 : randomTail();
      lastAt = at;
      return encode(at, TIME_LENGTH) + encode(tail, TAIL_LENGTH);
    },
  };
}

/** A short id of that moment whose tail (below 2^39) is given: for what must have the same id each time it is made. */
export function idAt(at: number, tail: number): string {
  return encode(at, TIME_LENGTH) + encode(tail, TAIL_LENGTH);
}

/** The least id of a moment: `>= idFloor(since)` are the ids made at or after it. */
export function idFloor(at: number): string {
  return encode(Math.max(0, at), TIME_LENGTH);
}

/** The moment of an id's making, in milliseconds since 1970; of what is no id, some number. */
export function momentOfId(id: string): number {
  let at = 0;
  for (const letter of id.slice(0, TIME_LENGTH)) at = at * 32 + Math.max(0, ALPHABET.indexOf(letter));
  return at;
}

const ID = new RegExp(`^[${ALPHABET}]+$`);

/** Whether the text has the shape of an id of that length; says nothing about whether it exists. */
export function isIdOf(length: number, text: string): boolean {
  return text.length === length && ID.test(text);
}

/** The page key at posting, from a comment's id. */
export function homeOfId(commentId: string): string {
  return commentId.slice(SHORT_ID_LENGTH);
}

/** The comment a decision belongs to, from the decision's id. */
export function commentOfDecision(decisionId: string): string {
  return decisionId.slice(SHORT_ID_LENGTH);
}
