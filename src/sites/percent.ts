/** Percent escapes of a URL in one spelling (RFC 3986, 6.2.2). */

/** While a part is decoded, a byte that stays escaped is the lone surrogate U+DC00 + byte: NFC leaves it alone. */
const STAY = 0xdc00;

/** How many bytes a character takes that begins with this one; 0 where none can. */
function utf8Length(lead: number): number {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  return lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A run of bytes as text, byte by byte where it is not all UTF-8; the ASCII of `keep` as stand-ins. */
function decodeBytes(bytes: Uint8Array, keep: string): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const length = utf8Length(lead);
    const character = length > 0 ? tryUtf8(bytes.subarray(at, at + length)) : null;
    const stays = character === null || keep.includes(character);
    text += stays ? String.fromCharCode(STAY + lead) : character;
    at += stays ? 1 : length;
  }
  return text;
}

function tryUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // Not UTF-8: the caller keeps the escape.
    return null;
  }
}

function decodeRun(run: string, keep: string): string {
  const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
  const text = tryUtf8(bytes);
  const hasKept = text === null || Array.from(keep).some((character) => text.includes(character));
  return hasKept ? decodeBytes(bytes, keep) : text;
}

function escapeBytes(bytes: Iterable<number>): string {
  let text = '';
  for (const byte of bytes) text += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  return text;
}

function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0);
  const isStandIn = character.length === 1 && code >= STAY && code <= STAY + 0xff;
  return escapeBytes(isStandIn ? [code - STAY] : Buffer.from(character));
}

/**
 * The speller of one part of a URL (a segment, a name, a value). What it returns has its escapes decoded as
 * UTF-8, is in NFC, and has everything but the characters of `plain` (the inside of a character class)
 * escaped in upper-case hex. A byte that is not UTF-8 keeps its escape, and so do the ASCII characters of
 * `keep`, for which the escaped and the plain form mean different things. Idempotent.
 */
export function createSpeller(plain: string, keep: string): (part: string) => string {
  const notPlain = new RegExp(`[^${plain}]`);
  const everyNotPlain = new RegExp(`[^${plain}]`, 'gu');
  return (part) => {
    if (!notPlain.test(part)) return part;
    return part
      .replace(/(?:%[0-9a-f]{2})+/gi, (run) => decodeRun(run, keep))
      .normalize('NFC')
      .replace(everyNotPlain, escapeCharacter);
  };
}
