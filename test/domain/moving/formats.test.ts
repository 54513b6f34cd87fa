import { type ImportFormat, READERS } from '../../../src/moving/formats.ts';
import { type Found, type LegacyComment, MalformedFile, noFacts } from '../../../src/moving/legacy.ts';

/** Backups as Remark42 and Comentario write them, in every state that they know. */

const SITE = { origin: 'https://news.example', timeZone: 'UTC' };
const lines = (...values: object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** Reads it twice, as an import does: what stands behind the comments is known then. */
function found(format: ImportFormat, file: string): Found[] {
  const facts = noFacts();
  const read = (): Found[] => {
    const reader = READERS[format](SITE, facts);
    reader.write(Buffer.from(file));
    reader.end();
    return reader.take();
  };
  read();
  return read();
}
const commentsOf = (all: Found[]): LegacyComment[] =>
  all.flatMap((one) => (one.kind === 'comment' ? one.comment : []));

test('Remark42: threads, votes as cast, edits, pins, what its admins wrote and what was deleted', () => {
  const locator = { site: 's', url: 'https://news.example/a/' };
  const user = { name: 'Mina', id: 'github_1', ip: 'aabbcc', admin: false };
  const file = lines(
    { version: 1, users: [{ id: 'github_1', blocked: { status: true } }], posts: [{ url: locator.url }] },
    {
      ...{ id: 'c1', pid: '', orig: 'hello *you*', text: '<p>hello <em>you</em></p>', user, locator },
      ...{ score: 1, votes: { a: true, b: true, c: false }, time: '2020-01-02T03:04:05.123456789+03:30' },
      title: 'خبر',
    },
    {
      ...{ id: 'c2', pid: 'c1', text: '<p>reply &amp; more</p>', user: { ...user, admin: true }, locator },
      ...{ score: -2, votes: {}, time: '2020-01-02T03:05:05Z', edit: { time: '2020-01-02T03:06:05Z' } },
      pin: true,
    },
    { id: 'c3', pid: 'c2', text: '', orig: '', user, locator, time: '2020-01-02T03:07:05Z', delete: true },
    { id: 'c4', pid: 'c2', text: 'x', user, locator, time: '2020-02-30T03:07:05Z' },
  );
  const [first, second, third, fourth] = commentsOf(found('remark42', file));
  expect(first).toMatchObject({
    ...{ legacyId: 'remark42-c1', parent: null, text: 'hello *you*', votesUp: 2, votesDown: 1 },
    createdAt: Date.parse('2020-01-01T23:34:05.123Z'),
    page: { url: 'https://news.example/a/', title: 'خبر' },
  });
  expect(second).toMatchObject({
    ...{ parent: 'remark42-c1', text: 'reply & more', votesUp: 0, votesDown: 2, pinned: true },
    ...{ moderator: true, editedAt: Date.parse('2020-01-02T03:06:05Z') },
  });
  expect(third?.deletedAt).toBe(Date.parse('2020-01-02T03:07:05Z'));
  expect(fourth?.createdAt).toBeNull();
  expect(JSON.stringify(found('remark42', file))).not.toContain('aabbcc');
});

test('Comentario: pages with titles, people with addresses, every state, and what has no page', () => {
  const at = '2023-01-01T00:00:00Z';
  const file = JSON.stringify({
    version: 3,
    comments: [
      {
        id: 'k1',
        parentId: null,
        pageId: 'p1',
        markdown: 'root',
        score: 3,
        isSticky: true,
        isApproved: true,
      },
      { id: 'k2', parentId: 'k1', pageId: 'p1', markdown: 'waits', isPending: true, authorName: 'Guest' },
      { id: 'k3', parentId: 'k1', pageId: 'p1', markdown: 'no', isApproved: false, isPending: false },
      { id: 'k4', pageId: 'nope', markdown: 'lost' },
    ].map((one) => ({ createdTime: at, userCreated: one.id === 'k1' ? 'u1' : 'u9', ...one })),
    pages: [{ id: 'p1', path: '/a', title: 'A title' }],
    commenters: [{ id: 'u1', email: 'mina@example.org', name: 'Mina', isModerator: true }],
  });
  const all = found('commento', file);
  const [first, second, third] = commentsOf(all);
  expect(first).toMatchObject({
    ...{ status: 'approved', name: 'Mina', email: 'mina@example.org', moderator: true, pinned: true },
    ...{ votesUp: 3, page: { url: 'https://news.example/a', title: 'A title' } },
  });
  expect(second).toMatchObject({ parent: 'commento-k1', status: 'pending', name: 'Guest' });
  expect(third?.status).toBe('rejected');
  expect(all.at(-1)).toMatchObject({ kind: 'problem', problem: { code: 'no-page' } });
});

test.each([
  ['generic', '', ''],
  ['remark42', lines({ version: 1 }), ''],
  ['commento', '{"version":3,"comments":[', ']}'],
] as const)('%s: values that stand in each other without an end are no file', (format, before, after) => {
  const read = (value: string): void => {
    const reader = READERS[format](SITE, noFacts());
    // In pieces, as a file comes.
    const bytes = Buffer.from(`${before}${value}${after}\n`);
    for (let at = 0; at < bytes.length; at += 1000) reader.write(bytes.subarray(at, at + 1000));
    reader.end();
  };
  const nested = (levels: number): string => `{"x":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  expect(() => read(nested(1_000_000))).toThrow('values are nested too deep');
  expect(() => read(`{"x":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`)).toThrow('nested too deep');
  expect(() => read(nested(20))).not.toThrow();
  // Within a text brackets are signs.
  expect(() => read(`{"x":"${'['.repeat(5000)}\\"${'{'.repeat(5000)}"}`)).not.toThrow();
});

test('Disqus: posts without a number of its own keep apart by their former one; without either they are told', () => {
  const post = (id: string, text: string): string =>
    `<post><id>${id}</id><message>${text}</message><createdAt>2011-08-31T22:49:43Z</createdAt><thread dsq:id="1"/></post>`;
  const posts = [post('wp_id=7', 'a'), post('wp_id=8', 'b'), post('', 'c')].join('\n');
  const thread = '<thread dsq:id="1"><link>https://news.example/a</link></thread>';
  const all = found(
    'disqus',
    `<disqus xmlns:dsq="http://disqus.com/disqus-internals">${thread}${posts}</disqus>`,
  );
  expect(commentsOf(all)).toMatchObject([
    { legacyId: 'disqus-wp_id=7', text: 'a' },
    { legacyId: 'disqus-wp_id=8', text: 'b' },
  ]);
  expect(all.at(-1)).toEqual({ kind: 'problem', problem: { legacyId: null, code: 'invalid' }, line: 3 });
});

test.each<[ImportFormat, string]>([
  ['isso', ''],
  ['isso', '{}'],
  ['remark42', ''],
  ['remark42', '\n'],
  ['remark42', '{"version":1,"comments":[],"commenters":[]}'],
])('to %s %j is no file of its own, and counts as no empty one', (format, file) => {
  expect(() => found(format, file)).toThrow(MalformedFile);
});

test.each<[ImportFormat, string]>([
  ['isso', '\ufeff []'],
  ['remark42', '{"version":1,"users":[],"posts":[]}'],
])('to %s %j is one without a comment', (format, file) => {
  expect(found(format, file)).toEqual([]);
});
