import { gzipSync } from 'node:zlib';
import { unpacked } from '../../src/unpacked.ts';
import { until } from '../support/until.ts';

const TEXT = Buffer.from('سلام, 0123456789\n'.repeat(5000));

async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

async function read(file: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const bytes of unpacked(file)) pieces.push(bytes);
  return Buffer.concat(pieces);
}

test.each([
  ['plain', TEXT, TEXT],
  ['packed', gzipSync(TEXT), TEXT],
  ['packed in two halves, one behind the other', Buffer.concat([gzipSync('a\n'), gzipSync('b')]), 'a\nb'],
  ['packed, of nothing', gzipSync(''), ''],
  ['empty', Buffer.alloc(0), ''],
  ['shorter than what tells a packed one', Buffer.from([0x1f, 0x8b]), Buffer.from([0x1f, 0x8b])],
])('a file that is %s is read as it was written, in pieces of any size', async (_, file, text) => {
  for (const size of [1, 3, 4, 1000, 1_000_000])
    expect((await read(inPieces(file, size))).equals(Buffer.from(text))).toBe(true);
});

test('what stands behind a packed file is read, and left', async () => {
  const file = Buffer.concat([gzipSync(TEXT), Buffer.alloc(300_000)]);
  for (const size of [100, 70_000, 1_000_000]) {
    let taken = 0;
    async function* counted(): AsyncGenerator<Uint8Array> {
      for await (const bytes of inPieces(file, size)) {
        taken += bytes.length;
        if (size > 100) await new Promise(setImmediate);
        yield bytes;
      }
    }
    expect((await read(counted())).equals(TEXT)).toBe(true);
    expect(taken).toBe(file.length);
  }
});

test.each([
  ['cut off', gzipSync(TEXT).subarray(0, 100), /damaged, or was cut off/],
  ['without its sum', gzipSync(TEXT).subarray(0, -6), /damaged, or was cut off/],
  ['damaged', Buffer.concat([gzipSync(TEXT).subarray(0, 10), Buffer.alloc(50, 0xff)]), /damaged/],
  ['a ZIP archive', Buffer.from('PK\x03\x04\x14\x00\x00\x00'), /ZIP archive: unpack it first/],
])('of one that is %s its sender hears what is wrong', async (_, file, reason) => {
  await expect(read(inPieces(file, 7))).rejects.toMatchObject({
    code: 'malformed-file',
    extra: { line: 1, reason: expect.stringMatching(reason) },
  });
});

test('what its sender breaks off with is told as it is', async () => {
  const gone = new Error('gone');
  async function* breakingOff(file: Buffer): AsyncGenerator<Uint8Array> {
    yield* inPieces(file, 20);
    throw gone;
  }
  for (const file of [TEXT.subarray(0, 100), gzipSync(TEXT).subarray(0, 100), Buffer.from('P')])
    await expect(read(breakingOff(file))).rejects.toBe(gone);
});

test('so is what it breaks off with behind the packed part', async () => {
  const gone = new Error('gone');
  let read = 0;
  async function* breakingOff(): AsyncGenerator<Uint8Array> {
    yield Buffer.concat([gzipSync(TEXT), Buffer.alloc(10)]);
    await until('the packed part to be read', () => read === TEXT.length);
    await new Promise(setImmediate);
    throw gone;
  }
  const reading = async (): Promise<void> => {
    for await (const bytes of unpacked(breakingOff())) read += bytes.length;
  };
  await expect(reading()).rejects.toBe(gone);
});

test('whoever has enough of it lets its source go', async () => {
  for (const file of [TEXT, gzipSync(TEXT)]) {
    let isLetGo = false;
    async function* watched(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield* inPieces(file, 20);
      } finally {
        isLetGo = true;
      }
    }
    for await (const bytes of unpacked(watched())) if (bytes.length > 0) break;
    await new Promise(setImmediate);
    expect(isLetGo).toBe(true);
  }
});
