/**
 * The value as stored: the "Characters" paragraph of the contract, part 1. Every text that comes in goes
 * through here once; limits are counted on what comes out. Rules and sources: docs/text.md.
 */

/**
 * Anything but what is stored as it stands: printable ASCII, newline, and letters, digits and signs of Latin,
 * Cyrillic and Arabic script that never compose with a neighbour (NFC_Quick_Check=Yes, ccc=0), and half-spaces
 * (ZWNJ) between Arabic letters. Most real comments hold nothing else, and one search decides that nothing
 * is to be done.
 */
const NOT_PLAIN =
  /[^\n\x20-\x7e\u00a1-\u00ac\u00ae-\u017f\u0400-\u0481\u048a-\u04ff\u060c\u061b\u061f-\u064a\u0660-\u066f\u0671-\u06d3\u06f0-\u06ff\u200c\u2010-\u2027\u2030-\u2056]|(?<![\u0620-\u064a\u0671-\u06d3])\u200c|\u200c(?![\u0620-\u064a\u0671-\u06d3])/;

const LONE_SURROGATE = /\p{Surrogate}/u;
/** C0, DEL and C1 but tab and newline. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what it looks for
const CONTROLS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]+/g;
/** UAX #9: embeddings, overrides and isolates. The marks LRM, RLM and ALM have no reach and stay. */
const BIDI_FORMATS = /[\u202a-\u202e\u2066-\u2069]/g;
const WHITE_SPACE = /\p{White_Space}/u;

/** A joiner that is not plainly a half-space between Arabic letters, and so wants a closer look. */
const IDLE_JOINER =
  /(?<![\u0620-\u064a\u0671-\u06d3])[\u200c\u200d]|[\u200c\u200d](?![\u0620-\u064a\u0671-\u06d3])/;
const LETTER_BEFORE = /\p{L}\p{M}*$/u;
const LETTER_AFTER = /^\p{M}*\p{L}/u;
const EMOJI_BEFORE = /\p{Extended_Pictographic}\ufe0f?\p{Emoji_Modifier}?$/u;
const EMOJI_AFTER = /^\p{Extended_Pictographic}/u;

/** How far a look at a joiner's neighbours goes, in UTF-16 units: more marks on one letter are no writing. */
const NEIGHBOURHOOD = 32;

/** Keeps a joiner where it joins: one between letters (marks count to their letter), ZWJ between emoji. */
function cleanJoiners(text: string): string {
  return text.replace(/[\u200c\u200d]+/g, (run: string, at: number) => {
    const before = text.slice(Math.max(0, at - NEIGHBOURHOOD), at);
    const after = text.slice(at + run.length, at + run.length + NEIGHBOURHOOD);
    if (LETTER_BEFORE.test(before) && LETTER_AFTER.test(after)) return run.charAt(0);
    const joinsEmoji = run.includes('\u200d') && EMOJI_BEFORE.test(before) && EMOJI_AFTER.test(after);
    return joinsEmoji ? '\u200d' : '';
  });
}

/** By hand, because trim() takes U+FEFF too, and a pattern with `+$` takes quadratic time on hostile spaces. */
function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.test(text.charAt(start))) start++;
  while (end > start && WHITE_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** The long way. The order matters: what is taken out may bring letters together that compose, or bare a space. */
function clean(text: string): string {
  const unix = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  const value = unix.replace(CONTROLS, '').replace(BIDI_FORMATS, '').normalize('NFC');
  return trimWhiteSpace(IDLE_JOINER.test(value) ? cleanJoiners(value).normalize('NFC') : value);
}

/**
 * A text of many lines (a body) as stored, or null where it holds a lone surrogate, which no encoding of
 * UTF-8 can carry. Idempotent.
 */
export function normalizeText(value: string): string | null {
  // On plain texts trim() and the White_Space property agree: U+FEFF, where they differ, is not plain.
  if (!NOT_PLAIN.test(value)) return value.trim();
  if (LONE_SURROGATE.test(value)) return null;
  return clean(value);
}

/** A text of one line (a name, a title, a URL) as stored: newlines and tabs become spaces. Null as above. */
export function normalizeLine(value: string): string | null {
  const text = normalizeText(value);
  return text === null || !/[\n\t]/.test(text) ? text : text.replace(/[\n\t]/g, ' ');
}

/** Anything that leaves ink. U+2800 is a blank that no property names; U+3164 is Default_Ignorable already. */
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800\u3164]/u;

/** Whether nothing visible remains, which makes a field missing. The text `0` is not blank. */
export function isBlank(value: string): boolean {
  return !VISIBLE.test(value);
}

/** Length in characters, that is in code points: what every limit of the contract counts. */
export function countCharacters(value: string): number {
  let count = value.length;
  for (let i = 1; i < value.length; i++) {
    if ((value.charCodeAt(i) & 0xfc00) !== 0xdc00) continue;
    if ((value.charCodeAt(i - 1) & 0xfc00) === 0xd800) count--;
  }
  return count;
}
