import { CONFUSABLES } from './confusables.ts';

/**
 * Which letter passes for which, over folded letters: another comparison than folding, which makes spellings of
 * the same letter one (docs/decisions/0020). Two letters look alike when they share a shape.
 */

/** Letters of Arabic script that other languages write, and Persian readers take for the plain letter. */
const ARABIC_VARIANTS: readonly (readonly [plain: string, letters: string])[] = [
  ['ا', 'ٲٳ'],
  ['ب', 'ٮٻ'],
  ['ت', 'ٹټٺ'],
  ['ح', 'ځڂ'],
  ['چ', 'ڇڿ'],
  ['د', 'ډڈڊ'],
  ['ر', 'ړڑڒڔڕۯ'],
  ['ز', 'ږڗ'],
  ['ژ', 'ڙ'],
  ['س', 'ښڛۺ'],
  ['ص', 'ڝ'],
  ['ع', 'ڠ'],
  ['ف', 'ڡڢڣڤ'],
  ['ق', 'ٯڧڨ'],
  ['ک', 'ګڬڮݢ'],
  ['گ', 'ڰڱڲڳڴ'],
  ['ل', 'ڵڶڷڸ'],
  ['ن', 'ںڻڼڽ'],
  ['و', 'ۄۅۆۇۈۉۊۋ'],
  ['ی', 'ێ'],
];

/** Signs and digits that stand in for letters: `v1agra`, `p@ypal`. Never the other way round. */
const STAND_INS: Record<string, string> = {
  '0': 'o',
  '1': 'il',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'il',
  '€': 'e',
};

/** The signs among them: elsewhere they end a word. */
export const SIGNS_FOR_LETTERS: readonly string[] = ['@', '$', '!', '|', '€'];

const codeOf = (letter: string): number => letter.charCodeAt(0);
const shapes = new Map<number, Set<number>>();
const standIns = new Map<number, Set<number>>();

function giveShape(letter: string, shape: string): void {
  const code = codeOf(letter);
  const known = shapes.get(code) ?? new Set([code]);
  shapes.set(code, known.add(codeOf(shape)));
}

for (const [looks, letters] of CONFUSABLES) {
  // Texts are compared without case, so a capital's likeness holds for the small letter too.
  for (const letter of letters) {
    const small = letter.toLowerCase();
    if (small.length === 1 && small !== looks.toLowerCase()) giveShape(small, looks.toLowerCase());
  }
}
for (const [plain, letters] of ARABIC_VARIANTS) {
  for (const letter of letters) giveShape(letter, plain);
}
for (const [sign, letters] of Object.entries(STAND_INS)) {
  standIns.set(codeOf(sign), new Set([...letters].map(codeOf)));
}

/** Whether one folded letter (a UTF-16 unit) passes for another that has a different shape of its own. */
export function passesFor(one: number, other: number): boolean {
  if (standIns.get(one)?.has(other)) return true;
  const ofOne = shapes.get(one);
  const ofOther = shapes.get(other);
  if (!ofOne) return ofOther?.has(one) ?? false;
  if (!ofOther) return ofOne.has(other);
  for (const shape of ofOne) if (ofOther.has(shape)) return true;
  return false;
}

/** Whether the folded letter is a digit or sign that stands in for letters. */
export const isStandIn = (code: number): boolean => standIns.has(code);

function makeClasses(): Uint16Array {
  const roots = Uint16Array.from({ length: 0x10000 }, (_, code) => code);
  const rootOf = (code: number): number => {
    let root = code;
    while (roots[root] !== root) root = roots[root] ?? root;
    return root;
  };
  const join = (one: number, other: number): void => {
    const [least, greatest] = [rootOf(one), rootOf(other)].sort((a, b) => a - b);
    roots[greatest ?? 0] = least ?? 0;
  };
  for (const [code, all] of shapes) for (const shape of all) join(code, shape);
  for (const [sign, letters] of standIns) for (const letter of letters) join(sign, letter);
  for (let code = 0; code < roots.length; code++) roots[code] = rootOf(code);
  return roots;
}

let classes: Uint16Array | undefined;
/**
 * For every UTF-16 unit the least of all that may pass for each other, over any number of steps: letters of
 * different classes never match, letters of one class may. Made when first asked for.
 */
export function lookClasses(): Uint16Array {
  classes ??= makeClasses();
  return classes;
}
