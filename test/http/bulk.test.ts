import { inParallel } from '../support/in-parallel.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
let desk: Record<string, string>;

interface Result {
  id: string;
  ok: boolean;
  status?: string;
  version?: number;
  decisionId?: string;
  error?: Record<string, unknown>;
}
interface BulkAnswer {
  batchId: string;
  results: Result[];
}

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { moderation: 'all' });
  await makeSite(service.deps, 'blog', { moderation: 'all', reasons: ['own', 'spam'] });
  const { json } = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'The desk', role: 'moderator', sites: ['news'] },
  });
  desk = { authorization: `Bearer ${(json as { token: string }).token}` };
});
afterAll(() => service.stop());

const held = async (count: number, site = 'news', rest: Record<string, unknown> = {}): Promise<string[]> => {
  const path = `/v1/sites/${site}/comments`;
  const answers = await inParallel(Array(count).fill(path) as string[], 50, () =>
    service.call({ method: 'POST', path, body: commentBody(rest) }),
  );
  return answers.map(({ json }) => (json as { comment: { id: string } }).comment.id);
};
const send = (body: unknown, headers: Record<string, string> = ADMIN): Promise<Answer> =>
  service.call({ method: 'POST', path: '/v1/moderation/decisions', headers, body });
const undo = (batchId: string, headers: Record<string, string> = ADMIN): Promise<Answer> =>
  service.call({ method: 'POST', path: `/v1/moderation/batches/${batchId}/undo`, headers });
const bulk = async (body: unknown, headers?: Record<string, string>): Promise<BulkAnswer> => {
  const answer = await send(body, headers);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.json as BulkAnswer;
};
const detail = async (id: string) =>
  (await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN })).json as {
    status: string;
    version: number;
    history: {
      decisionId: string;
      action: string;
      undone: boolean;
      reason: string | null;
      note: string | null;
    }[];
  };
const auditOf = (batchId: string) =>
  service.deps.audit
    .list({ sites: null, limit: 5000 })
    .then((entries) => entries.filter((entry) => entry.batchId === batchId));
const until = () => new Date(Date.now() + 1000).toISOString();

