import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { createEncodedBytes } from '../../src/http/encoded-bytes.ts';
import { createHotReads } from '../../src/http/hot-reads.ts';
import type { Encoding } from '../../src/http/negotiation.ts';
import { createSharedAnswer } from '../../src/http/shared-answer.ts';

const decode: Record<Encoding, (bytes: Buffer) => Buffer> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  br: brotliDecompressSync,
};
/** Text as threads are: it compresses to a fraction. */
const thread = (length: number): Buffer =>
  Buffer.from('دیدگاهی دربارهٔ خبر. '.repeat(length)).subarray(0, length);

it('gives the same bytes in each encoding, whichever were asked for before, and equal bytes each time', async () => {
  const asks = fc.array(fc.constantFrom<Encoding>('identity', 'gzip', 'br'), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(
      asks,
      fc.constantFrom(2000, 100_000, 300_000),
      fc.boolean(),
      async (order, length, together) => {
        const whole = thread(length);
        const bytes = createEncodedBytes(Buffer.from(whole));
        const got: [Encoding, Buffer | Promise<Buffer>][] = [];
        for (const encoding of order) {
          const made = bytes.encoded(encoding);
          got.push([encoding, together ? made : await made]);
        }
        const first = new Map<Encoding, Buffer>();
        for (const [encoding, made] of got) {
          expect(decode[encoding](await made).equals(whole)).toBe(true);
          const before = first.get(encoding);
          if (before) expect((await made).equals(before)).toBe(true);
          else first.set(encoding, await made);
        }
      },
    ),
    { numRuns: 60, seed: 7 },
  );
});

it('lets plain bytes go once compressed ones stand for them, and weighs what it holds', async () => {
  const whole = thread(100_000);
  const bytes = createEncodedBytes(Buffer.from(whole));
  const told: number[] = [];
  bytes.onWeight(() => told.push(bytes.weight()));
  expect(bytes.weight()).toBeGreaterThan(100_000);
  const zipped = await bytes.encoded('gzip');
  expect(zipped.buffer.byteLength).toBe(zipped.length);
  expect(bytes.weight()).toBeLessThan(zipped.length + 2000);
  const brotli = await bytes.encoded('br');
  expect(bytes.weight()).toBeLessThan(zipped.length + brotli.length + 2000);
  // Somebody wants them plain: from then on they are held.
  expect((await bytes.encoded('identity')).equals(whole)).toBe(true);
  expect(bytes.weight()).toBeGreaterThan(100_000 + zipped.length + brotli.length);
  expect(bytes.encoded('identity')).toBe(bytes.encoded('identity'));
  expect(told).toHaveLength(3);
});

it('counts what kept answers hold as it changes: more of them find room', async () => {
  const budget = 400_000;
  const hot = createHotReads({ budget });
  const answers = Array.from({ length: 30 }, (_, index) => {
    const url = `/v1/sites/s/comments?page=${index}`;
    const request = { url } as Parameters<typeof hot.begin>[0];
    const fill = hot.begin(request, { once: () => undefined } as unknown as Parameters<typeof hot.begin>[1]);
    const answer = createSharedAnswer({
      contentType: 'text/plain',
      body: `${index}${thread(90_000)}`,
      security: [],
      servesOrigin: () => false,
    });
    fill?.showsPages([`${index}`]);
    fill?.keep(answer, 'route');
    return { url, answer, zipped: answer.encoded('gzip') };
  });
  await Promise.all(answers.map(({ zipped }) => zipped));
  for (const { url } of answers) expect(hot.find(url)).toBeDefined();
  expect(hot.size()).toBeLessThan(budget / 4);
  for (const { answer } of answers) answer.encoded('identity');
  expect(hot.size()).toBeLessThanOrEqual(budget);
  expect(answers.filter(({ url }) => hot.find(url)).length).toBeLessThan(5);
  hot.drop({ kind: 'site', site: 's' });
  expect(hot.size()).toBe(0);
});
