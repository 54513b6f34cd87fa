/**
 * Writes src/text/confusables.ts from the Unicode Consortium's table of confusables (UTS #39), as the package
 * `unhomoglyph` carries it:
 *
 *     node scripts/confusables.mjs path/to/unhomoglyph/data.json
 *
 * Kept is what one letter of another script, or a letter with a stroke or a tail, does to be taken for a plain
 * Latin letter or digit. Left out: what folding makes equal anyway, likenesses within Latin (`m` and `rn`, `l`
 * and `I`), and Arabic and Hebrew letters, which nobody reads as Latin ones.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [source] = process.argv.slice(2);
if (source === undefined) throw new Error('usage: node scripts/confusables.mjs path/to/data.json');
const table = JSON.parse(readFileSync(source, 'utf8'));

const plain = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '');
const byLetter = new Map();
for (const [letter, shape] of Object.entries(table)) {
  const looks = plain(shape);
  if (!/^[A-Za-z0-9]$/.test(looks) || /[A-Za-z0-9]/.test(plain(letter))) continue;
  if (!/^\p{L}$/u.test(letter) || letter.length > 1) continue;
  if (/[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Syriac}\p{Script=Thaana}]/u.test(letter))
    continue;
  byLetter.set(looks, (byLetter.get(looks) ?? '') + letter);
}
const escaped = (text) =>
  [...text].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const lines = [...byLetter]
  .sort(([one], [other]) => (one < other ? -1 : 1))
  .map(([looks, letters]) => `  [${JSON.stringify(looks).replaceAll('"', "'")}, '${escaped(letters)}'],`);

writeFileSync(
  fileURLToPath(new URL('../src/text/confusables.ts', import.meta.url)),
  `/**
 * Letters that are taken for a plain Latin letter or digit: the part of Unicode's confusables (UTS #39) that
 * comparing needs. Made by scripts/confusables.mjs; see docs/decisions/0075-word-lists.md.
 */
export const CONFUSABLES: readonly (readonly [looks: string, letters: string])[] = [
${lines.join('\n')}
];
`,
);
