import { cleanHost, hostMatches, parseHost, parseOrigin } from './origins.ts';
import { createSpeller } from './percent.ts';
import type { Policy } from './policy.ts';

type PageRules = Policy['pages'];

/** A page's URL as pages are told apart: the "Pages" paragraph of the contract, part 1. */
export interface CanonicalUrl {
  /**
   * The canonical URL. http and https are one page, so it always says `https`; show `linkUrl` of it. Giving
   * it to `canonicalUrl` again changes nothing.
   */
  readonly identity: string;
  /** Lower-cased, punycoded; IPv6 in brackets; no port. */
  readonly host: string;
  /** Digits, or empty. 80 and 443 are both the default, since the scheme is not told apart. */
  readonly port: string;
  /** Begins with a slash; escaped. */
  readonly path: string;
  /** Sorted pairs with the question mark before them, or empty. */
  readonly query: string;
}

/** In characters, escapes counted as what they stand for: the contract's limit for a URL. */
export const MAX_URL_LENGTH = 2000;
/** In UTF-16 units: that many characters, each escaped as four bytes. What is longer is not looked at. */
const MAX_RAW_LENGTH = MAX_URL_LENGTH * 12 + 200;

/** Beside `utm_*`: what campaigns, click counters and WordPress add to a link without meaning another page. */
const DROPPED = new Set([
  'fbclid',
  'gclid',
  'dclid',
  'wbraid',
  'gbraid',
  'msclkid',
  'yclid',
  'ttclid',
  'twclid',
  'igshid',
  'mc_cid',
  'mc_eid',
  '_ga',
  '_gl',
  'srsltid',
  'replytocom',
  'unapproved',
  'moderation-hash',
  'cpage',
]);

/** `www.com` stays: what is left must be a host with a dot. */
const withoutWww = (host: string): string => host.replace(/^(?:www\.)+(?=[^.]+\.)/, '');

// RFC 3986 says what may stand unescaped; the apostrophe is escaped so that a URL may stand in any attribute.
const spellSegment = createSpeller('\\w.~!$&()*+,;=:@-', '/');
const spellName = createSpeller('\\w.~!$()*,;:@/?-', '/+');
const spellValue = createSpeller('\\w.~!$()*,;:@/?=-', '/+');

function canonicalPath(path: string): string {
  const segments = path.split('/').map(spellSegment);
  while (segments.length > 0) {
    const last = segments.at(-1) ?? '';
    if (last !== '' && !/^comment-page-\d+$/.test(last)) break;
    segments.pop();
  }
  return segments.length === 0 ? '/' : segments.join('/');
}

interface Pair {
  name: string;
  spelled: string;
}

/** `+` means a space in forms and `%2B` a plus: each keeps its spelling. */
function spellPair(pair: string): Pair {
  const around = (part: string, spell: (piece: string) => string): string =>
    part.split('+').map(spell).join('+');
  const equals = pair.indexOf('=');
  const name = around(equals < 0 ? pair : pair.slice(0, equals), spellName);
  if (equals < 0) return { name, spelled: name };
  return { name, spelled: `${name}=${around(pair.slice(equals + 1), spellValue)}` };
}

/** A site's list of parameters as it is looked at: whole names, and what stands before a `*`. */
interface NameList {
  names: ReadonlySet<string>;
  beginnings: readonly string[];
}

/** Each list is spelled once: an address may have a thousand parameters, and a list two hundred entries. */
const nameLists = new WeakMap<readonly string[], NameList>();

function nameListOf(list: readonly string[]): NameList {
  const known = nameLists.get(list);
  if (known) return known;
  const open = list.filter((entry) => entry.endsWith('*'));
  const whole = list.filter((entry) => !entry.endsWith('*'));
  const made = {
    names: new Set(whole.flatMap((entry) => [entry, spellPair(entry).name])),
    beginnings: open.map((entry) => spellPair(entry.slice(0, -1)).name),
  };
  nameLists.set(list, made);
  return made;
}

/** Whether a parameter is on a list; an entry may end with `*`. */
function isListed(name: string, list: readonly string[]): boolean {
  const { names, beginnings } = nameListOf(list);
  return names.has(name) || beginnings.some((beginning) => name.startsWith(beginning));
}

function isDropped(name: string, rules: PageRules): boolean {
  return name.startsWith('utm_') || DROPPED.has(name) || isListed(name, rules.dropParams);
}

function canonicalQuery(search: string, rules: PageRules): string {
  const pairs = search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '')
    .map(spellPair)
    .filter(({ name }) => (rules.ignoreQuery ? isListed(name, rules.keepParams) : !isDropped(name, rules)))
    .sort((a, b) => (a.spelled < b.spelled ? -1 : Number(a.spelled > b.spelled)));
  return pairs.length === 0 ? '' : `?${pairs.map(({ spelled }) => spelled).join('&')}`;
}

