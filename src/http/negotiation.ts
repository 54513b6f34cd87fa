/** Choosing by the Accept-* headers of RFC 9110, section 12. */

interface Preference {
  value: string;
  quality: number;
}

const QUALITY = /^q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/i;

/** The entries of an Accept-* header in lower case, best first; entries that break the grammar are left out. */
export function parsePreferences(header: string): Preference[] {
  const preferences: Preference[] = [];
  for (const part of header.split(',')) {
    const [value = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const [, quality] = weight === undefined ? [null, '1'] : (QUALITY.exec(weight) ?? []);
    if (value !== '' && quality !== undefined) preferences.push({ value, quality: Number(quality) });
  }
  return preferences.sort((a, b) => b.quality - a.quality);
}

export type Encoding = 'br' | 'gzip' | 'identity';

const MOST_REMEMBERED = 200;
const remembered = new Map<string, Encoding>();

function chooseEncoding(header: string): Encoding {
  const preferences = parsePreferences(header);
  const qualityOf = (name: string): number | undefined =>
    preferences.find(({ value }) => value === name)?.quality;
  const any = qualityOf('*') ?? 0;
  const br = qualityOf('br') ?? any;
  const gzip = qualityOf('gzip') ?? qualityOf('x-gzip') ?? any;
  const identity = qualityOf('identity') ?? 0;
  if (Math.max(br, gzip) <= 0 || identity > Math.max(br, gzip)) return 'identity';
  return br >= gzip ? 'br' : 'gzip';
}

/** The encoding to answer in. Where nothing offered is acceptable, plain bytes are better than no answer. */
export function negotiateEncoding(header: string | undefined): Encoding {
  if (header === undefined || header === '') return 'identity';
  const known = remembered.get(header);
  if (known !== undefined) return known;
  const chosen = chooseEncoding(header);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(header, chosen);
  return chosen;
}

/** Whether If-None-Match names this ETag, by weak comparison (RFC 9110, 13.1.2). */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag || ifNoneMatch.trim() === '*') return true;
  for (const [candidate] of ifNoneMatch.matchAll(/(?:W\/)?"[^"]*"/g)) {
    if (candidate === etag || candidate === `W/${etag}`) return true;
  }
  return false;
}
