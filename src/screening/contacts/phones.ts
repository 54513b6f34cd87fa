import { NOTHING } from '../plain-view.ts';

/** Where something was seen in a text, in UTF-16 offsets. */
export interface Span {
  start: number;
  end: number;
}

/** What stands between the digits of one number. */
const GAP = String.raw`${NOTHING}*(?:[ ./()_*~|·•:\-‐-―]${NOTHING}*){0,3}`;
const NUMBER = new RegExp(String.raw`(?:\+${GAP})?\(?\d(?:${GAP}\d){6,}`, 'g');

/** Digits as words, one word a digit. */
const DIGIT_WORDS: readonly (readonly string[])[] = [
  ['zero', 'صفر', 'ноль'],
  ['one', 'یک', 'یه', 'واحد', 'один'],
  ['two', 'دو', 'اثنان', 'два'],
  ['three', 'سه', 'ثلاثه', 'три'],
  ['four', 'چهار', 'چار', 'اربعه', 'четыре'],
  ['five', 'پنج', 'خمسه', 'пять'],
  ['six', 'شش', 'شیش', 'سته', 'шесть'],
  ['seven', 'هفت', 'سبعه', 'семь'],
  ['eight', 'هشت', 'ثمانیه', 'восемь'],
  ['nine', 'نه', 'تسعه', 'девять'],
];
const VALUE_OF = new Map(DIGIT_WORDS.flatMap((words, value) => words.map((word) => [word, value] as const)));
const DIGIT_WORD = new RegExp(
  String.raw`(?<![\p{L}\d])(?:${[...VALUE_OF.keys()].join('|')})(?![\p{L}\d])`,
  'gu',
);
const FEWEST_WORDS = 3;

/** Letters that pass for a digit among digits: `o912`, `09l2`. */
const FALSE_ZERO = /(?<![a-z])o(?=[ .-]?\d)|(?<=\d[ .-]?)o(?![a-z])/g;
const FALSE_ONE = /(?<=\d[ .-]?)[li|](?=[ .-]?\d)/g;

/** Words that say that a number is one to call. */
const CUE = new RegExp(
  String.raw`(?<!\p{L})(?:tel|phone|telephone|call|mobile|cell|sms|text me|whats ?app|viber|signal|telegram|imo|تلفن|موبایل|همراه|تماس|زنگ|پیامک|واتس[ ${NOTHING}]?اپ|تلگرام|شماره[ ${NOTHING}](?:من|ام|م)|هاتف|جوال|اتصل|тел|телефон|звоните|номер|τηλ|τηλεφωνο)(?!\p{L})`,
  'u',
);
const CUE_REACH = 30;

interface Candidate extends Span {
  digits: string;
  /** The digits in their groups, and what stands between them. */
  groups: string[];
  gaps: string[];
  isPlus: boolean;
}

function candidatesIn(view: string): Candidate[] {
  return [...view.matchAll(NUMBER)].map(({ 0: written, index }) => {
    const plain = written.replaceAll(NOTHING, '');
    return {
      start: index,
      end: index + written.length,
      digits: plain.replace(/\D/g, ''),
      groups: plain.match(/\d+/g) ?? [],
      gaps: plain.replace(/^\D+/, '').match(/\D+/g) ?? [],
      isPlus: plain.startsWith('+'),
    };
  });
}

const isAscending = (digits: string): boolean => '01234567890123456789'.includes(digits);
const isUniform = (list: string[]): boolean => new Set(list).size <= 1;

/** A date, a time, an amount in thousands, an address of the Internet, a decimal, a span of years. */
function isFigure({ groups, gaps, digits }: Candidate): boolean {
  const lengths = groups.map((group) => group.length);
  const [first = ''] = groups;
  if (isAscending(digits)) return true;
  if (first === '0' && gaps[0] === '.' && lengths[1] !== 1) return true;
  const isThousands =
    first.length <= 3 &&
    !first.startsWith('0') &&
    groups.length > 2 &&
    lengths.slice(1).every((n) => n === 3);
  if (isThousands && isUniform(gaps) && gaps[0] !== '-') return true;
  const isDate = /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})(?!\d)/;
  if (isDate.test(interleave(groups, gaps))) return true;
  if (groups.length === 4 && gaps.every((gap) => gap === '.') && groups.every((group) => Number(group) < 256))
    return true;
  return lengths.every((n) => n === 4) && groups.every((group) => /^(?:1[0-9]|20)/.test(group));
}

const interleave = (groups: string[], gaps: string[]): string =>
  groups.map((group, at) => group + (gaps[at] ?? '')).join('');

function isBook({ digits, start }: Candidate, view: string): boolean {
  if (/(?:isbn|شابک)[^\d]{0,12}$/.test(view.slice(Math.max(0, start - 20), start))) return true;
  if (!/^97[89]\d{10}$/.test(digits)) return false;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
  return sum % 10 === 0;
}

