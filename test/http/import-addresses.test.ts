import { prepareImportDesk } from '../support/import-desk.ts';
import { ADMIN, ORIGIN } from '../support/service.ts';
import { wpComment, wxr } from '../support/wordpress-file.ts';

/** E-mail addresses of a file, which come in sealed alone, wherever else they stand in it. */

const at = prepareImportDesk();

test('an author’s own address is masked where it stands in a text of old, and leaves nowhere', async () => {
  const site = await at.desk.newSite();
  const text = 'Write to mina@example.org, please';
  await at.desk.take({
    site,
    format: 'wordpress',
    file: wxr(wpComment(1, { comment_content: text, comment_author: 'mina@example.org' })),
  });
  const { text: answer } = await at.service.call({ path: `/v1/sites/${site}/comments?pageId=wp-7` });
  expect(answer).not.toContain('mina@example.org');
  expect(answer).toContain('please');
});

test('an address leaves neither by the title that a comment brings for its page nor by who decided', async () => {
  const site = await at.desk.newSite();
  const byAda = { kind: 'moderator', id: 'ada@staff.example', name: 'Ada <Ada@Staff.example>' };
  const record = {
    id: '1',
    page: { url: `${ORIGIN}/a`, title: 'Questions of mina@example.org' },
    author: { name: 'Mina', email: 'mina@example.org' },
    text: 'Good morning',
    createdAt: '2015-05-01T10:00:00Z',
    decidedBy: byAda,
    history: [{ at: '2015-05-02T10:00:00Z', by: byAda, action: 'approve', from: 'pending', to: 'approved' }],
  };
  await at.desk.take({ site, format: 'generic', file: JSON.stringify(record) });
  const { text: thread } = await at.service.call({ path: `/v1/sites/${site}/comments?page=${ORIGIN}/a` });
  expect(thread).toContain('"title":"Questions of m...@example.org"');
  const [{ id }] = (JSON.parse(thread) as { comments: [{ id: string }] }).comments;
  const { text } = await at.service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  expect(text).toContain(
    '"decidedBy":{"kind":"moderator","id":"imported/a...@staff.example","name":"Ada <A...@',
  );
  expect(text.toLowerCase()).not.toMatch(/mina@|ada@/);
});

test('a page whose address holds that of somebody who wrote there comes in without it', async () => {
  const site = await at.desk.newSite();
  const of = (id: string, url: string, email: string | null, more: object = {}) =>
    JSON.stringify({
      ...{ id, text: `Text ${id}`, createdAt: '2015-05-01T10:00:00Z', page: { url, ...more } },
      author: { name: `Name ${id}`, email },
    });
  const letter = 'https://example.org/a?n=1&email=Jane%40Mail.example&utm_source=letter';
  const file = [
    of('1', letter, 'bob@mail.example'),
    of('2', letter.replace('https', 'http'), 'jane@mail.example', {
      aliases: ['https://example.org/jane@mail.example'],
    }),
    of('3', 'https://example.org/b?of=support@example.org', 'bob@mail.example'),
    of('4', 'https://example.org/jane@mail.example/', 'jane@mail.example'),
    of('5', 'https://example.org/c', 'jane@mail.example', { id: 'of jane@mail.example' }),
  ].join('\n');
  const rehearsed = await at.desk.take({ site, format: 'generic', file, dryRun: true });
  const told = await at.desk.take({ site, format: 'generic', file });
  expect(told).toMatchObject({
    comments: { added: 4, skipped: 1 },
    problems: [{ line: 4, code: 'no-page' }],
  });
  expect(rehearsed).toMatchObject({ comments: told.comments, problems: told.problems });
  const shown = await at.desk.thread(site, `page=${encodeURIComponent('https://example.org/a?n=1')}`);
  expect(shown.map(({ legacyId }) => legacyId)).toEqual(['1', '2']);
  const whole = await at.service.call({
    path: `/v1/moderation/queue?site=${site}&status=all`,
    headers: ADMIN,
  });
  expect(whole.json).toMatchObject({ total: 4 });
  expect(whole.text).toContain('/b?of=support@example.org');
  expect(whole.text).toContain('example.org/c"');
  const aliases = await at.service.call({ path: `/v1/admin/sites/${site}/pages/aliases`, headers: ADMIN });
  for (const { text } of [whole, aliases]) expect(text.toLowerCase()).not.toMatch(/jane(@|%40)/);
});
