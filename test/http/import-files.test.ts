import { prepareImportDesk } from '../support/import-desk.ts';
import { ADMIN } from '../support/service.ts';
import { wpComment, wxr } from '../support/wordpress-file.ts';

/** What a file is written in, and what becomes of one that can't be read. */

const at = prepareImportDesk();

test.each([
  ['cut off', 'wordpress', wxr(wpComment(1)).slice(0, -30), /unclosed/],
  ['with a tag that closes another', 'wordpress', wxr(`${wpComment(1)}<a></b>`), /unexpected close tag/],
  [
    'with entities of its own',
    'wordpress',
    wxr(wpComment(1)).replace('<rss', '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss'),
    /document type/,
  ],
  ['with an entity that nobody declared', 'wordpress', wxr(`${wpComment(1)}<x>&b;</x>`), /entity/],
  ['in an encoding that is not read', 'wordpress', wxr(wpComment(1)).replace('UTF-8', 'GB18030'), /UTF-8/],
  [
    'that names one encoding and is in another',
    'wordpress',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(wxr(wpComment(1)), 'utf16le')]),
    /another encoding/,
  ],
  [
    'whose bytes are no UTF-8',
    'wordpress',
    Buffer.concat([Buffer.from(wxr(wpComment(1))), Buffer.from([0xff])]),
    /UTF-8/,
  ],
  ['nested without end', 'wordpress', wxr(wpComment(1) + '<x>'.repeat(500)), /nested/],
  ['of another system', 'disqus', wxr(wpComment(1)), /Disqus/],
  ['of another system in JSON', 'commento', '[{"id":"/a","title":"A","comments":[{"id":1}]}]', /Commento/],
  ['that is no JSON', 'commento', '{"version":1,"comments":[{"commentHex":"a"},\n{"comm', /middle|JSON/],
  [
    'whose line is no JSON',
    'generic',
    '{"id":"a","page":"/a","text":"x","createdAt":"2020-01-01T00:00:00Z"}\n{',
    /JSON/,
  ],
])('of a file %s nothing is taken, and its sender hears the line', async (_, format, file, reason) => {
  const site = await at.desk.newSite();
  const answer = await at.desk.send({ site, format, file: Buffer.from(file) });
  expect(answer.status).toBe(422);
  const problem = answer.json as { code: string; line: number; reason: string };
  expect(problem.code).toBe('malformed-file');
  expect(problem.line).toBeGreaterThan(0);
  expect(problem.reason).toMatch(reason);
  expect(await at.desk.totals(site)).toMatchObject({ approved: 0 });
});

const PERSIAN = wxr(wpComment(1, { comment_content: 'سلام به همه' }));
/** Of the letters above, those that stand elsewhere than in ASCII: Windows code page 1256. */
const IN_1256: Record<string, number> = {
  ...{ س: 0xd3, ل: 0xe1, ا: 0xc7, م: 0xe3, ب: 0xc8, ه: 0xe5 },
};

test.each([
  [
    'UTF-16 with a mark',
    Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(PERSIAN.replace('UTF-8', 'UTF-16'), 'utf16le')]),
  ],
  ['UTF-16 without one', Buffer.from(PERSIAN.replace('UTF-8', 'UTF-16LE'), 'utf16le')],
  [
    'Windows-1256',
    Buffer.from([...PERSIAN.replace('UTF-8', 'windows-1256')].map((c) => IN_1256[c] ?? c.charCodeAt(0))),
  ],
])('a file in %s comes in', async (_, file) => {
  const site = await at.desk.newSite();
  await at.desk.take({ site, format: 'wordpress', file });
  const [shown] = await at.desk.thread(site, 'pageId=wp-7');
  expect(shown?.body?.text).toBe('سلام به همه');
});

test('a file that is too large is refused, and its sender hears so', async () => {
  const small = await at.service.another({ importLimit: 1000 });
  const site = await at.desk.newSite();
  const answer = await small.call({
    method: 'POST',
    path: `/v1/admin/sites/${site}/imports?format=generic`,
    headers: { ...ADMIN, 'content-type': 'application/octet-stream' },
    body: Buffer.alloc(2_000_000, 0x20),
  });
  expect(answer.status).toBe(413);
  await small.stop();
});

test('a file without a type is refused', async () => {
  const site = await at.desk.newSite();
  const answer = await at.service.call({
    method: 'POST',
    path: `/v1/admin/sites/${site}/imports?format=generic`,
    headers: ADMIN,
    body: '{}',
  });
  expect(answer.status).toBe(415);
});
