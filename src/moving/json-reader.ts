import { JSONParser } from '@streamparser/json';
import { createJsonDepth } from './json-depth.ts';
import { MalformedFile, MOST_AT_ONCE } from './legacy.ts';

/** A value of a document, where it stood. */
export interface JsonPlace {
  value: unknown;
  /** The member of the root that it stands in, such as `comments`; '' in an array. */
  member: string;
  line: number;
}

export interface JsonReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

const NEWLINE = 0x0a;

/**
 * Reads one JSON document piece by piece and hands on each value at one of the `paths` ($.comments.*). What
 * is no JSON is a MalformedFile with its line.
 */
export function createJsonReader(paths: string[], found: (place: JsonPlace) => void): JsonReader {
  // The parser would put a sign in place of what is no text.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const parser = new JSONParser({ paths, keepStack: false });
  const depth = createJsonDepth();
  let line = 1;
  let sinceValue = 0;
  parser.onValue = ({ value, stack }) => {
    sinceValue = 0;
    const member = stack.at(-1)?.key ?? stack.at(1)?.key;
    found({ value, member: typeof member === 'string' ? member : '', line });
  };
  let failure: Error | null = null;
  parser.onError = (error) => {
    failure ??= error;
  };
  const check = (what: string): void => {
    if (failure !== null) throw new MalformedFile(line, what);
  };

  function checkText(bytes: Uint8Array, isCut: boolean): void {
    try {
      decoder.decode(bytes, { stream: isCut });
    } catch {
      // TypeError: bytes that are no text.
      throw new MalformedFile(line, 'the file is not in UTF-8');
    }
  }

  function writeLine(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    checkText(bytes, true);
    if (depth.isTooDeep(bytes)) throw new MalformedFile(line, 'values are nested too deep');
    sinceValue += bytes.length;
    parser.write(bytes);
    check('this is not JSON');
    if (sinceValue > MOST_AT_ONCE) throw new MalformedFile(line, 'a value is too long');
  }

  return {
    write(bytes) {
      // Line by line, so that whatever is found or wrong has its line.
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
        writeLine(bytes.subarray(from, at + 1));
        from = at + 1;
        line += 1;
      }
      writeLine(bytes.subarray(from));
    },
    end() {
      checkText(new Uint8Array(0), false);
      if (!parser.isEnded) parser.end();
      check('the file ends in the middle');
    },
  };
}
