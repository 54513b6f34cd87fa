import { domainToUnicode } from 'node:url';
import { type EmailAddress, normalizeAddress, revealEmail } from '../authors/email.ts';

/** What moderators see of an address: its first character, three dots, its domain (`j...@example.com`). */
export function maskAddress(email: EmailAddress): string {
  const address = revealEmail(email);
  const first = String.fromCodePoint(address.codePointAt(0) ?? 0);
  return `${first}...${address.slice(address.lastIndexOf('@'))}`;
}

/** Without one of these no spelling of an address is possible, and nothing is looked at closer. */
const AT_SIGN =
  /[@\uff20\ufe6b]|%(?:25)*(?:40|ef%(?:25)*(?:bc%(?:25)*a0|b9%(?:25)*ab))|&(?:amp;)*(?:#|commat)|[([{<]\s{0,3}(?:at|ات)\s{0,3}[)\]}>]/i;
/** The word by itself stands in every other text: it counts only where the address's host is named as well. */
const AT_WORD = /\s(?:at|ات)\s/i;

const ESCAPE = '%(?:25)*';
const NEXT_BYTE = `${ESCAPE}[89ABab][0-9A-Fa-f]`;
/** Spellings that stand for one character. Alternatives, in order: */
const SPELLED = new RegExp(
  [
    // a percent-escaped character, two to four bytes of UTF-8 or one; the percent sign may be escaped again, and
    // alone it is the one of one byte, which therefore comes last
    `${ESCAPE}[CDcd][0-9A-Fa-f]${NEXT_BYTE}`,
    `${ESCAPE}[Ee][0-9A-Fa-f](?:${NEXT_BYTE}){2}`,
    `${ESCAPE}[Ff][0-7](?:${NEXT_BYTE}){3}`,
    `${ESCAPE}[0-7][0-9A-Fa-f]`,
    // an HTML character reference; the ampersand may be escaped again
    '&(?:amp;)*(?:#[Xx]0*[0-9A-Fa-f]{1,6}|#0*[0-9]{1,7}|commat|period|lowbar|plus|hyphen|dash);?',
    // at and dot between brackets
    '[([{<]\\s{0,3}(?:[Aa][Tt]|[Dd][Oo][Tt]|ات|دات|نقطه|@|\\.)\\s{0,3}[)\\]}>]',
    // and between spaces, which are no part of it: what stands before and behind is another word
    '(?<=\\s)(?:[Aa][Tt]|[Dd][Oo][Tt]|ات|دات|نقطه)(?=\\s)',
  ].join('|'),
  'g',
);
const NAMED: Record<string, string> = {
  commat: '@',
  period: '.',
  lowbar: '_',
  plus: '+',
  hyphen: '-',
  dash: '-',
};
const SKIPPED = /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}]$/u;

/** The text as letters alone, and where each UTF-16 unit of them stood in the text as written. */
interface Folded {
  letters: string;
  starts: number[];
  ends: number[];
}

function decodeReference(piece: string): string {
  const body = piece.replace(/^&(?:amp;)*|;$/gi, '').toLowerCase();
  if (!body.startsWith('#')) return NAMED[body] ?? piece;
  const code = body.startsWith('#x')
    ? Number.parseInt(body.slice(2), 16)
    : Number.parseInt(body.slice(1), 10);
  return code > 0x10ffff ? piece : String.fromCodePoint(code);
}

/** What a piece stands for. */
function decodePiece(piece: string): string {
  if (piece.startsWith('%')) {
    return Buffer.from(piece.replace(/%(?:25)*(?=[0-9a-f]{2})/gi, ''), 'hex').toString('utf8');
  }
  if (piece.startsWith('&')) return decodeReference(piece);
  return /^\P{L}*(?:at|ات|@)/iu.test(piece) ? '@' : '.';
}

/** What emphasis and code leave no ink of, and the backslash that escapes elsewhere: `jane@*example*.com`. */
const MARKUP = '*`\\';

/** A character as letters are compared here: no case, no width, nothing invisible, no white space, no markup. */
function foldCharacter(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x80) {
    return code > 0x20 && code < 0x7f && !MARKUP.includes(character) ? character.toLowerCase() : '';
  }
  if (SKIPPED.test(character)) return '';
  if (character === '\u3002') return '.';
  return character.normalize('NFKD').toLowerCase().normalize('NFKD');
}

const foldCharacters = (text: string): string => Array.from(text, foldCharacter).join('');

