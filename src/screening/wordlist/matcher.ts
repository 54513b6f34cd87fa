import { inPieces } from '../turns.ts';
import { readEscapes } from './escapes.ts';
import { joinApart } from './joined.ts';
import type { JoinedWords, Term } from './term.ts';
import { isJoinedByHalfSpaces, readTerm } from './term.ts';
import { RadixTree } from './tree.ts';
import type { Units } from './units.ts';
import { isSeparator, readUnits, WORD_END, WORD_START } from './units.ts';
import { classKey, endOfWriting, unitClasses } from './writings.ts';

export type ListName = 'hold' | 'reject';

/** A term found in a text. UTF-16 offsets into the text as given. */
export interface WordMatch {
  list: ListName;
  term: string;
  start: number;
  end: number;
}

/** Both lists of a site, ready to be looked for in texts. */
export interface Matcher {
  /** In the order of the text; at most `most` of each list. */
  find(text: string, most: number): WordMatch[];
}

type KeptTerm = Omit<Term, 'writings' | 'joined'> & { list: ListName };

interface Writing {
  term: KeptTerm;
  letters: Uint16Array;
  /** Where it is found only between half-spaces. */
  joined: JoinedWords | null;
}

/** What a matcher is made of: terms that begin where a word does, and terms that may begin anywhere. */
interface Lists {
  /** How many terms each list has. */
  sizes: Record<ListName, number>;
  writings: Writing[];
  anchored: RadixTree;
  open: RadixTree;
}

/** Builds the matcher of two lists without holding up the process. Terms that hold nothing to match are passed over. */
export async function buildMatcher(terms: Record<ListName, readonly string[]>): Promise<Matcher> {
  const sizes = { hold: 0, reject: 0 };
  const lists: Lists = { sizes, writings: [], anchored: new RadixTree(), open: new RadixTree() };
  const addTo = (list: ListName) => (text: string) => {
    const read = readTerm(text);
    if (!read) return;
    const { writings, joined: words, ...rest } = read;
    const term = { ...rest, list };
    sizes[list] += 1;
    const add = (letters: Uint16Array, joined: JoinedWords | null): void => {
      (term.openStart ? lists.open : lists.anchored).add(classKey(letters), lists.writings.length);
      lists.writings.push({ term, letters, joined });
    };
    for (const letters of writings) add(letters, null);
    if (words) add(words.writing, words);
  };
  await inPieces(terms.reject, addTo('reject'));
  await inPieces(terms.hold, addTo('hold'));
  return { find: (text, most) => findIn(text, lists, most) };
}

function findIn(text: string, lists: Lists, most: number): WordMatch[] {
  const search = { lists, found: new Map(), room: roomFor(lists.sizes, most) };
  look({ ...search, text, places: null });
  // Browsers copy an address with its letters escaped, and show it without.
  const unescaped = readEscapes(text);
  if (unescaped) look({ ...search, ...unescaped });
  return [...search.found.values()].sort((one, other) => one.start - other.start || other.end - one.end);
}

function look(search: Search): void {
  const units = readUnits(search.text);
  scan(search, units);
  for (const { units: joined, isWord } of joinApart(units)) scan(search, joined, isWord);
  if (units.hasSigns) scan(search, readUnits(search.text, true));
}

/** A list without terms has no room, so that a search ends when the other is full. */
const roomFor = ({ hold, reject }: Lists['sizes'], most: number): Search['room'] => ({
  hold: hold === 0 ? 0 : most,
  reject: reject === 0 ? 0 : most,
});

/** One text being looked through. */
interface Search {
  text: string;
  /** Where its units begin in the text as written, and where the last ends; null where it is that text. */
  places: Int32Array | null;
  lists: Lists;
  found: Map<string, WordMatch>;
  /** How many more of each list. */
  room: Record<ListName, number>;
}

/** The text as the trees are followed: classes, each run of one as one step. Overwritten by the next scan. */
let steps = new Uint16Array(512);

/** Two steps of nothing behind the last, so that a look at the next two needs no care. */
const PADDING = 2;

/** Tells how many steps there are. Nothing is done after the loop: see gather in text/table-fold.ts. */
function writeSteps({ codes, length }: Units): number {
  const classes = unitClasses();
  let to = 0;
  let last = -1;
  for (let at = 0; at < length; at++) {
    const step = classes[codes[at] ?? 0] ?? 0;
    if (step === last) continue;
    steps[to] = step;
    last = step;
    to += 1;
  }
  return to;
}

function scan(search: Search, units: Units, isWord?: Place['isWord']): void {
  const { anchored, open } = search.lists;
  const { codes, edges, length } = units;
  const classes = unitClasses();
  if (steps.length < length + PADDING) steps = new Uint16Array((length + PADDING) * 2);
  const to = writeSteps(units);
  steps.fill(0, to, to + PADDING);
  const place: Place = { at: 0, isWord };
  const tell = (value: number): void => lookCloser(search, units, { value, place });
  const range = { from: -1, to };
  const anyOpen = !open.isEmpty;
  const { room } = search;
  for (let last = -1, from = -1, at = 0; at < length && room.hold + room.reject > 0; at++) {
    const unit = codes[at] ?? 0;
    const step = classes[unit] ?? 0;
    if (step !== last) from += 1;
    last = step;
    if (isSeparator(unit)) continue;
    const isAnchored = ((edges[at] ?? 0) & WORD_START) !== 0 && anchored.mayBegin(steps, from);
    const isOpen = anyOpen && open.mayBegin(steps, from);
    if (!isAnchored && !isOpen) continue;
    place.at = at;
    range.from = from;
    if (isAnchored) anchored.follow(steps, range, tell);
    if (isOpen) open.follow(steps, range, tell);
  }
}

interface Place {
  /** Where the term begins. */
  at: number;
  /** Whether what was found may be read as one word; absent where it is one as written. */
  isWord?: (start: number, end: number) => boolean;
}

/** The trees know classes of letters only: whether the term really stands there, and by itself. */
function lookCloser(search: Search, units: Units, { value, place }: { value: number; place: Place }): void {
  const { text, places, lists, room, found } = search;
  const writing = lists.writings[value];
  if (!writing || room[writing.term.list] === 0) return;
  const { term, letters, joined } = writing;
  const end = endOfWriting(units, place.at, { writing: letters, text, openEnd: term.openEnd });
  if (end < 0) return;
  if (!term.openEnd && !((units.edges[end - 1] ?? 0) & WORD_END)) return;
  if (place.isWord && !place.isWord(place.at, end)) return;
  const from = units.starts[place.at] ?? 0;
  const to = units.ends[end - 1] ?? 0;
  if (joined && !isJoinedByHalfSpaces(text.slice(from, to), joined)) return;
  if (!text.startsWith(term.after, to) || !text.slice(0, from).endsWith(term.before)) return;
  const inText = (at: number): number => places?.[at] ?? at;
  const match = { start: inText(from - term.before.length), end: inText(to + term.after.length) };
  const key = `${term.list} ${match.start} ${term.text}`;
  const known = found.get(key);
  if (!known) room[term.list] -= 1;
  if (!known || known.end < match.end) found.set(key, { list: term.list, term: term.text, ...match });
}
