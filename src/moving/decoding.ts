import { MalformedFile } from './legacy.ts';

const UTF16: Record<string, string> = { fffe: 'utf-16le', feff: 'utf-16be' };

export interface Decoder {
  /** The text of the bytes; `line` is where the caller stands. Throws MalformedFile for bytes that are no text. */
  decode(bytes: Uint8Array, line: number): string;
  end(line: number): string;
  /** As an XML declaration names it. */
  encoding(): 'utf-8' | 'utf-16';
}

/** UTF-8, or UTF-16 where its mark stands first; the mark itself is left out. */
export function createDecoder(): Decoder {
  let decoder: InstanceType<typeof TextDecoder> | null = null;
  let head = Buffer.alloc(0);

  function run(bytes: Uint8Array, line: number, stream: boolean): string {
    decoder ??= new TextDecoder(UTF16[head.subarray(0, 2).toString('hex')] ?? 'utf-8', { fatal: true });
    try {
      return decoder.decode(bytes, { stream });
    } catch {
      // TypeError: bytes that the encoding does not know.
      throw new MalformedFile(line, 'the file is not in UTF-8');
    }
  }

  return {
    decode(bytes, line) {
      if (decoder !== null) return run(bytes, line, true);
      head = Buffer.concat([head, bytes]);
      return head.length < 2 ? '' : run(head, line, true);
    },
    end: (line) => run(decoder === null ? head : new Uint8Array(0), line, false),
    encoding: () => (decoder?.encoding.startsWith('utf-16') ? 'utf-16' : 'utf-8'),
  };
}
