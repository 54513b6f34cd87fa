import type { Example, Model } from './model.ts';
import { createModel } from './model.ts';

/** A model as bytes, little-endian as every machine that Node runs on. Read by the same version that wrote it. */
const VERSION = 6;

/** The arrays of a fixed length, in the order of the bytes; the widest first, so that all are aligned. */
const fixedOf = ({ bayes, runs, calibration, table }: Model) => [
  bayes.totals,
  runs.totals,
  calibration.coefficients,
  calibration.spread,
  calibration.answers,
  table.numbers,
];

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const HEAD = ['version', 'ham', 'spam', 'state', 'given', 'examples'] as const;
const SPAM_BIT = 1 << 30;

export function modelToBytes(model: Model): Uint8Array {
  const { ham, spam, state, calibration, examples } = model;
  const head = Int32Array.of(VERSION, ham, spam, state, calibration.given, examples.length);
  const pieces: ArrayBufferView[] = [head, ...fixedOf(model)];
  for (const { features, label } of examples) {
    const { words, runs } = features;
    pieces.push(Int32Array.of(words.length | (label === 'spam' ? SPAM_BIT : 0), runs.length), words, runs);
  }
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(bytesOf(piece), at);
    at += piece.byteLength;
  }
  return bytes;
}

/** The model of such bytes; null where another version wrote them. Throws where they were cut short. */
export function modelFromBytes(bytes: Uint8Array): Model | null {
  let at = 0;
  const take = (length: number): Uint8Array => {
    if (at + length > bytes.byteLength) throw new RangeError('a snapshot that was cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const numbers = (count: number): Int32Array => {
    const array = new Int32Array(count);
    bytesOf(array).set(take(4 * count));
    return array;
  };
  const [version, ham = 0, spam = 0, state = 0, given = 0, count = 0] = numbers(HEAD.length);
  if (version !== VERSION) return null;
  const model = createModel();
  for (const array of fixedOf(model)) bytesOf(array).set(take(array.byteLength));
  Object.assign(model, { ham, spam, state });
  model.calibration.given = given;
  for (let i = 0; i < count; i++) {
    const [marked = 0, runs = 0] = numbers(2);
    const words = numbers(marked & ~SPAM_BIT);
    const label: Example['label'] = marked & SPAM_BIT ? 'spam' : 'ham';
    model.examples.push({ features: { words, runs: numbers(runs) }, label });
  }
  return model;
}
