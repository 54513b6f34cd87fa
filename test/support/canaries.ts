import { createHash } from 'node:crypto';
import { domainToASCII, domainToUnicode } from 'node:url';

/**
 * Looks for secrets in bytes. A secret here is an e-mail address or an IP address; it is looked for plain,
 * in the escapes that text, URLs, JSON and HTML know, and as every unkeyed hash that someone who guesses
 * the address could compute and compare.
 */
export interface Needle {
  /** What was found, for the test's message. */
  label: string;
  /** Latin-1 view of the bytes to look for. */
  bytes: string;
  /** Whether upper and lower case count as one. */
  folded: boolean;
}

/** Bytes that came out somewhere. */
export interface Outlet {
  from: string;
  bytes: Buffer;
}

const HASHES = ['md5', 'sha1', 'sha256', 'sha512'];

const latin1 = (text: string | Buffer): string => Buffer.from(text as string).toString('latin1');

/** The spellings that people and libraries normalise an address to before they hash or store it. */
export function spellingsOf(address: string): string[] {
  const at = address.lastIndexOf('@');
  const local = address.slice(0, at);
  const domain = address.slice(at + 1);
  const forms = new Set<string>();
  for (const name of [local, local.toLowerCase(), local.toUpperCase(), local.split('+')[0] ?? local]) {
    const domains = [
      domain,
      domain.toLowerCase(),
      domain.toUpperCase(),
      domainToASCII(domain),
      domainToUnicode(domain),
    ];
    for (const host of domains) {
      for (const form of ['NFC', 'NFD'] as const) forms.add(`${name}@${host}`.normalize(form));
      forms.add(`${name.toLowerCase()}@${host.toLowerCase()}`);
    }
  }
  return [...forms];
}

const eachByte = (text: string, show: (byte: number) => string): string =>
  [...Buffer.from(text)].map(show).join('');
const eachUnit = (text: string, show: (unit: number) => string): string =>
  Array.from({ length: text.length }, (_, at) => show(text.charCodeAt(at))).join('');
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

/** The text in the escapes that outputs use; all are looked for without regard to case. */
function escapesOf(text: string): [string, string][] {
  const at = (sign: string): string => text.replace('@', sign);
  return [
    ['plain', text],
    ['percent-encoded', encodeURIComponent(text)],
    ['percent-encoded throughout', eachByte(text, (byte) => `%${hex(byte, 2)}`)],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(text))],
    ['hex', Buffer.from(text).toString('hex')],
    ['UTF-16', Buffer.from(text, 'utf16le').toString('latin1')],
    [
      'JSON escapes',
      eachUnit(text, (unit) => (unit < 128 ? String.fromCharCode(unit) : `\\u${hex(unit, 4)}`)),
    ],
    ['JSON escapes throughout', eachUnit(text, (unit) => `\\u${hex(unit, 4)}`)],
    [
      'quoted-printable',
      eachByte(text, (byte) => (byte < 128 ? String.fromCharCode(byte) : `=${hex(byte, 2)}`)),
    ],
    ['@ as reference', at('&#64;')],
    ['@ as hex reference', at('&#x40;')],
    ['@ as named reference', at('&commat;')],
    ['@ in JSON escape', at('\\u0040')],
    ['references throughout', eachUnit(text, (unit) => `&#${unit};`)],
    ['hex references throughout', eachUnit(text, (unit) => `&#x${hex(unit, 2)};`)],
    ['@ as bracketed word', at(' (at) ')],
  ];
}

/** Base64 of the text wherever it may begin within a longer one: the characters that its neighbours don't touch. */
function base64Of(text: string): string[] {
  return [0, 1, 2].map((offset) => {
    const coded = Buffer.concat([Buffer.alloc(offset), Buffer.from(text)]).toString('base64');
    const skipped = Math.ceil((offset * 8) / 6);
    const touched = ((offset + Buffer.byteLength(text)) % 3) * 8;
    return coded.replace(/=+$/, '').slice(skipped, touched === 0 ? undefined : -1);
  });
}

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_');

