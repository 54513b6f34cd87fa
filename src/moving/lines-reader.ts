import { createJsonDepth } from './json-depth.ts';
import { MalformedFile, MOST_AT_ONCE } from './legacy.ts';

export interface LinesReader {
  write(bytes: Uint8Array): void;
  end(): void;
}

const NEWLINE = 0x0a;

/** Reads JSON Lines: a value on each, blank lines aside. What is no JSON is a MalformedFile with its line. */
export function createLinesReader(found: (value: unknown, line: number) => void): LinesReader {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 0;
  let rest: Uint8Array[] = [];
  let kept = 0;

  function parse(bytes: Uint8Array): void {
    line += 1;
    let text: string;
    try {
      text = decoder.decode(bytes);
    } catch {
      // TypeError: bytes that are no text.
      throw new MalformedFile(line, 'the file is not in UTF-8');
    }
    if (text.trim() === '') return;
    if (createJsonDepth().isTooDeep(bytes)) throw new MalformedFile(line, 'values are nested too deep');
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      // SyntaxError; what it says quotes the line.
      throw new MalformedFile(line, 'this is not JSON');
    }
    found(value, line);
  }

  function keep(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    // A copy: the caller may use its buffer again.
    rest.push(Uint8Array.from(bytes));
    kept += bytes.length;
    if (kept > MOST_AT_ONCE) throw new MalformedFile(line + 1, 'a line is too long');
  }

  return {
    write(bytes) {
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, from)) {
        const piece = bytes.subarray(from, at);
        parse(kept === 0 ? piece : Buffer.concat([...rest, piece]));
        rest = [];
        kept = 0;
        from = at + 1;
      }
      keep(bytes.subarray(from));
    },
    end() {
      if (kept > 0) parse(Buffer.concat(rest));
      rest = [];
      kept = 0;
    },
  };
}
