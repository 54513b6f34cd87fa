import { countCharacters, isBlank, normalizeLine, normalizeText } from '../text/normalize.ts';

/** Halves of characters, which no encoding carries, made visible. */
export const wellFormed = (text: string): string =>
  /[\ud800-\udfff]/.test(text) ? text.replace(/\p{Surrogate}/gu, '\ufffd') : text;

/** At most so many characters of what is stored; null where nothing visible is. */
function cut(stored: string | null, limit: number): string | null {
  if (stored === null || isBlank(stored)) return null;
  return countCharacters(stored) <= limit ? stored : [...stored].slice(0, limit).join('').trim();
}

/** At most so many characters of a line as stored; null where nothing visible remains. */
export const lineOf = (text: string | null, limit: number): string | null =>
  cut(text === null ? null : normalizeLine(wellFormed(text)), limit);

/** The same of a text that may have several. */
export const linesOf = (text: string | null, limit: number): string | null =>
  cut(text === null ? null : normalizeText(wellFormed(text)), limit);
