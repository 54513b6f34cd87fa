import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../keys.ts';

/** Characters of the mark that tells the numbers of this installation's log from those of others. */
const MARK_LENGTH = 12;

const markOf = (keys: Keyring, digits: string): string =>
  keys.mac('event', digits).toString('base64url').slice(0, MARK_LENGTH);

/** What stands behind `id:` in the stream, and comes back as `Last-Event-ID`: opaque to clients. */
export function writeEventId(keys: Keyring, number: number): string {
  const digits = number.toString(36);
  return `${digits}.${markOf(keys, digits)}`;
}

/** The number of an id; null where it is malformed, or another installation's. */
export function readEventId(keys: Keyring, id: string): number | null {
  const digits = /^(0|[1-9a-z][0-9a-z]{0,9})\.[\w-]{12}$/.exec(id)?.[1];
  if (digits === undefined) return null;
  const isOurs = timingSafeEqual(Buffer.from(id), Buffer.from(`${digits}.${markOf(keys, digits)}`));
  return isOurs ? Number.parseInt(digits, 36) : null;
}
