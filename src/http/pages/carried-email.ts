import type { EmailAddress } from '../../authors/email.ts';
import { parseEmail, revealEmail } from '../../authors/email.ts';
import type { Keyring } from '../../keys.ts';
import { maskOwnAddress } from '../../text/mask.ts';

/** How long a page with an error keeps a typed address, in milliseconds. */
const EMAIL_KEPT_FOR = 60 * 60 * 1000;

const contextOf = (site: string): string => `form-email/${site}`;

export interface Carrier {
  keys: Keyring;
  /** The site's id: an address sealed for one site opens on no other. */
  site: string;
  /** Milliseconds since 1970. */
  now: number;
}

/** An address for the way to the reader's browser and back: sealed, for one site, for an hour. */
export function sealForForm(carrier: Carrier, email: EmailAddress): string {
  const content = JSON.stringify([revealEmail(email), carrier.now + EMAIL_KEPT_FOR]);
  return carrier.keys.seal(content, contextOf(carrier.site));
}

/** The address that comes back; null where the seal is not ours, of another site, or too old. */
export function openFromForm(carrier: Carrier, sealed: string): EmailAddress | null {
  const content = sealed === '' ? null : carrier.keys.open(sealed, contextOf(carrier.site));
  if (content === null) return null;
  // What opens is what sealForForm wrote: the seal is authenticated.
  const [address, until] = JSON.parse(content) as [string, number];
  return carrier.now < until ? parseEmail(address) : null;
}

/**
 * Ways in which an at sign or a dot of an address is written. A form may be all white space: a run of it is looked
 * at from its beginning alone, so that a long one takes no quadratic time. So is a run of letters by ADDRESS.
 */
function unveiled(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/%40|&#0*64;|&#x0*40;|&commat;|(?:(?<!\s)\s+)?[([{]\s*at\s*[)\]}]\s*/gi, '@')
    .replace(/%2e|&#0*46;|&period;|[。｡]|(?:(?<!\s)\s+)?[([{]\s*dot\s*[)\]}]\s*/gi, '.')
    .replace(/[\p{Cf}]/gu, '');
}

const ADDRESS =
  /(?<![^\s@/:;,<>()[\]"'&?=])[^\s@/:;,<>()[\]"'&?=]+@[^\s@/:;,<>()[\]"'&?=]+\.[^\s@/:;,<>()[\]"'&?=.]+/gu;

/** Units of the field of an address that are looked at, and addresses in it: each is looked for in all that was typed. */
const MOST_TYPED = 1000;
const MOST_OWN = 5;

/** The first e-mail addresses in what was typed in the place of one. */
function addressesIn(typed: string): EmailAddress[] {
  const found = new Map<string, EmailAddress>();
  for (const [candidate] of unveiled(typed.slice(0, MOST_TYPED)).matchAll(ADDRESS)) {
    const email = parseEmail(candidate);
    if (email) found.set(candidate, email);
    if (found.size === MOST_OWN) break;
  }
  return [...found.values()];
}

/** Whether showing the text would show an e-mail address. */
export function holdsAddress(text: string): boolean {
  return unveiled(text).search(ADDRESS) !== -1;
}

/** The reader's own addresses: the one that counts, and those in what they typed in its place. */
export function ownAddresses(email: EmailAddress | null, typed: string): EmailAddress[] {
  return email ? [email, ...addressesIn(typed)] : addressesIn(typed);
}

/** A text with every one of the addresses masked, as it will be stored. */
export function withoutAddresses(text: string, own: EmailAddress[]): string {
  return own.reduce((rest, email) => maskOwnAddress(rest, email).text, text);
}

/** A page's address without the parts of its query that hold one of the reader's own addresses. */
export function urlWithoutAddresses(url: string, own: EmailAddress[]): string {
  const isShown = (text: string): boolean => own.some((email) => maskOwnAddress(text, email).found);
  if (!isShown(url)) return url;
  const [, path = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/.exec(url) ?? [];
  if (isShown(path)) return '';
  const kept = query.split('&').filter((pair) => !isShown(pair));
  return kept.length > 0 && kept[0] !== '' ? `${path}?${kept.join('&')}` : path;
}
