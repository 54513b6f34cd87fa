import { foldText } from '../text/fold.ts';

/**
 * A text with each UTF-16 unit folded by itself, so that an offset into the one is an offset into the other:
 * any script's digits are 0 to 9, letters are small, and what leaves no ink is NOTHING.
 */

/** Stands where there is nothing to see; part of no word and no number. */
export const NOTHING = '\u200b';
const NOTHING_CODE = 0x200b;
const SPACE = 0x20;
const LINE = 0x0a;
const ZERO = 0x30;

/** Without U+FEFF, which JavaScript counts in: it leaves no ink. */
const WHITE_SPACE = /^\p{White_Space}$/u;
const DIGIT = /^\p{Nd}$/u;

/** By unit: its view; 0 where that is not known yet. */
const units = new Uint16Array(0x10000);

/** Unicode gives the digits of a script places in a row, from nought to nine (Core Specification, 4.6). */
function digitOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(code - before - 1))) before += 1;
  return ZERO + (before % 10);
}

function unitOf(character: string, otherwise: number): number {
  if (WHITE_SPACE.test(character)) return character === '\n' ? LINE : SPACE;
  if (DIGIT.test(character)) return digitOf(character);
  const folded = foldText(character);
  if (folded === '') return NOTHING_CODE;
  return folded.length === 1 ? folded.charCodeAt(0) : otherwise;
}

function learn(code: number): number {
  units[code] = unitOf(String.fromCharCode(code), code);
  return units[code] ?? code;
}

const isHighSurrogate = (code: number): boolean => (code & 0xfc00) === 0xd800;
const PLAIN = /^[\n\x20-\x7e]*$/;

/** Several phases look at one text, one after the other. */
let last = { text: '', view: '' };

export function plainView(text: string): string {
  if (last.text !== text) last = { text, view: makeView(text) };
  return last.view;
}

function makeView(text: string): string {
  if (PLAIN.test(text)) return text.toLowerCase();
  const view = new Uint16Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    view[at] = units[code] || learn(code);
    if (!isHighSurrogate(code) || at + 1 === text.length) continue;
    const unit = unitOf(text.slice(at, at + 2), 0);
    if (unit !== 0) view[at] = unit;
    view[at + 1] = unit === 0 ? text.charCodeAt(at + 1) : NOTHING_CODE;
    at += 1;
  }
  return Buffer.from(view.buffer).toString('utf16le');
}

/** Belongs to the character before: the other half of one, a mark on it, what makes a keycap of it. */
const GOES_ON = /^(?:\p{M}|[\udc00-\udfff])$/u;

/** Where the last character of what was found in a view ends in the text: its marks leave no ink in the view. */
export function endOfCharacter(text: string, view: string, end: number): number {
  let at = end;
  while (view[at] === NOTHING && GOES_ON.test(text.charAt(at))) at += 1;
  return at;
}
