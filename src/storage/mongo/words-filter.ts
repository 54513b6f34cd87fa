/** Every word of the query, in one of its writings, begins one of the document's `words`. Words hold letters and digits only. */
export function wordsFilter(words: string[][][] | undefined): { $and?: object[] } {
  if (!words) return {};
  const begins = (word: string): object => ({ words: { $regex: `^${escaped(word)}` } });
  return {
    $and: words.map((writings) => ({ $or: writings.map((writing) => ({ $and: writing.map(begins) })) })),
  };
}

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
