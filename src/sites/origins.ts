/** Origins of a site: `scheme://host[:port]`, where the host may begin with `*.` for every sub-domain. */

export interface Origin {
  scheme: 'http' | 'https';
  /** Whether the host stood behind `*.`: then every sub-domain of any depth is meant, not the host itself. */
  wildcard: boolean;
  /** Lower-cased, punycoded, without the `*.`; IPv6 in brackets. */
  host: string;
  /** Digits, or empty for the scheme's default. */
  port: string;
  /** The canonical spelling: what is stored, and what a browser sends. */
  text: string;
}

const SHAPE = /^(https?):\/\/(\*\.)?([^\s/\\?#@%*<>^|]+)$/i;
/** In UTF-16 units: a host name has at most 253 (RFC 1035), in Unicode fewer. */
const MAX_LENGTH = 300;

/**
 * The host of a parsed URL without the dots of a fully qualified name, or null where it holds what no host
 * name does: the URL standard lets quotes and the like pass, which nobody needs and templates trip over.
 */
export function cleanHost(hostname: string): string | null {
  const host = hostname.replace(/\.{1,3}$/, '');
  return host.length <= 253 && /^(?:[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])$/.test(host) ? host : null;
}

/** A bare host name or address in its canonical form, `[…]` for IPv6, or null where it is none. No port. */
export function parseHost(text: string): string | null {
  if (text.length > MAX_LENGTH || !/^(?:\[[0-9a-f:.]+\]|[^\s/\\?#@%*<>^|:[\]]+)$/i.test(text)) return null;
  if (/[\p{Cc}\p{Surrogate}]/u.test(text)) return null;
  try {
    return cleanHost(new URL(`http://${text}/`).hostname);
  } catch {
    // Not a host: null is the answer.
    return null;
  }
}

const isAddress = (host: string): boolean => host.startsWith('[') || /^[\d.]+$/.test(host);

/** The origin in a text, or null where it is none: a path, user info, another scheme, `*` elsewhere. */
export function parseOrigin(text: string): Origin | null {
  const match = text.length <= MAX_LENGTH ? SHAPE.exec(text) : null;
  if (!match) return null;
  const scheme = match[1]?.toLowerCase() === 'https' ? 'https' : 'http';
  const wildcard = match[2] !== undefined;
  const authority = match[3] ?? '';
  const colon = /:(\d{1,5})$/.exec(authority);
  const host = parseHost(colon ? authority.slice(0, colon.index) : authority);
  const number = colon ? Number(colon[1]) : null;
  if (host === null || number === 0 || (number !== null && number > 65_535)) return null;
  if (wildcard && isAddress(host)) return null;
  const isDefault = number === null || number === (scheme === 'https' ? 443 : 80);
  const port = isDefault ? '' : String(number);
  const written = `${scheme}://${wildcard ? '*.' : ''}${host}${port && `:${port}`}`;
  return { scheme, wildcard, host, port, text: written };
}

/** Whether a canonical host is the one meant, or one of its sub-domains where that is what is meant. */
export function hostMatches(host: string, meant: Pick<Origin, 'wildcard' | 'host'>): boolean {
  return meant.wildcard ? host.endsWith(`.${meant.host}`) : host === meant.host;
}

/**
 * Whether an `Origin` header's value is one of the site's origins. `null` and everything that a browser
 * would not send is none.
 */
export function originMatches(header: string, origins: readonly string[]): boolean {
  if (origins.includes(header)) return !header.includes('*');
  const sent = parseOrigin(header);
  if (!sent || sent.wildcard) return false;
  return origins.some((text) => {
    const origin = parseOrigin(text);
    return (
      origin !== null &&
      origin.scheme === sent.scheme &&
      origin.port === sent.port &&
      hostMatches(sent.host, origin)
    );
  });
}

/** This machine by its own name, and by the address that it listens on when nobody says otherwise. */
const LOCAL_NAMES = ['localhost', '127.0.0.1'];

/** Whether a parsed URL's host is this machine itself. */
export const isLoopback = (hostname: string): boolean =>
  LOCAL_NAMES.includes(hostname) || hostname === '[::1]';

/** An address under every name that people type for its host: two or more only where that is this machine. */
export function underLocalNames(address: string): string[] {
  const url = new URL(address);
  if (!isLoopback(url.hostname)) return [address];
  const names = url.hostname === '[::1]' ? ['[::1]', 'localhost'] : LOCAL_NAMES;
  return names.map((name) => {
    const twin = new URL(address);
    twin.hostname = name;
    return twin.href.replace(/\/$/, '');
  });
}
