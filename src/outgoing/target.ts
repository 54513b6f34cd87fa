import { addressIn, isLocalName, isPublicAddress } from './addresses.ts';
import type { AddressProblem } from './outgoing.ts';

/** Longer ones are nobody's webhook; browsers and proxies stop there, too. */
const LONGEST_URL = 2000;

/** Where a call goes, as far as its URL says. */
export interface Target {
  url: URL;
  /** The address where the URL names one; null: a name that is to be looked up. */
  address: string | null;
}

/**
 * Reads the URL as browsers do (WHATWG), which undoes the spellings of IPv4: decimal, octal, hexadecimal, short,
 * full-width, ringed. Where private addresses are admitted any http or https URL is well.
 */
export function targetOf(text: string, allowPrivate: boolean): Target | AddressProblem {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return 'invalid-url';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'invalid-url';
  // A user in a URL is there to be mistaken for the host, and stands in every log that it passes.
  if (url.username !== '' || url.password !== '') return 'invalid-url';
  const address = addressIn(url.hostname);
  if (allowPrivate) return { url, address };
  const isPublic = address === null ? !isLocalName(url.hostname) : isPublicAddress(address);
  return isPublic && url.protocol === 'https:' ? { url, address } : 'private-address';
}
