import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../keys.ts';

/** A place in a list: what a store's `from` takes, and the direction. */
export interface CursorPlace {
  /** Null begins at the start (for replies that were not begun). */
  id: string | null;
  value?: number;
  backwards?: boolean;
}

const MAC_LENGTH = 16;

function macOf(keys: Keyring, query: string[], payload: string): Buffer {
  return keys.mac('cursor', ...query, payload).subarray(0, MAC_LENGTH);
}

/**
 * A cursor that goes on at `place`, bound to `query`: everything of the request but its limit. The same
 * place always gives the same text (answers are compared byte by byte), it holds no time and never expires.
 */
export function writeCursor(keys: Keyring, query: string[], place: CursorPlace): string {
  const { id, value = null, backwards = false } = place;
  const payload = Buffer.from(JSON.stringify([id, value, backwards ? 1 : 0])).toString('base64url');
  return payload + macOf(keys, query, payload).toString('base64url');
}

/** The place a cursor names; null where it was altered, or made for another query. */
export function readCursor(keys: Keyring, query: string[], cursor: string): CursorPlace | null {
  const macCharacters = Math.ceil((MAC_LENGTH * 4) / 3);
  const payload = cursor.slice(0, -macCharacters);
  const given = Buffer.from(cursor);
  const expected = Buffer.from(payload + macOf(keys, query, payload).toString('base64url'));
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  const [id, value, backwards] = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as [
    string | null,
    number | null,
    number,
  ];
  return { id, ...(value !== null && { value }), ...(backwards === 1 && { backwards: true }) };
}
