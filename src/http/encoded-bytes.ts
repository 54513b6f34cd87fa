import { promisify } from 'node:util';
import {
  brotliCompress,
  brotliDecompressSync,
  constants,
  gunzipSync,
  gzip,
  gzipSync,
  type ZlibOptions,
} from 'node:zlib';
import type { Encoding } from './negotiation.ts';

const compressGzip = promisify(gzip);
const compressBrotli = promisify(brotliCompress);
/**
 * Up to here gzip is made, and unpacked, at once: the way through the thread pool costs more than the work, and
 * whoever asks for the same page meanwhile would wait. Bytes; half a millisecond at most.
 */
const AT_ONCE = 128 * 1024;
/** A twentieth more bytes than at 6, for half the time: clients that care for bytes accept Brotli. */
const GZIP: ZlibOptions = { level: 3 };
const BROTLI_QUALITY = 5;
/** What else is held of each: header lists, and the objects themselves. Bytes. */
const OVERHEAD = 1024;

/** The bytes of an answer in each encoding that was asked for, made once. */
export interface EncodedBytes {
  /** The bytes in an encoding; a promise the first time one is asked for that takes longer to make. */
  encoded(encoding: Encoding): Buffer | Promise<Buffer>;
  /** What it holds in memory now, in bytes. */
  weight(): number;
  /** `told` is called after each change of the weight. There is one who is told. */
  onWeight(told: () => void): void;
}

/** zlib answers with a part of what it had taken for its output; only the bytes themselves are to be kept. */
function alone(bytes: Buffer): Buffer {
  if (bytes.length === bytes.buffer.byteLength) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}

const toBrotli = (bytes: Buffer): Promise<Buffer> =>
  compressBrotli(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });

/**
 * Holds what is asked for, and no more: nearly every reader accepts a compressed answer, so that the plain bytes, some
 * eight times as many, are let go once there are compressed ones, and unpacked for the first who wants them plain.
 */
export function createEncodedBytes(identity: Buffer): EncodedBytes {
  /** Null while only compressed ones are held. */
  let plain: Buffer | null = identity;
  /** Large ones stay: unpacking them would hold up everybody else. */
  let keepsPlain = identity.length > AT_ONCE;
  const ready: Partial<Record<'gzip' | 'br', Buffer>> = {};
  const coming: Partial<Record<'gzip' | 'br', Promise<Buffer>>> = {};
  let tell: (() => void) | undefined;

  function unpacked(): Buffer {
    if (plain) return plain;
    if (ready.gzip) return gunzipSync(ready.gzip);
    if (ready.br) return brotliDecompressSync(ready.br);
    throw new Error('an answer has lost its bytes');
  }

  function hold(encoding: 'gzip' | 'br', made: Buffer): Buffer {
    const bytes = alone(made);
    ready[encoding] = bytes;
    if (!keepsPlain) plain = null;
    tell?.();
    return bytes;
  }

  function plainBytes(): Buffer {
    keepsPlain = true;
    if (!plain) {
      plain = alone(unpacked());
      tell?.();
    }
    return plain;
  }

  return {
    encoded(encoding) {
      if (encoding === 'identity') return plainBytes();
      const bytes = ready[encoding];
      if (bytes) return bytes;
      const source = unpacked();
      if (encoding === 'gzip' && source.length <= AT_ONCE) return hold('gzip', gzipSync(source, GZIP));
      coming[encoding] ??= (encoding === 'br' ? toBrotli(source) : compressGzip(source, GZIP)).then(
        (made) => {
          delete coming[encoding];
          return hold(encoding, made);
        },
      );
      return coming[encoding];
    },
    weight: () => OVERHEAD + (plain?.length ?? 0) + (ready.gzip?.length ?? 0) + (ready.br?.length ?? 0),
    onWeight(told) {
      tell = told;
    },
  };
}