function parseWeb(input: string): URL | null {
  if (input.length > MAX_RAW_LENGTH || /\p{Surrogate}/u.test(input)) return null;
  const text = input.trim();
  // The URL parser forgives tabs, newlines and missing slashes, which a page's address never has.
  if (!/^https?:\/\/[^/\\]/i.test(text) || /\p{Cc}/u.test(text)) return null;
  try {
    return new URL(text);
  } catch {
    // Not a URL: null is the answer.
    return null;
  }
}

/** Addresses remembered of each site's rules, and how long one may be to be remembered, in UTF-16 units. */
const MOST_REMEMBERED = 2000;
const MOST_REMEMBERED_LENGTH = 500;
const remembered = new WeakMap<PageRules, Map<string, CanonicalUrl>>();

/**
 * The canonical form of a page's URL under the site's `policy.pages`, or null where the input is no http(s)
 * URL or longer than MAX_URL_LENGTH. Says nothing about whether the host is the site's: isHostOfSite.
 * Pages are asked for again and again in the same words, so the last answers are remembered.
 */
export function canonicalUrl(input: string, rules: PageRules): CanonicalUrl | null {
  let known = remembered.get(rules);
  const before = known?.get(input);
  if (before) return before;
  const canonical = makeCanonical(input, rules);
  if (canonical === null || input.length > MOST_REMEMBERED_LENGTH) return canonical;
  if (!known || known.size >= MOST_REMEMBERED) {
    known = new Map();
    remembered.set(rules, known);
  }
  known.set(input, canonical);
  return canonical;
}

function makeCanonical(input: string, rules: PageRules): CanonicalUrl | null {
  const url = parseWeb(input);
  const fullHost = url && cleanHost(url.hostname);
  if (!url || !fullHost) return null;
  const host = rules.ignoreWww ? withoutWww(fullHost) : fullHost;
  const port = url.port === '80' || url.port === '443' ? '' : url.port;
  const path = canonicalPath(url.pathname);
  const query = canonicalQuery(url.search, rules);
  const rest = `${host}${port && `:${port}`}${path}${query}`;
  const characters = rest.replace(/%[89AB][0-9A-F]/g, '').replace(/%[0-9A-F]{2}/g, '%').length;
  if (characters > MAX_URL_LENGTH) return null;
  return { identity: `https://${rest}`, host, port, path, query };
}

/** The entry of `policy.pages.hosts`: a host, or `*.` and a host, with a port where only that one is meant. */
function parseHostEntry(entry: string): { wildcard: boolean; host: string; port: string | null } | null {
  const wildcard = entry.startsWith('*.');
  const [, name = '', port = null] = /^(.*?)(?::(\d{1,5}))?$/s.exec(wildcard ? entry.slice(2) : entry) ?? [];
  const host = parseHost(name);
  return host === null ? null : { wildcard, host, port };
}

/** What was found of the last URLs, by the origins and rules it was asked for. */
const placed = new WeakMap<CanonicalUrl, { origins: readonly string[]; rules: PageRules; ofSite: boolean }>();

/**
 * Whether a page belongs to the site: its host is one of the site's origins (scheme and port aside, since
 * pages are known by neither scheme) or of `policy.pages.hosts`; always, where `anyHost` is set. With
 * `ignoreWww` the host counts with and without its `www.`.
 */
export function isHostOfSite(url: CanonicalUrl, origins: readonly string[], rules: PageRules): boolean {
  const known = placed.get(url);
  if (known?.origins === origins && known.rules === rules) return known.ofSite;
  const ofSite = findHost(url, origins, rules);
  placed.set(url, { origins, rules, ofSite });
  return ofSite;
}

function findHost(url: CanonicalUrl, origins: readonly string[], rules: PageRules): boolean {
  if (rules.anyHost) return true;
  const hosts = rules.ignoreWww ? [url.host, `www.${url.host}`] : [url.host];
  const matches = (meant: { wildcard: boolean; host: string } | null): boolean =>
    meant !== null && hosts.some((host) => hostMatches(host, meant));
  if (origins.some((origin) => matches(parseOrigin(origin)))) return true;
  return rules.hosts.some((entry) => {
    const meant = parseHostEntry(entry);
    return matches(meant) && (meant?.port ?? url.port) === url.port;
  });
}

/**
 * The form of a page's URL to link to: its identity with the scheme of the site's first origin (`https`
 * without one). Under `ignoreWww` the identity has lost its `www.`: it is given back where the site's origins
 * name the host in no other form.
 */
export function linkUrl(
  identity: string,
  origins: readonly string[],
  rules: Pick<PageRules, 'ignoreWww'> = { ignoreWww: false },
): string {
  const scheme = origins[0]?.startsWith('http://') ? 'http' : 'https';
  const rest = identity.replace(/^https?:\/\//, '');
  if (!rules.ignoreWww) return `${scheme}://${rest}`;
  const host = /^[^/:?]+/.exec(rest)?.[0] ?? '';
  const named = origins.map(parseOrigin);
  const onlyWww =
    named.some((origin) => origin?.host === `www.${host}` && !origin.wildcard) &&
    !named.some((origin) => origin !== null && hostMatches(host, origin));
  return `${scheme}://${onlyWww ? 'www.' : ''}${rest}`;
}
