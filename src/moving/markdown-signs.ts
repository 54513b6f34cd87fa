/**
 * Signs of Markdown whose worth hangs on what stands beside them: a mark before or behind a letter may be no mark, and
 * a bare address goes on for as long as letters do. They are written as noncharacters of Unicode, which no text has,
 * and settled once all of it is there.
 */

/** How a mark begins and ends until then. */
const MARKS = [
  { mark: '*', begin: '\ufdd0', end: '\ufdd1' },
  { mark: '**', begin: '\ufdd2', end: '\ufdd3' },
  { mark: '`', begin: '\ufdd4', end: '\ufdd5' },
] as const;
export type Mark = (typeof MARKS)[number]['mark'];
const ADDRESS = '\ufdd6';
const ADDRESS_END = '\ufdd7';

const SIGNS = /[\ufdd0-\ufdd7]/;
const EMPHASIS = /[\ufdd0-\ufdd3]/;
const ALL_SIGNS = new RegExp(SIGNS, 'g');

/** A text of the old system without what is a sign here. */
export const withoutSigns = (text: string): string => text.replace(ALL_SIGNS, '');

export function marking(inner: string, mark: Mark): string {
  const { begin = '', end = '' } = MARKS.find((one) => one.mark === mark) ?? {};
  return begin + inner + end;
}

/** An address that is to be a link by itself. */
export const bareAddress = (href: string): string => ADDRESS + href + ADDRESS_END;

const isPunctuation = (sign: string): boolean => /[\p{P}\p{S}]/u.test(sign);
const isLetter = (sign: string): boolean => sign !== '' && !/\s/.test(sign) && !isPunctuation(sign);

/** The character that ends there, of two units or one; '' at the beginning. */
const characterBefore = (text: string, end: number): string =>
  [...text.slice(Math.max(0, end - 2), end)].at(-1) ?? '';

/** What emphasis is beside, other emphasis aside; code and addresses begin and end with signs of their own. */
function nextCharacter(text: string, from: number): string {
  let at = from;
  while (EMPHASIS.test(text.charAt(at))) at += 1;
  const next = /^./su.exec(text.slice(at, at + 2))?.[0] ?? '';
  return SIGNS.test(next) ? '`' : next;
}

function lastCharacter(text: string, before: number): string {
  let end = before;
  while (EMPHASIS.test(text.charAt(end - 1))) end -= 1;
  const last = characterBefore(text, end);
  return SIGNS.test(last) ? '`' : last;
}

/** Where each mark ends, by where it begins. */
function endsOf(text: string): Map<number, number> {
  const open: number[] = [];
  const ends = new Map<number, number>();
  for (const { 0: sign, index } of text.matchAll(ALL_SIGNS)) {
    if (MARKS.some(({ begin }) => begin === sign)) open.push(index);
    else if (MARKS.some(({ end }) => end === sign)) ends.set(open.pop() ?? index, index);
  }
  return ends;
}

/**
 * Whether the link is the address and no more: markdown-it looks for a scheme of its own before it, linkify-it goes on
 * at letters and leaves out signs at the end.
 */
function standsAlone(href: string, { before, after }: { before: string; after: string }): boolean {
  return (
    /^$|\s|(?![*_`[\].+-])\p{P}/u.test(before) &&
    /[\p{L}\p{N}/=)]$/u.test(href) &&
    /^\)?[.,:;!?]?(?:\s|$)/.test(after)
  );
}

/** Signs that would be more than text in the words of a link. */
const inWords = (href: string): string => href.replace(/[*`]/g, (sign) => (sign === '*' ? '%2A' : '%60'));

/** Characters behind an address that are looked at. */
const LOOKED_AT = 3;

/** The text with its signs as Markdown, without marks that would be shown as signs. */
export function settleSigns(text: string): string {
  if (!SIGNS.test(text)) return text;
  const ends = endsOf(text);
  /** What is written where a mark that holds ends. */
  const closing = new Map<number, string>();
  /** In one of its like a mark says nothing more. */
  const running = new Set<string>();
  const pieces: string[] = [];
  /** The character that was written last. Asked of the whole, each time, that would be made flat for it. */
  let last = '';
  /** Whether a mark ended with it. */
  let isClosed = false;

  function write(piece: string): void {
    if (piece === '') return;
    pieces.push(piece);
    last = characterBefore(piece, piece.length);
    isClosed = false;
  }

  function open(at: number, mark: string): void {
    const end = ends.get(at) ?? at;
    const holds =
      mark === '`' ||
      !(
        (isPunctuation(nextCharacter(text, at)) && isLetter(last)) ||
        (isPunctuation(lastCharacter(text, end)) && isLetter(nextCharacter(text, end)))
      );
    // Two runs of marks are one: `*a**b*`.
    const isNextToItsLike = isClosed && last === mark.charAt(0);
    if (!holds || isNextToItsLike || running.has(mark)) return;
    write(mark);
    running.add(mark);
    closing.set(end, mark);
  }

  let from = 0;
  for (const { 0: sign, index: at } of text.matchAll(ALL_SIGNS)) {
    if (at < from) continue;
    write(text.slice(from, at));
    from = at + 1;
    if (sign === ADDRESS) {
      const end = text.indexOf(ADDRESS_END, at);
      const href = text.slice(from, end);
      from = end + 1;
      const around = { before: last, after: text.slice(from, from + LOOKED_AT) };
      write(standsAlone(href, around) ? href : `[${inWords(href)}](${inWords(href)})`);
    } else if (closing.has(at)) {
      write(closing.get(at) ?? '');
      isClosed = true;
      running.delete(closing.get(at) ?? '');
    } else open(at, MARKS.find(({ begin }) => begin === sign)?.mark ?? '');
  }
  return pieces.join('') + text.slice(from);
}
