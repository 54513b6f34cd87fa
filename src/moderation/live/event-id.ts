import { timingSafeEqual } from 'node:crypto';
import type { Keyring } from '../../keys.ts';

/** What stands behind `id:` in the stream, and comes back as `Last-Event-ID`: opaque to clients. */
export interface EventIds {
  write(number: number): string;
  /** The number of an id; null where it is malformed, another installation's, or from before a restore. */
  read(id: string): number | null;
}

/** Characters of the mark that tells the numbers of this log from those of others. */
const MARK_LENGTH = 12;

/** `epoch` is the log's own: numbers that it gave out under another one stood for other events. */
export function createEventIds(keys: Keyring, epoch: string): EventIds {
  const ofEpoch = epoch === '' ? [] : [epoch];
  const write = (digits: string): string =>
    `${digits}.${keys
      .mac('event', digits, ...ofEpoch)
      .toString('base64url')
      .slice(0, MARK_LENGTH)}`;
  return {
    write: (number) => write(number.toString(36)),
    read(id) {
      const digits = /^(0|[1-9a-z][0-9a-z]{0,9})\.[\w-]{12}$/.exec(id)?.[1];
      if (digits === undefined) return null;
      const isOurs = timingSafeEqual(Buffer.from(id), Buffer.from(write(digits)));
      return isOurs ? Number.parseInt(digits, 36) : null;
    },
  };
}
