import { createHash } from 'node:crypto';
import { encodeBytes, HOME_LENGTH } from '../ids.ts';

/**
 * The key of a page that the self-check makes anew, where nothing tells any more which it had: a check has no keys to
 * make one by. The reference leads to it as to any other.
 */
export const lostPageKey = (site: string, reference: string): string =>
  encodeBytes(createHash('sha256').update(`${site} ${reference}`).digest(), HOME_LENGTH);
