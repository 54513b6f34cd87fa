import { FIELD_CODES, type FieldCode } from '../../src/errors.ts';
import { createErrorDesk } from '../support/error-desk.ts';
import type { FieldPlaceAndCode } from '../support/expectations.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService, type TestService } from '../support/service.ts';

/** Every field code of the contract, by request and exact answer. */

let service: TestService;
const { post, posted, decide, says, saidOfFields } = createErrorDesk(() => service);

/** Said of addresses that webhooks and filters are to be sent to: their own tests go through them. */
const ELSEWHERE: FieldCode[] = ['private-address'];

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

describe('every bad field at once,', () => {
  const fields: [what: string, body: unknown, expected: FieldPlaceAndCode[]][] = [
    ['a root that is no object', [], [['', 'invalid']]],
    ['a root that is null', null, [['', 'invalid']]],
    ['a root that is a number', 5, [['', 'invalid']]],
    [
      'nothing given: one entry for each required leaf',
      {},
      [
        ['/author/email', 'required'],
        ['/author/name', 'required'],
        ['/body', 'required'],
        ['/page/url', 'required'],
      ],
    ],
    [
      'null, and what has nothing visible',
      commentBody({ author: { name: '​⁠', email: null }, body: ' \n ' }),
      [
        ['/author/email', 'required'],
        ['/author/name', 'required'],
        ['/body', 'required'],
      ],
    ],
    [
      'wrong types beside wrong values',
      commentBody({ author: { name: 7, email: 'nobody' }, body: ['x'], parentId: {} }),
      [
        ['/author/email', 'invalid-email'],
        ['/author/name', 'invalid'],
        ['/body', 'invalid'],
        ['/parentId', 'invalid'],
      ],
    ],
    [
      'objects that are none',
      commentBody({ author: 'Mina', page: 3 }),
      [
        ['/author', 'invalid'],
        ['/page', 'invalid'],
      ],
    ],
    [
      'too much of everything',
      commentBody({
        author: {
          name: 'ن'.repeat(101),
          email: `${'a'.repeat(60)}@${'b'.repeat(250)}.example`,
          url: `https://x.example/${'u'.repeat(2000)}`,
        },
        page: { url: `${ORIGIN}/a`, title: 't'.repeat(301), id: 'i'.repeat(201) },
        body: 'b'.repeat(10_001),
      }),
      [
        ['/author/email', 'too-long'],
        ['/author/name', 'too-long'],
        ['/author/url', 'too-long'],
        ['/body', 'too-long'],
        ['/page/id', 'too-long'],
        ['/page/title', 'too-long'],
      ],
    ],
    ['a lone surrogate', commentBody({ body: 'a \ud800 b' }), [['/body', 'invalid']]],
    [
      'a name that is an address',
      commentBody({ author: { name: 'x@y.example', email: 'x@y.example' } }),
      [['/author/name', 'invalid']],
    ],
    [
      'a link that is no web address',
      commentBody({ author: { name: 'M', email: 'm@y.example', url: 'javascript:alert(1)' } }),
      [['/author/url', 'invalid-url']],
    ],
    [
      'a page of another host',
      commentBody({ page: { url: 'https://other.example/a' } }),
      [['/page/url', 'not-of-site']],
    ],
    [
      'a page that is no address',
      commentBody({ page: { url: 'ftp://news.example/a' } }),
      [['/page/url', 'invalid-url']],
    ],
    ['a parent that is not there', commentBody({ parentId: 'none' }), [['/parentId', 'parent-not-found']]],
    [
      'replies by mail where the site offers none',
      commentBody({ subscribe: 'replies' }),
      [['/subscribe', 'invalid']],
    ],
  ];

  it.each(fields)('for %s', async (_what, body, expected) => {
    says(await post(body), 'validation-failed', expected);
  });

  it.each(['http:x.example', 'https:/x.example', 'https:///x.example', 'https:\\\\x.example'])(
    'for a link that browsers take for a path of the page it stands on, %s',
    async (url) => {
      const author = { name: 'M', email: 'm@y.example', url };
      says(await post(commentBody({ author })), 'validation-failed', [['/author/url', 'invalid-url']]);
    },
  );

  it.each(['1', '2130706433', 'https://0x7f.1/'])('for a number in place of a link, %s', async (url) => {
    const author = { name: 'M', email: 'm@y.example', url };
    says(await post(commentBody({ author })), 'validation-failed', [['/author/url', 'invalid-url']]);
    const named = { ...author, url: 'https://192.0.2.1/a' };
    expect((await post(commentBody({ author: named }))).status).toBe(201);
  });

  it('too-deep below the deepest level, too-short below bodyMin', async () => {
    await makeSite(service.deps, 'flat', { maxDepth: 0, bodyMin: 5 });
    const { comment } = await posted('flat');
    const answer = await service.call({
      method: 'POST',
      path: '/v1/sites/flat/comments',
      body: commentBody({ parentId: comment.id, body: 'abcd' }),
    });
    says(answer, 'validation-failed', [
      ['/body', 'too-short'],
      ['/parentId', 'too-deep'],
    ]);
  });

  it.each([
    ['/v1/sites/news/comments', [['?page', 'required']]],
    ['/v1/sites/news/comments?page=', [['?page', 'required']]],
    [
      '/v1/sites/news/comments?page=a&page=b&limit=0&sort=best',
      [
        ['?limit', 'out-of-range'],
        ['?page', 'duplicate'],
        ['?sort', 'invalid'],
      ],
    ],
    [
      '/v1/sites/news/comments?page=a&limit=101&replyLimit=-1',
      [
        ['?limit', 'out-of-range'],
        ['?replyLimit', 'out-of-range'],
      ],
    ],
    ['/v1/sites/news/comments?page=a&limit=ten', [['?limit', 'invalid']]],
    ['/v1/sites/news/comments?page=a&limit=1e1', [['?limit', 'invalid']]],
    ['/v1/sites/news/comments?page=a&limit=', [['?limit', 'invalid']]],
    ['/v1/sites/news/comments?page=a&cursor=abc', [['?cursor', 'invalid']]],
    ['/v1/sites/news/comments?pageId=x&format=xml', [['?format', 'invalid']]],
    ['/v1/sites/news/counts', [['?page', 'required']]],
    [`/v1/sites/news/counts?${'page=a&'.repeat(101)}`, [['?page', 'too-long']]],
    ['/v1/sites/news?page=a&page=b', [['?page', 'duplicate']]],
  ] as [string, FieldPlaceAndCode[]][])('for the query of %s', async (path, expected) => {
    says(await service.call({ path }), 'validation-failed', expected);
  });

  it.each([
    ['standing=good&claimed=all', ['standing', 'claimed']],
    ['status=best&sort=top&since=yesterday&until=2026-01-01', ['status', 'sort', 'since', 'until']],
  ])('for the queue’s filters %s', async (query, names) => {
    const answer = await service.call({ path: `/v1/moderation/queue?${query}`, headers: ADMIN });
    says(
      answer,
      'validation-failed',
      names.map((name): FieldPlaceAndCode => [`?${name}`, 'invalid']),
    );
  });

  it('for a decision’s fields', async () => {
    const { comment } = await posted();
    says(await decide(comment.id, {}), 'validation-failed', [['/action', 'required']]);
    says(await decide(comment.id, { action: 'praise', version: 0, note: 5 }), 'validation-failed', [
      ['/action', 'invalid'],
      ['/note', 'invalid'],
      ['/version', 'out-of-range'],
    ]);
    says(
      await decide(comment.id, { action: 5, reason: 'boredom', note: 'n'.repeat(1001) }),
      'validation-failed',
      [
        ['/action', 'invalid'],
        ['/note', 'too-long'],
        ['/reason', 'invalid'],
      ],
    );
  });

  it('for an Idempotency-Key that breaks its rules', async () => {
    const keyed = (key: string) => post(commentBody(), { headers: { 'idempotency-key': key } });
    says(await keyed(''), 'validation-failed', [['Idempotency-Key:', 'invalid']]);
    says(await keyed('two words'), 'validation-failed', [['Idempotency-Key:', 'invalid']]);
    says(await keyed('k'.repeat(256)), 'validation-failed', [['Idempotency-Key:', 'too-long']]);
    expect((await keyed('k'.repeat(255))).status).toBe(201);
  });
});

it('the table of field codes was gone through, but for those of other tests', () => {
  expect([...saidOfFields].sort()).toEqual(FIELD_CODES.filter((code) => !ELSEWHERE.includes(code)).sort());
});