it('decides each on its own, in the order of the request', async () => {
  const ids = await held(5);
  const [approved = '', changed = '', gone = ''] = ids;
  await service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${changed}/decisions`,
    headers: ADMIN,
    body: { action: 'spam' },
  });
  await service.deps.comments.change(gone, {
    kind: 'remove',
    decisionId: `x${gone}`,
    at: Date.now(),
    by: { kind: 'author', id: 'author', name: 'author' },
  });
  const items = [approved, changed, 'nothing', gone, ids[3]].map((id) => ({ id, version: 1 }));
  const { batchId, results } = await bulk({ action: 'approve', items, reason: 'other', note: ' Fine ' });
  expect(results).toEqual([
    { id: approved, ok: true, status: 'approved', version: 2, decisionId: batchId + approved },
    {
      id: changed,
      ok: false,
      error: {
        status: 409,
        code: 'conflict',
        detail: expect.any(String),
        current: {
          status: 'spam',
          version: 2,
          by: { kind: 'token', id: 'root', name: 'root' },
          at: expect.any(String),
        },
      },
    },
    {
      id: 'nothing',
      ok: false,
      error: { status: 404, code: 'comment-not-found', detail: expect.any(String) },
    },
    { id: gone, ok: false, error: { status: 409, code: 'comment-deleted', detail: expect.any(String) } },
    { id: ids[3], ok: true, status: 'approved', version: 2, decisionId: batchId + ids[3] },
  ]);
  expect((await detail(approved)).history).toMatchObject([
    { action: 'approve', decisionId: batchId + approved, reason: 'other', note: 'Fine' },
  ]);
  expect((await detail(ids[4] ?? '')).status).toBe('pending');
  const entries = await auditOf(batchId);
  expect(entries.map(({ commentId }) => commentId).sort()).toEqual([approved, ids[3]].sort());
});

it('without a version decides on what is current; restore tells what has nothing to restore', async () => {
  const [id = ''] = await held(1);
  await bulk({ action: 'spam', items: [{ id }] });
  expect((await bulk({ action: 'approve', items: [{ id, version: null }] })).results).toMatchObject([
    { ok: true, status: 'approved', version: 3 },
  ]);
  expect((await bulk({ action: 'restore', items: [{ id }] })).results).toMatchObject([
    { ok: true, status: 'spam' },
  ]);
});

it('takes a thousand, and undoes them in one call, once', async () => {
  const ids = await held(1000);
  const items = ids.map((id) => ({ id, version: 1 }));
  const { batchId, results } = await bulk({ action: 'reject', items });
  expect(results.map(({ id, ok }) => [id, ok])).toEqual(ids.map((id) => [id, true]));
  const undone = (await undo(batchId)).json as BulkAnswer;
  expect(undone.batchId).not.toBe(batchId);
  expect(undone.results).toHaveLength(1000);
  expect(undone.results[0]).toEqual({
    id: ids[0],
    ok: true,
    status: 'pending',
    version: 3,
    decisionId: undone.batchId + ids[0],
  });
  expect(undone.results.every(({ ok, status }) => ok && status === 'pending')).toBe(true);
  const again = (await undo(batchId)).json as BulkAnswer;
  expect(again.results.map(({ ok, error }) => [ok, error?.code])).toEqual(ids.map(() => [false, 'conflict']));
  // What only undid can't be undone.
  const back = (await undo(undone.batchId)).json as BulkAnswer;
  expect(back.results.every(({ ok }) => !ok)).toBe(true);
});

it('an undo leaves alone what was decided since, and tells of decisions only', async () => {
  const [one = '', other = ''] = await held(2);
  const { batchId } = await bulk({ action: 'spam', items: [{ id: one }, { id: 'none' }, { id: other }] });
  await bulk({ action: 'approve', items: [{ id: other }] });
  expect(((await undo(batchId)).json as BulkAnswer).results).toMatchObject([
    { id: one, ok: true, status: 'pending' },
    { id: other, ok: false, error: { status: 409, code: 'conflict', current: { status: 'approved' } } },
  ]);
});

it('knows no comment and no batch of sites out of scope', async () => {
  const [[mine = ''], [theirs = '']] = [await held(1), await held(1, 'blog')];
  const { results, batchId } = await bulk({ action: 'spam', items: [{ id: theirs }, { id: mine }] }, desk);
  expect(results).toMatchObject([{ ok: false, error: { code: 'comment-not-found' } }, { ok: true }]);
  expect((await detail(theirs)).status).toBe('pending');
  expect((await undo(batchId, desk)).status).toBe(200);
  const both = await bulk({ action: 'spam', items: [{ id: theirs }, { id: mine }] });
  for (const id of [both.batchId, 'none', `${batchId}0`])
    expect((await undo(id, desk)).json).toMatchObject({ status: 404, code: 'not-found' });
  expect((await detail(mine)).status).toBe('spam');
  const match = { site: 'blog', status: 'pending', until: until() };
  expect((await send({ action: 'spam', match, limit: 5 }, desk)).json).toMatchObject({
    code: 'site-not-found',
  });
});

it('wants a reason that the comment’s own site knows', async () => {
  const [[news = ''], [blog = '']] = [await held(1), await held(1, 'blog')];
  const items = [{ id: news }, { id: blog }];
  expect((await send({ action: 'reject', reason: 'nobody’s', items })).json).toMatchObject({
    code: 'validation-failed',
    errors: [{ pointer: '/reason', code: 'invalid' }],
  });
  const persian = { ...ADMIN, 'accept-language': 'fa' };
  const { results } = await bulk({ action: 'reject', reason: 'own', items }, persian);
  expect(results).toMatchObject([
    {
      id: news,
      ok: false,
      error: { status: 422, code: 'validation-failed', errors: [{ pointer: '/reason', code: 'invalid' }] },
    },
    { id: blog, ok: true },
  ]);
  expect(String(results[0]?.error?.detail)).toMatch(/[آ-ی]/);
  expect((await detail(news)).status).toBe('pending');
});

it('says of each that it is not there, whatever the reason, where none is', async () => {
  const [blog = ''] = await held(1, 'blog');
  const items = [{ id: 'gone' }, { id: blog }];
  const { results } = await bulk({ action: 'reject', reason: 'spam', items }, desk);
  const error = { status: 404, code: 'comment-not-found', detail: expect.any(String) };
  expect(results).toEqual([
    { id: 'gone', ok: false, error },
    { id: blog, ok: false, error },
  ]);
  expect((await detail(blog)).status).toBe('pending');
});

it.each<[string, object, [string, string][]]>([
  [
    'nothing',
    {},
    [
      ['/action', 'required'],
      ['/items', 'required'],
    ],
  ],
  ['an unknown action', { action: 'hold', items: [{ id: 'x' }] }, [['/action', 'invalid']]],
  ['no items', { action: 'spam', items: [] }, [['/items', 'required']]],
  [
    'a thousand and one',
    { action: 'spam', items: Array.from({ length: 1001 }, (_, i) => ({ id: `${i}` })) },
    [['/items', 'too-long']],
  ],
  [
    'an id twice',
    { action: 'spam', items: [{ id: 'x' }, { id: 'y' }, { id: 'x' }] },
    [['/items/2/id', 'duplicate']],
  ],
  ['no id', { action: 'spam', items: [{ version: 1 }] }, [['/items/0/id', 'required']]],
  [
    'a version of zero',
    { action: 'spam', items: [{ id: 'x', version: 0 }] },
    [['/items/0/version', 'out-of-range']],
  ],
  ['a long note', { action: 'spam', items: [{ id: 'x' }], note: 'x'.repeat(1001) }, [['/note', 'too-long']]],
  [
    'both',
    {
      action: 'spam',
      items: [{ id: 'x' }],
      match: { site: 'news', status: 'pending', until: '2026-01-01T00:00:00Z' },
      limit: 1,
    },
    [['/match', 'invalid']],
  ],
  [
    'a match of nothing',
    { action: 'spam', match: {} },
    [
      ['/match/site', 'required'],
      ['/match/status', 'required'],
      ['/match/until', 'required'],
      ['/limit', 'required'],
    ],
  ],
  [
    'a limit of zero',
    { action: 'spam', match: { site: 'news', status: 'pending', until: '2026-01-01T00:00:00Z' }, limit: 0 },
    [['/limit', 'out-of-range']],
  ],
  [
    'a limit too great',
    {
      action: 'spam',
      match: { site: 'news', status: 'pending', until: '2026-01-01T00:00:00Z' },
      limit: 10_001,
    },
    [['/limit', 'out-of-range']],
  ],
  [
    'an unknown status',
    { action: 'spam', match: { site: 'news', status: 'x', until: '2026-01-01T00:00:00Z' }, limit: 1 },
    [['/match/status', 'invalid']],
  ],
  [
    'no moment',
    { action: 'spam', match: { site: 'news', status: 'pending', until: 'today' }, limit: 1 },
    [['/match/until', 'invalid']],
  ],
  [
    'what is alike to nothing',
    {
      action: 'spam',
      match: { site: 'news', status: 'pending', similarTo: '', until: '2026-01-01T00:00:00Z' },
      limit: 1,
    },
    [['/match/similarTo', 'required']],
  ],
  [
    'words that are none',
    {
      action: 'spam',
      match: { site: 'news', status: 'pending', q: '\u200b ', until: '2026-01-01T00:00:00Z' },
      limit: 1,
    },
    [['/match/q', 'required']],
  ],
  [
    'an unknown reason',
    {
      action: 'spam',
      reason: 'own',
      match: { site: 'news', status: 'pending', until: '2026-01-01T00:00:00Z' },
      limit: 1,
    },
    [['/reason', 'invalid']],
  ],
])('refuses %s', async (_, body, expected) => {
  const answer = await send(body);
  expect(answer.status).toBe(422);
  const { errors } = answer.json as { errors: { pointer: string; code: string }[] };
  expect(errors.map(({ pointer, code }) => [pointer, code])).toEqual(expected);
});

describe('a match', () => {
  it('decides the oldest first, tells what remains, and is undone in one call', async () => {
    await makeSite(service.deps, 'flood', { moderation: 'all' });
    const ids: string[] = [];
    for (let i = 0; i < 12; i++) ids.push(...(await held(100, 'flood')));
    const ordered = [...ids].sort();
    const match = { site: 'flood', status: 'pending', until: until() };
    const late = await held(3, 'flood');
    const first = await send({
      action: 'spam',
      match: { ...match, until: '2020-01-01T00:00:00Z' },
      limit: 10,
    });
    expect(first.json).toMatchObject({ decided: 0, conflicts: 0, remaining: 0 });
    const answer = await send({ action: 'spam', match, limit: 1100, reason: 'spam' });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      batchId: expect.any(String),
      decided: 1100,
      conflicts: 0,
      remaining: expect.any(Number),
    });
    const { batchId, remaining } = answer.json as { batchId: string; remaining: number };
    expect(remaining).toBeGreaterThanOrEqual(100);
    expect(remaining).toBeLessThanOrEqual(103);
    expect((await auditOf(batchId)).map(({ commentId }) => commentId).sort()).toEqual(ordered.slice(0, 1100));
    const { results } = (await undo(batchId)).json as BulkAnswer;
    expect(results.map(({ id, ok }) => [id, ok])).toEqual(ordered.slice(0, 1100).map((id) => [id, true]));
    const counts = await service.call({ path: '/v1/moderation/counts?site=flood', headers: ADMIN });
    expect(counts.json).toMatchObject({ pending: 1200 + late.length, spam: 0 });
  });

  it('keeps to author, page and words', async () => {
    await makeSite(service.deps, 'narrow', { moderation: 'all' });
    const rest = { author: { name: 'Zed', email: 'zed@example.org', url: null } };
    const [zed = ''] = await held(1, 'narrow', {
      ...rest,
      page: { url: `${ORIGIN}/b`, title: null, id: null },
    });
    for (const body of ['Buy watches now', 'Watch this']) await held(1, 'narrow', { ...rest, body });
    await held(2, 'narrow');
    const author = ((await detail(zed)) as unknown as { author: { key: string } }).author.key;
    const decided = async (narrow: object): Promise<number> => {
      const match = { site: 'narrow', status: 'pending', until: until(), ...narrow };
      const answer = await send({ action: 'approve', match, limit: 100 });
      expect(answer.status).toBe(200);
      const { batchId, decided: count } = answer.json as { batchId: string; decided: number };
      await undo(batchId);
      return count;
    };
    expect(await decided({ author })).toBe(3);
    expect(await decided({ author, page: `${ORIGIN}/b?utm_source=x` })).toBe(1);
    expect(await decided({ page: `${ORIGIN}/unknown` })).toBe(0);
    expect(await decided({ page: '' })).toBe(0);
    expect(await decided({ author: '' })).toBe(0);
    expect(await decided({ q: 'watch' })).toBe(2);
    expect(await decided({})).toBe(5);
  });
});

it('answers a repeated request by its key, and another body under it not at all', async () => {
  const ids = await held(3);
  const headers = { ...ADMIN, 'idempotency-key': 'bulk-1' };
  const body = { action: 'spam', items: ids.map((id) => ({ id })) };
  const first = await send(body, headers);
  const again = await send(body, headers);
  expect([again.status, again.text]).toEqual([200, first.text]);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect((await send({ ...body, action: 'trash' }, headers)).json).toMatchObject({
    code: 'idempotency-key-reused',
  });
  expect((await detail(ids[0] ?? '')).history).toHaveLength(1);
});

it('lets exactly one of fifty batches decide each comment', async () => {
  const ids = await held(40);
  const items = ids.map((id) => ({ id, version: 1 }));
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) => bulk({ action: i % 2 ? 'spam' : 'approve', items })),
  );
  for (const [i] of ids.entries()) expect(answers.filter(({ results }) => results[i]?.ok)).toHaveLength(1);
});
