import { READERS } from '../../../src/moving/formats.ts';
import { MalformedFile, noFacts } from '../../../src/moving/legacy.ts';

/** Files with bytes that are no text: whoever mends them must find the line. */

const SITE = { origin: 'https://news.example', timeZone: 'UTC' };
const LINES = 3000;
const WRONG = 2017;

/** The line that the file's reader names, given the file in pieces of a size that cuts characters in two. */
function lineTold(format: 'wordpress' | 'commento', lines: Buffer[]): unknown {
  const file = Buffer.concat(lines.map((line) => Buffer.concat([line, Buffer.from('\n')])));
  const reader = READERS[format](SITE, noFacts());
  try {
    for (let at = 0; at < file.length; at += 65_535) reader.write(file.subarray(at, at + 65_535));
    reader.end();
  } catch (error) {
    if (error instanceof MalformedFile) return { line: error.line, reason: error.reason };
    throw error;
  }
  return null;
}

const document = (head: string, line: (n: number) => string, tail: string): Buffer[] =>
  Array.from({ length: LINES }, (_, i) => Buffer.from(i === 0 ? head : i === LINES - 1 ? tail : line(i + 1)));
const wxr = (encoding: string): Buffer[] =>
  document(
    `<?xml version="1.0" encoding="${encoding}"?><rss version="2.0"><channel>`,
    (n) => (encoding === 'UTF-8' ? `<x>سطر ${'ش'.repeat(n % 50)} ${n}</x>` : `<x>line ${n}</x>`),
    '</channel></rss>',
  );

const json = (): Buffer[] => document('{"version":1,"comments":[', (n) => `{"markdown":"سطر ${n}"},`, '{}]}');

test.each([
  ['XML in UTF-8', 'wordpress', wxr('UTF-8'), 0xff, 'UTF-8'],
  ['XML in an encoding of one byte', 'wordpress', wxr('windows-1253'), 0xd2, 'WINDOWS-1253'],
  ['a JSON document', 'commento', json(), 0xe4, 'UTF-8'],
] as const)('of wrong bytes in %s the line is told', (_, format, lines, byte, encoding) => {
  expect(lineTold(format, lines)).toBeNull();
  const wrong = lines.map((line, i) => (i === WRONG - 1 ? Buffer.concat([line, Buffer.from([byte])]) : line));
  expect(lineTold(format, wrong)).toEqual({ line: WRONG, reason: `the file is not in ${encoding}` });
});