/** Iran's mobile numbers, alone without the leading zero only where something says so. */
const MOBILE_OF_IRAN = /^(?:0098|98|0)9\d{9}$/;
const INTERNATIONAL = /^00[1-9]\d{7,13}$/;
/** A trunk zero and a national number of the usual lengths. */
const NATIONAL = /^0[1-9]\d{8,9}$/;

/** 555-123-4567, (555) 123 4567, 1-555-123-4567. */
function isNorthAmerican({ digits, groups }: Candidate): boolean {
  const lengths = groups.map((group) => group.length).join();
  return /^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits) && /^(?:1,)?3,3,4$/.test(lengths);
}

/** Single digits, each by itself: a number that is spelt out has one kind of gap, a list of scores has two. */
const isScores = ({ groups, gaps }: Candidate): boolean =>
  groups.length > 4 &&
  groups.every((group) => group.length <= 2) &&
  !isUniform(gaps.map((gap) => gap.trim()));

const hasCue = (view: string, { start, end }: Span): boolean =>
  CUE.test(view.slice(Math.max(0, start - CUE_REACH), start)) || CUE.test(view.slice(end, end + CUE_REACH));

function isPhone(candidate: Candidate, view: string): boolean {
  const { digits, isPlus } = candidate;
  if (isFigure(candidate) || isBook(candidate, view) || isScores(candidate)) return false;
  if (isPlus) return /^[1-9]\d{7,14}$/.test(digits);
  if (MOBILE_OF_IRAN.test(digits) || INTERNATIONAL.test(digits) || NATIONAL.test(digits)) return true;
  if (isNorthAmerican(candidate)) return true;
  return digits.length <= 13 && hasCue(view, candidate);
}

/** Digits with a letter or sign or two after each: `0a9b1c2…`, `0912x345x6789`. */
const WIDEST_JUNK = 3;
const FEWEST_JUNK = 2;
const LONGEST_TOKEN = 32;

function disguisedAt(view: string, start: number): Span | null {
  let digits = '';
  let gaps = 0;
  let end = start;
  for (let at = start; at < view.length && at - end <= WIDEST_JUNK && view[at] !== '\n'; at++) {
    if (!/\d/.test(view.charAt(at))) continue;
    if (digits !== '' && /[^\d\s]/.test(view.slice(end, at))) gaps += 1;
    digits += view.charAt(at);
    end = at + 1;
    if (digits.length > 14) return null;
  }
  const token = /^[\w-]*/.exec(view.slice(end))?.[0].length ?? 0;
  const isHash = end - start + token >= LONGEST_TOKEN;
  return gaps >= FEWEST_JUNK && !isHash && MOBILE_OF_IRAN.test(digits) ? { start, end } : null;
}

function disguisedIn(view: string): Span[] {
  const found: Span[] = [];
  for (const { index } of view.matchAll(/(?<!\d.{0,3})0.{0,3}9|(?<!\d.{0,3})0.{0,3}0.{0,3}9/g)) {
    const span = disguisedAt(view, index);
    if (span) found.push(span);
  }
  return found;
}

/** Every number that is spelt out begins with a zero, and most texts hold none. */
const ZEROES = DIGIT_WORDS[0] ?? [];

function wordsAsDigits(view: string): string {
  if (!ZEROES.some((zero) => view.includes(zero))) return view;
  let words = 0;
  const written = view.replace(DIGIT_WORD, (word) => {
    words += 1;
    return `${VALUE_OF.get(word)}${NOTHING.repeat(word.length - 1)}`;
  });
  return words >= FEWEST_WORDS ? written : view;
}

const FEWEST_DIGITS = 7;
const mayHold = (view: string): boolean => (view.match(/\d/g)?.length ?? 0) >= FEWEST_DIGITS;

/** Phone numbers in a text's plain view, however they are written. */
export function phonesIn(view: string): Span[] {
  const spelt = wordsAsDigits(view);
  if (!mayHold(spelt)) return [];
  const digits = spelt.replace(FALSE_ZERO, '0').replace(FALSE_ONE, '1');
  const plain = candidatesIn(digits).filter((candidate) => isPhone(candidate, view));
  const found: Span[] = plain.map(({ start, end }) => ({ start, end: endOfWord(view, end) }));
  const apart = disguisedIn(spelt).filter(
    ({ start, end }) => !found.some((one) => one.start < end && start < one.end),
  );
  return [...found, ...apart].sort((one, other) => one.start - other.start);
}

/** A number in words ends where its last word does. */
function endOfWord(view: string, end: number): number {
  if (!/\p{L}/u.test(view.charAt(end - 1))) return end;
  return end + (/^\p{L}*/u.exec(view.slice(end))?.[0].length ?? 0);
}
