/**
 * What the contract's part 1, "Characters", says a text becomes, written from those sentences alone and
 * character by character: the measure that what comes back is compared with.
 */
const isControl = (character: string): boolean =>
  /^\p{Cc}$/u.test(character) && character !== '\t' && character !== '\n';
const isBidiFormat = (character: string): boolean => /^[\u202a-\u202e\u2066-\u2069]$/.test(character);
const isJoiner = (character: string | undefined): boolean => character === '\u200c' || character === '\u200d';
const isMark = (character: string | undefined): boolean =>
  character !== undefined && /^\p{M}$/u.test(character);
const isLetter = (character: string | undefined): boolean =>
  character !== undefined && /^\p{L}$/u.test(character);
const isPictograph = (character: string | undefined): boolean =>
  character !== undefined && /^\p{Extended_Pictographic}$/u.test(character);

/** The nearest character in one direction that is neither a mark nor what `skip` names. */
function neighbour(
  characters: string[],
  from: number,
  step: 1 | -1,
  skip: (c: string | undefined) => boolean,
) {
  let at = from + step;
  while (characters[at] !== undefined && skip(characters[at])) at += step;
  return characters[at];
}

function joins(characters: string[], at: number): boolean {
  // A run of joiners is one joiner: its first stands for all.
  if (isJoiner(characters[at - 1])) return false;
  const beyond = (c: string | undefined): boolean => isMark(c) || isJoiner(c);
  const isBetweenLetters =
    isLetter(neighbour(characters, at, -1, beyond)) && isLetter(neighbour(characters, at, 1, beyond));
  if (isBetweenLetters) return true;
  const dressed = (c: string | undefined): boolean => c === '\ufe0f' || /^\p{Emoji_Modifier}$/u.test(c ?? '');
  return (
    characters[at] === '\u200d' &&
    isPictograph(neighbour(characters, at, -1, dressed)) &&
    isPictograph(neighbour(characters, at, 1, () => false))
  );
}

/** A body as it must be stored. */
export function storedText(value: string): string {
  const kept = [...value.replaceAll('\r\n', '\n').replaceAll('\r', '\n').normalize('NFC')].filter(
    (character) => !isControl(character) && !isBidiFormat(character),
  );
  const joined = kept.filter((character, at) => !isJoiner(character) || joins(kept, at)).join('');
  return joined.normalize('NFC').replace(/^\p{White_Space}+|\p{White_Space}+$/gu, '');
}

/** A name or a title as it must be stored. */
export const storedLine = (value: string): string => storedText(value).replaceAll('\n', ' ');

/** Whether a field counts as missing. */
export const isMissing = (stored: string): boolean =>
  [...stored].every((character) =>
    /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\u2800\u3164]$/u.test(character),
  );

export const lengthOf = (stored: string): number => [...stored].length;