function foldPieces(text: string): Folded {
  const folded: Folded = { letters: '', starts: [], ends: [] };
  const add = (letters: string, start: number, end: number): void => {
    folded.letters += letters;
    for (let i = 0; i < letters.length; i++) {
      folded.starts.push(start);
      folded.ends.push(end);
    }
  };
  const addPlain = (start: number, end: number): void => {
    let at = start;
    for (const character of text.slice(start, end)) {
      add(foldCharacter(character), at, at + character.length);
      at += character.length;
    }
  };
  let from = 0;
  for (const { 0: piece, index } of text.matchAll(SPELLED)) {
    addPlain(from, index);
    from = index + piece.length;
    add(foldCharacters(decodePiece(piece)), index, from);
  }
  addPlain(from, text.length);
  return folded;
}

/** The author's address in the spellings that differ by more than single characters: its domain's two forms. */
function needlesOf(email: EmailAddress): string[] {
  const address = revealEmail(email);
  const local = address.slice(0, address.lastIndexOf('@'));
  const normalized = normalizeAddress(email);
  const ascii = normalized.slice(normalized.lastIndexOf('@') + 1);
  const forms = [address, `${local}@${ascii}`, `${local}@${domainToUnicode(ascii)}`];
  return [...new Set(forms.map(foldCharacters))];
}

function mayBeSpelt(text: string, email: EmailAddress): boolean {
  if (AT_SIGN.test(text)) return true;
  if (!AT_WORD.test(text)) return false;
  const small = text.toLowerCase();
  return needlesOf(email).some((needle) => {
    const host = needle.slice(needle.lastIndexOf('@') + 1);
    return small.includes(host.slice(0, host.indexOf('.')));
  });
}

/** Whether letter `index` follows the one before it with no white space and no markup between. */
function touches(text: string, folded: Folded, index: number): boolean {
  const between = text.slice(folded.ends[index - 1], folded.starts[index]);
  return index > 0 && index < folded.letters.length && !/[\s*`\\]/.test(between);
}

/** Whether a longer address begins before or goes on behind: then it is somebody else's. */
function isPartOfAnother(text: string, folded: Folded, start: number, end: number): boolean {
  let before = start;
  while (
    before > 0 &&
    /[a-z0-9._%+-]/.test(folded.letters.charAt(before - 1)) &&
    touches(text, folded, before)
  ) {
    before--;
    if (/[a-z0-9]/.test(folded.letters.charAt(before))) return true;
  }
  if (!touches(text, folded, end)) return false;
  const next = folded.letters.charAt(end);
  if (next === '.' || next === '-') {
    return touches(text, folded, end + 1) && /[a-z0-9]/.test(folded.letters.charAt(end + 1));
  }
  return /[a-z0-9]/.test(next);
}

/** Every place of the text that spells the address, in order, as UTF-16 offsets. */
function findSpellings(text: string, email: EmailAddress): { start: number; end: number }[] {
  const folded = foldPieces(text);
  const needles = needlesOf(email);
  const found: { start: number; end: number }[] = [];
  for (let at = 0; at < folded.letters.length; ) {
    let next = { index: -1, length: 0 };
    for (const needle of needles) {
      const index = folded.letters.indexOf(needle, at);
      if (index >= 0 && (next.index < 0 || index < next.index)) next = { index, length: needle.length };
    }
    if (next.index < 0) break;
    const end = next.index + next.length;
    const other = isPartOfAnother(text, folded, next.index, end);
    if (!other)
      found.push({ start: folded.starts[next.index] ?? 0, end: folded.ends[end - 1] ?? text.length });
    at = other ? next.index + 1 : end;
  }
  return found;
}

/**
 * The text with the author's own address masked wherever it stands, in whatever spelling: case, width,
 * percent escapes, character references, invisible characters, white space, emphasis inside, `(at)` and `at`, either form
 * of an international domain. An address that only contains the author's (`anna@…` for `na@…`) stays.
 */
export function maskOwnAddress(text: string, email: EmailAddress): { text: string; found: boolean } {
  if (!mayBeSpelt(text, email)) return { text, found: false };
  const spellings = findSpellings(text, email);
  if (spellings.length === 0) return { text, found: false };
  let masked = '';
  let from = 0;
  for (const { start, end } of spellings) {
    masked += text.slice(from, start) + maskAddress(email);
    from = end;
  }
  return { text: masked + text.slice(from), found: true };
}
