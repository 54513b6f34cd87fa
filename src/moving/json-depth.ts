/** No export nests so deep, and each level costs a parser a hundred times the byte that opens it. */
const MOST_DEPTH = 64;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Follows how deep values of a JSON document stand in each other, before a parser has made anything of it. */
export interface JsonDepth {
  /** Whether the next bytes of the document (UTF-8) lead deeper than any export does. */
  isTooDeep(bytes: Uint8Array): boolean;
}

/** At the beginning of a document. What is no JSON is followed somehow: to say so is the parser's. */
export function createJsonDepth(): JsonDepth {
  let depth = 0;
  let inText = false;
  let isEscaped = false;

  /** Where the text ends that the byte at `from` stands in; the length where it goes on. */
  function endOfText(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      if (isEscaped) isEscaped = false;
      else if (bytes[at] === BACKSLASH) isEscaped = true;
      else if (bytes[at] === QUOTE) return at;
    }
    return bytes.length;
  }

  return {
    isTooDeep(bytes) {
      for (let at = 0; at < bytes.length; at++) {
        if (inText) {
          at = endOfText(bytes, at);
          inText = at === bytes.length;
          continue;
        }
        const byte = bytes[at];
        if (byte === QUOTE) inText = true;
        else if (byte === OPEN_LIST || byte === OPEN_OBJECT) depth += 1;
        else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
        if (depth > MOST_DEPTH) return true;
      }
      return false;
    },
  };
}
