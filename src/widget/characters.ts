/** Everything the service takes out before it counts: controls, bidi overrides, joiners that join nothing. */
const TAKEN_OUT =
  /(?![\n\t])\p{Cc}|[\u202a-\u202e\u2066-\u2069]|(?<![\p{L}\p{M}])\u200c+|\u200c+(?![\p{L}\p{M}])/gu;

/** Length in characters as the service counts them: code points of the value as it will be stored. */
export function countCharacters(value: string): number {
  return [...value.replace(/\r\n?/g, '\n').replace(TAKEN_OUT, '').normalize('NFC').trim()].length;
}
