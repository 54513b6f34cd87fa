import isEmail from 'validator/lib/isEmail.js';
import { encodeBytes } from '../ids.ts';
import type { Keyring } from '../keys.ts';
import { normalizeLine } from '../text/normalize.ts';

// The class hands these two doors to this module and keeps them from everyone else.
let create: (address: string) => EmailAddress;
let reveal: (email: EmailAddress) => string;

/**
 * A commenter's e-mail address. It prints as nothing wherever it is printed, joined, inspected, cloned or
 * made JSON of, so that no code path shows one by accident; what needs the letters calls `revealEmail`.
 */
export class EmailAddress {
  readonly #address: string;

  static {
    create = (address) => new EmailAddress(address);
    reveal = (email) => email.#address;
  }

  private constructor(address: string) {
    this.#address = address;
  }

  toString(): string {
    return '';
  }

  toJSON(): undefined {
    return undefined;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '';
  }
}

/** In characters; RFC 5321, 4.5.3.1.3 leaves 254 for an address between its angle brackets. */
const MAX_LENGTH = 254;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{White_Space}\p{Cc}]/u;
/** Invisible marks come along when an address is copied out of a right-to-left page. */
const OUTER_INVISIBLE = /^\p{Default_Ignorable_Code_Point}+|\p{Default_Ignorable_Code_Point}+$/gu;

/** A name in lower case that UTS #46 leaves as it is: no label of it is encoded, and it is no IP address. */
const PLAIN_DOMAIN = /^(?:(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
/** What every mail system takes, so that the long check need not be asked; most addresses are such. */
const PLAIN_LOCAL = /^[a-z0-9]+(?:[._+-][a-z0-9]+)*$/i;
const MAX_PLAIN_LOCAL = 64;
const MAX_DOMAIN = 253;

/** The domain in its ASCII form (UTS #46), null where there is none. */
function asciiDomain(domain: string): string | null {
  if (domain.length <= MAX_DOMAIN && PLAIN_DOMAIN.test(domain)) return domain;
  if (/[^\p{L}\p{M}\p{N}.\u3002\u200c-\u200d-]/u.test(domain)) return null;
  try {
    return new URL(`http://${domain}/`).hostname;
  } catch {
    // Not a host name: the answer is null, not a fault.
    return null;
  }
}

/**
 * The address in a text, or null where the text is none. It accepts what mail systems deliver: local parts
 * in any script (RFC 6531), tags (`a+b@`), international domains in either form; a domain needs a dot and
 * is no IP address; no display name, no comments, no quotes (`"a"@` is another spelling of `a@`, and would be
 * another author), no white space or invisible character inside.
 */
export function parseEmail(text: string): EmailAddress | null {
  // Nothing that long is an address, and the patterns below are kept from hostile lengths.
  if (text.length > 4 * MAX_LENGTH) return null;
  const address = normalizeLine(text)?.replace(OUTER_INVISIBLE, '').trim();
  if (!address || INVISIBLE.test(address)) return null;
  const at = address.lastIndexOf('@');
  if (at < 1 || address.startsWith('"') || [...address].length > MAX_LENGTH) return null;
  const domain = asciiDomain(address.slice(at + 1));
  if (domain === null) return null;
  const local = address.slice(0, at);
  const plain = local.length <= MAX_PLAIN_LOCAL && PLAIN_LOCAL.test(local) && PLAIN_DOMAIN.test(domain);
  if (plain) return create(address);
  // The ASCII form is what is checked: validator judges a Unicode label by a range of code points only.
  const valid = isEmail(`${local}@${domain}`, {
    allow_utf8_local_part: true,
    allow_ip_domain: false,
    require_tld: true,
  });
  return valid ? create(address) : null;
}

/** The letters of an address, as its owner wrote them. Whoever calls this answers for where they go. */
export function revealEmail(email: EmailAddress): string {
  return reveal(email);
}

/** The one spelling that a pseudonym is made from: NFC, lower-cased, domain in its ASCII form. */
export function normalizeAddress(email: EmailAddress): string {
  const address = reveal(email);
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at).normalize('NFC').toLowerCase().normalize('NFC');
  return `${local}@${asciiDomain(address.slice(at + 1)) ?? address.slice(at + 1).toLowerCase()}`;
}

const sealContext = (site: string): string => `email:${site}`;

/** The address sealed for storing (AES-256-GCM, base64url); opens only for the same site. */
export function sealEmail(email: EmailAddress, keys: Keyring, site: string): string {
  return keys.seal(reveal(email), sealContext(site));
}

/** The address, or null where the seal was altered or belongs to another site or key. */
export function openEmail(sealed: string, keys: Keyring, site: string): EmailAddress | null {
  const address = keys.open(sealed, sealContext(site));
  return address === null ? null : create(address);
}

const EXPORT_CONTEXT = 'email';

/** The address sealed for a file that leaves: this installation alone can open it, for whichever site. */
export function sealEmailForExport(email: EmailAddress, keys: Keyring): string {
  return keys.sealForExport(reveal(email), EXPORT_CONTEXT);
}

/** The address, or null where the seal was altered or is another installation's. */
export function openEmailFromExport(sealed: string, keys: Keyring): EmailAddress | null {
  const address = keys.openFromExport(sealed, EXPORT_CONTEXT);
  return address === null ? null : parseEmail(address);
}

/** 26 characters of 5 bits each: 130 bits, so two authors never share a key by chance. */
const AUTHOR_KEY_LENGTH = 26;

/** The author's pseudonym on one site: keyed, so that nobody can compute it from an address. */
export function authorKey(email: EmailAddress, keys: Keyring, site: string): string {
  return encodeBytes(keys.mac('author', site, normalizeAddress(email)), AUTHOR_KEY_LENGTH);
}
