import type { Answer } from '../service.ts';

/** Ids, tokens and cursors of one side and what stands in their place on the other: one for one, throughout. */
export interface Pairing {
  /** Where the two differ in more than names of their own, as lines; members that tell durations are passed over. */
  differences(one: unknown, other: unknown): string[];
  /** The same of whole answers: status, the headers that matter, and the body. */
  ofAnswers(one: Answer, other: Answer): string[];
}

/** Everything that a side may have drawn at random, whatever it is for. */
const OPAQUE = /whsec_[\w+/=]+|[\w-]{15,}/g;
/** A token's last four letters stand in the audit and in lists. */
const HINT = /…[\w-]{4}\)/g;
const OF_THIS_RUN = new Set([
  'ms',
  'p95Ms',
  'hint',
  'lastUsedAt',
  'lastSeenAt',
  'lastAnswerAt',
  'lastFailureAt',
]);
const HEADERS = [
  ...['content-type', 'content-language', 'location', 'cache-control', 'vary', 'retry-after', 'allow'],
  ...[
    'www-authenticate',
    'access-control-allow-origin',
    'idempotent-replayed',
    'ratelimit-policy',
    'expires',
  ],
];
const MOST_LINES = 8;

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 300) ?? 'undefined';

export function createPairing(outsides: readonly [string, string]): Pairing {
  const hosts = outsides.map((outside) => new URL(outside).host);
  const there = new Map<string, string>();
  const back = new Map<string, string>();

  function isPair(one: string, other: string): boolean {
    if (!there.has(one) && !back.has(other)) {
      there.set(one, other);
      back.set(other, one);
    }
    return there.get(one) === other && back.get(other) === one;
  }

  function isSame(one: string, other: string): boolean {
    if (one === other) return true;
    const [a, b] = [one, other].map((text, i) => text.replaceAll(hosts[i] ?? '', '').replace(HINT, ''));
    const [names = [], others = []] = [a, b].map((text) => text?.match(OPAQUE) ?? []);
    if (a?.replace(OPAQUE, '') !== b?.replace(OPAQUE, '') || names.length !== others.length) return false;
    return names.every((name, i) => name === others[i] || isPair(name, others[i] ?? ''));
  }

  function collect(one: unknown, other: unknown, at: string, found: string[]): void {
    if (Object.is(one, other) || found.length >= MOST_LINES) return;
    const tell = (): void => void found.push(`${at}: ${shown(one)} and ${shown(other)}`);
    if (typeof one === 'string' && typeof other === 'string') {
      if (!isSame(one, other)) tell();
    } else if (Array.isArray(one) && Array.isArray(other)) {
      if (one.length !== other.length) tell();
      else for (const [i, item] of one.entries()) collect(item, other[i], `${at}/${i}`, found);
    } else if (isObject(one) && isObject(other)) {
      const names = Object.keys(one).sort();
      if (names.join() !== Object.keys(other).sort().join()) tell();
      // A try's moment is the clock's when it was made, which goes on meanwhile.
      const passed = 'httpStatus' in one ? ['at'] : [];
      for (const name of names)
        if (!OF_THIS_RUN.has(name) && !passed.includes(name) && !areTries(name, one[name], other[name]))
          collect(one[name], other[name], `${at}/${name}`, found);
    } else tell();
  }

  function differences(one: unknown, other: unknown): string[] {
    const found: string[] = [];
    collect(one, other, '', found);
    return found;
  }

  return {
    differences,
    ofAnswers(one, other) {
      if (one.status !== other.status)
        return [`${one.status} ${shown(one.text)} and ${other.status} ${shown(other.text)}`];
      const headersOf = ({ headers }: Answer) =>
        Object.fromEntries(HEADERS.map((name) => [name, headers[name] ?? null]));
      const bodyOf = ({ json, text }: Answer) => json ?? text;
      const found = differences(headersOf(one), headersOf(other));
      return [...found, ...differences(bodyOf(one), bodyOf(other))];
    },
  };
}

/** The moments of a receiver's last tries, where there was one on both sides. */
const areTries = (name: string, one: unknown, other: unknown): boolean =>
  ['lastDeliveredAt', 'lastFailedAt'].includes(name) && one !== null && other !== null;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
