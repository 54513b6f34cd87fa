import { once } from 'node:events';
import { createGunzip, type Gunzip } from 'node:zlib';
import { AppError } from './errors.ts';
import { codeOf } from './system-error.ts';

/** How a packed file begins, its only method included: RFC 1952, 2.3.1. */
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);
/** An archive of files: .ZIP File Format Specification, 4.3.7. */
const ZIP = Buffer.from('PK\x03\x04', 'latin1');

const malformed = (reason: string): AppError =>
  new AppError('malformed-file', { extra: { line: 1, reason } });

const beginsWith = (head: Uint8Array, magic: Buffer): boolean => magic.equals(head.subarray(0, magic.length));

/** The same bytes, of which the first piece is long enough to tell what they are, unless there are no more. */
async function* withHead(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | null = Buffer.alloc(0);
  for await (const bytes of file) {
    if (head === null) yield bytes;
    else {
      head = Buffer.concat([head, bytes]);
      if (head.length < ZIP.length) continue;
      yield head;
      head = null;
    }
  }
  if (head !== null) yield head;
}

/** Until it takes more, or will take nothing any more, for whatever reason. */
const roomIn = (gunzip: Gunzip): Promise<unknown> =>
  Promise.race([once(gunzip, 'drain'), once(gunzip, 'close')]).catch(() => undefined);

/**
 * Hands the file on, and is done once all of it was read, also what stands behind its packed part (zeros, on tapes):
 * whoever hashes what is read knows the file by all of it. What the file's sender breaks off with ends the reading.
 */
async function feed(file: AsyncIterable<Uint8Array>, gunzip: Gunzip): Promise<void> {
  let hasEnded = false;
  gunzip.once('end', () => {
    hasEnded = true;
  });
  try {
    for await (const bytes of file) {
      if (hasEnded) continue;
      if (gunzip.destroyed) return;
      if (!gunzip.write(bytes)) await roomIn(gunzip);
    }
    gunzip.end();
  } catch (error) {
    gunzip.destroy(error as Error);
    throw error;
  }
}

async function* gunzipped(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  // Whoever reads hears of it; this is for what is left behind when the reading is over.
  gunzip.on('error', () => undefined);
  const fed = feed(file, gunzip);
  // Of what comes while it is unpacked the reading hears by itself.
  fed.catch(() => undefined);
  try {
    for await (const bytes of gunzip) yield bytes as Uint8Array;
    await fed;
  } catch (error) {
    // Z_DATA_ERROR, Z_BUF_ERROR: damaged, or cut off.
    if (codeOf(error).startsWith('Z_')) throw malformed('the packed file is damaged, or was cut off');
    throw error;
  }
}

/**
 * The bytes of a file as its system wrote them: Disqus and Remark42 hand theirs out as gzip. Rejects with
 * `malformed-file` for what can't be unpacked, and with what `file` rejects with.
 */
export async function* unpacked(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const pieces = withHead(file);
  const { value: head, done } = await pieces.next();
  if (done) return;
  async function* whole(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* pieces;
  }
  try {
    if (beginsWith(head, ZIP)) throw malformed('this is a ZIP archive: unpack it first');
    yield* beginsWith(head, GZIP) ? gunzipped(whole()) : whole();
  } finally {
    // Nobody goes on with it: its source is let go.
    await pieces.return(undefined);
  }
}
