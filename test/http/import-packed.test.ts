import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { prepareImportDesk } from '../support/import-desk.ts';

/** Files as their systems hand them out: packed. */

const at = prepareImportDesk();

test.each([
  ['disqus', 'isso-disqus.xml', 5],
  ['wordpress', 'isso-wordpress.xml', 8],
  ['commento', 'commento.json', 3],
])('a packed export of %s comes in as the plain one does', async (format, name, added) => {
  const plain = readFileSync(join(__dirname, '../samples', name));
  const site = await at.desk.newSite();
  const told = await at.desk.take({ site, format, file: gzipSync(plain) });
  expect(told).toMatchObject({ state: 'done', bytes: plain.length, comments: { added } });
  const again = await at.desk.take({ site, format, file: plain });
  expect(again.comments).toMatchObject({ added: 0, unchanged: added });
});

test('of a packed file that was cut off nothing is taken, and its sender hears why', async () => {
  const site = await at.desk.newSite();
  const packed = gzipSync(readFileSync(join(__dirname, '../samples/commento.json')));
  const answer = await at.desk.send({ site, format: 'commento', file: packed.subarray(0, -20) });
  expect(answer.status).toBe(422);
  expect(answer.json).toMatchObject({ code: 'malformed-file', line: 1 });
  expect(await at.desk.totals(site)).toMatchObject({ approved: 0 });
});

test('a file that is too large only once it is unpacked is refused', async () => {
  const site = await at.desk.newSite();
  const answer = await at.desk.send({
    site,
    format: 'generic',
    file: gzipSync(Buffer.alloc(9 * 1024 * 1024)),
  });
  expect(answer.status).toBe(413);
});

test('so is one behind which more stands than may be sent', async () => {
  const site = await at.desk.newSite();
  const file = Buffer.concat([gzipSync('{}'), Buffer.alloc(9 * 1024 * 1024)]);
  expect((await at.desk.send({ site, format: 'generic', file })).status).toBe(413);
});