function hashesOf(text: string): Needle[] {
  return HASHES.flatMap((name) => {
    const digest = createHash(name).update(text).digest();
    const base64 = digest.toString('base64').replace(/=+$/, '');
    return [
      { label: `${name} in hex`, bytes: digest.toString('hex'), folded: true },
      { label: `${name} in base64`, bytes: base64, folded: false },
      { label: `${name} in base64url`, bytes: urlSafe(base64), folded: false },
      { label: `${name} as bytes`, bytes: digest.toString('latin1'), folded: false },
    ];
  });
}

/** All that must not come out of one secret spelled as given. */
export function needlesOf(secret: string): Needle[] {
  const escaped = escapesOf(secret).map(([kind, text]) => ({
    label: kind,
    bytes: latin1(text),
    folded: true,
  }));
  const coded = base64Of(secret).flatMap((text) => [
    { label: 'base64', bytes: text, folded: false },
    { label: 'base64url', bytes: urlSafe(text), folded: false },
  ]);
  return [...escaped, ...coded, ...hashesOf(secret)].map((needle) => ({
    ...needle,
    label: `${secret} (${needle.label})`,
    bytes: needle.folded ? foldAscii(Buffer.from(needle.bytes, 'latin1')).toString('latin1') : needle.bytes,
  }));
}

/** Of needles that look for the same bytes the first. */
export function distinct(needles: Needle[]): Needle[] {
  const byBytes = new Map<string, Needle>();
  for (const needle of needles) {
    const name = `${needle.folded}/${needle.bytes}`;
    if (!byBytes.has(name)) byBytes.set(name, needle);
  }
  return [...byBytes.values()];
}

/** ASCII letters small; other bytes as they are. */
function foldAscii(bytes: Buffer): Buffer {
  const folded = Buffer.from(bytes);
  for (let at = 0; at < folded.length; at++) {
    const byte = folded[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) folded[at] = byte + 0x20;
  }
  return folded;
}

const START = 4;
const BUCKETS = 2 ** 22;
/** Taken out of the global once: looking it up there for each of millions of bytes is what would take the time. */
const { imul } = Math;
const bucketOf = (start: number): number => imul(start, 0x9e3779b1) >>> 10;

/** Finds thousands of needles in one pass: most places are left after a look at their first four bytes. */
class Searcher {
  private readonly buckets = new Uint8Array(BUCKETS);
  private readonly byStart = new Map<number, { needle: Needle; bytes: Buffer }[]>();

  constructor(needles: Needle[]) {
    for (const needle of needles) {
      const bytes = Buffer.from(needle.bytes, 'latin1');
      if (bytes.length < START) throw new Error(`${needle.label} is too short to be looked for`);
      const start = bytes.readUInt32BE(0);
      this.buckets[bucketOf(start)] = 1;
      const same = this.byStart.get(start);
      if (same) same.push({ needle, bytes });
      else this.byStart.set(start, [{ needle, bytes }]);
    }
  }

  /** The needles that are in the bytes, each with the first place where it is. */
  search(bytes: Buffer): Map<Needle, number> {
    const found = new Map<Needle, number>();
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      start = (start << 8) | (bytes[at] ?? 0);
      if (at < START - 1 || this.buckets[bucketOf(start)] === 0) continue;
      const from = at - START + 1;
      for (const candidate of this.byStart.get(start >>> 0) ?? []) {
        const end = from + candidate.bytes.length;
        if (
          end <= bytes.length &&
          bytes.compare(candidate.bytes, 0, candidate.bytes.length, from, end) === 0
        ) {
          if (!found.has(candidate.needle)) found.set(candidate.needle, from);
        }
      }
    }
    return found;
  }
}

/** What was found, as one line each: the secret's form, and where it came out with what stands around it. */
export function findNeedles(outlets: Outlet[], needles: Needle[]): string[] {
  const folding = new Searcher(needles.filter(({ folded }) => folded));
  const exact = new Searcher(needles.filter(({ folded }) => !folded));
  return outlets.flatMap(({ from, bytes }) => {
    const found = [...folding.search(foldAscii(bytes)), ...exact.search(bytes)];
    return found.map(([{ label, bytes: text }, at]) => {
      const around = bytes.toString('latin1', Math.max(0, at - 60), at + text.length + 20);
      return `${label} came out in ${from}: …${JSON.stringify(around)}…`;
    });
  });
}
