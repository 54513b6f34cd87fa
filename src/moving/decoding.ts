import { MalformedFile } from './legacy.ts';

/** By the first two bytes: a mark, or the `<` of a document that has none (XML 1.0, appendix F). */
const BY_BYTES: Record<string, string> = {
  fffe: 'utf-16le',
  feff: 'utf-16be',
  '3c00': 'utf-16le',
  '003c': 'utf-16be',
};
/** Of one byte a character, each of which stands for itself: old exports carry them, and Node decodes them. */
const ONE_BYTE = /^(windows-125[0-8]|iso-8859-(?:[1-8]|10|13|14|15|16)|koi8-[ru])$/;
/** Bytes in which an XML declaration ends. */
const DECLARATION = 256;
const DECLARED = /^\s*<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/;

type TextEncoding = InstanceType<typeof TextDecoder>;

export interface Decoder {
  /** The text of the bytes; `line` is where the caller stands. Throws MalformedFile for bytes that are no text. */
  decode(bytes: Uint8Array, line: number): string;
  end(line: number): string;
  /** Whether that is how the document is read, as its declaration names it. */
  isReadAs(declared: string): boolean;
}

/** What a document is written in, by its beginning; what is not known is read as UTF-8. */
function encodingOf(head: Buffer): string {
  const byBytes = BY_BYTES[head.subarray(0, 2).toString('hex')];
  if (byBytes !== undefined) return byBytes;
  const declared = DECLARED.exec(head.subarray(0, DECLARATION).toString('latin1'))?.[1]?.toLowerCase();
  return declared !== undefined && ONE_BYTE.test(declared) ? declared : 'utf-8';
}

const NEWLINE = 0x0a;
/** Bytes of a character that may still come when a piece begins. */
const MOST_CARRIED = 3;

function isText(bytes: Uint8Array, encoding: string, isCut: boolean): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: isCut });
    return true;
  } catch {
    // TypeError: bytes that the encoding does not know.
    return false;
  }
}

/** How many lines end before the one that is no text; 0 where that is not to be told. */
function linesBeforeFault(bytes: Uint8Array, encoding: string): number {
  if (encoding.startsWith('utf-16')) return 0;
  let from = 0;
  // What a character of the piece before goes on with is no fault by itself.
  while (encoding === 'utf-8' && from < MOST_CARRIED && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  for (let lines = 0; ; lines++) {
    const at = bytes.indexOf(NEWLINE, from);
    const isLast = at < 0;
    if (!isText(bytes.subarray(from, isLast ? undefined : at), encoding, isLast)) return lines;
    if (isLast) return 0;
    from = at + 1;
  }
}

/** The text of an XML document: UTF-8, UTF-16, or an encoding of one byte a character that it declares. */
export function createDecoder(): Decoder {
  let decoder: TextEncoding | null = null;
  let named = 'utf-8';
  let head = Buffer.alloc(0);

  function run(bytes: Uint8Array, line: number, stream: boolean): string {
    if (decoder === null) {
      named = encodingOf(head);
      decoder = new TextDecoder(named, { fatal: true });
    }
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      // TypeError: bytes that the encoding does not know.
      const at = line + linesBeforeFault(bytes, named);
      throw new MalformedFile(at, `the file is not in ${named.toUpperCase()}`);
    }
  }

  return {
    decode(bytes, line) {
      if (decoder !== null) return run(bytes, line, true);
      head = Buffer.concat([head, bytes]);
      return head.length < DECLARATION ? '' : run(head, line, true);
    },
    end: (line) => run(decoder === null ? head : new Uint8Array(0), line, false),
    isReadAs(declared) {
      const name = declared.toLowerCase();
      if (named.startsWith('utf-16')) return name === 'utf-16' || name === named;
      return name === named || (named === 'utf-8' && (name === 'utf8' || name === 'us-ascii'));
    },
  };
}
