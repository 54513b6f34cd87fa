import { isUtf8 } from 'node:buffer';

/** A text with the percent escapes of its addresses read, as browsers show them. */
export interface Unescaped {
  text: string;
  /** For each UTF-16 unit, and behind the last: where in the text as written it begins. */
  places: Int32Array;
}

/** RFC 3986, 2.1. */
const RUN = /(?:%[0-9a-f]{2})+/gi;
/** Characters of one escape. */
const WIDTH = 3;
/** Bytes of the longest character. */
const MOST_BYTES = 4;

/** How many bytes the character has that begins there; 0 where there is none. */
function lengthAt(bytes: Buffer, at: number): number {
  for (let length = 1; length <= MOST_BYTES && at + length <= bytes.length; length++)
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  return 0;
}

/** Null where the text has no escapes. What is no UTF-8 stays as it is written. */
export function readEscapes(text: string): Unescaped | null {
  const places: number[] = [];
  let plain = '';
  let last = 0;
  const write = (part: string, from: number, step: number): void => {
    for (let at = 0; at < part.length; at++) places.push(from + at * step);
    plain += part;
  };
  for (const { 0: run, index } of text.matchAll(RUN)) {
    write(text.slice(last, index), last, 1);
    const bytes = Buffer.from(run.replaceAll('%', ''), 'hex');
    for (let at = 0; at < bytes.length; ) {
      const from = index + at * WIDTH;
      const length = lengthAt(bytes, at);
      if (length === 0) write(text.slice(from, from + WIDTH), from, 1);
      else write(bytes.toString('utf8', at, at + length), from, 0);
      at += Math.max(length, 1);
    }
    last = index + run.length;
  }
  if (last === 0) return null;
  write(text.slice(last), last, 1);
  return { text: plain, places: Int32Array.from([...places, text.length]) };
}
