import { ROUTES } from '../../src/http/routes/table.ts';
import { expectProblem } from '../support/expectations.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** Whatever people do is found in the audit by those who may see where it was done, and stays there. */

let service: TestService;
let now = Date.UTC(2026, 2, 1);
let desk: Record<string, string>;

interface Entry {
  id: string;
  at: string;
  by: { kind: string; id: string; name: string };
  action: string;
  site: string | null;
  commentId: string | null;
  note: string | null;
}

const call = (method: string, path: string, body?: unknown, headers = ADMIN as Record<string, string>) => {
  now += 1000;
  return service.call({ method, path, headers, body });
};
const audit = async (query = '', headers: Record<string, string> = ADMIN) =>
  (await service.call({ path: `/v1/moderation/audit?${query}`, headers })).json as {
    items: Entry[];
    nextCursor: string | null;
  };
const actionsOf = async (query: string, headers?: Record<string, string>) =>
  (await audit(query, headers)).items.map(({ action }) => action);

async function posted(site: string): Promise<string> {
  const answer = await call('POST', `/v1/sites/${site}/comments`, commentBody(), {});
  return (answer.json as { comment: { id: string } }).comment.id;
}

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
  await makeSite(service.deps, 'blog');
  const token = await call('POST', '/v1/admin/tokens', {
    name: 'The desk',
    role: 'moderator',
    sites: ['news'],
  });
  desk = { authorization: `Bearer ${(token.json as { token: string }).token}` };
});
afterAll(() => service.stop());

it('has an act on a comment in the contract’s shape', async () => {
  const id = await posted('news');
  const decided = await call(
    'POST',
    `/v1/moderation/comments/${id}/decisions`,
    { action: 'spam', reason: 'spam', note: 'again' },
    desk,
  );
  const { decisionId } = decided.json as { decisionId: string };
  const answer = await service.call({ path: `/v1/moderation/audit?commentId=${id}`, headers: desk });
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.json).toEqual({
    items: [
      {
        id: decisionId,
        at: new Date(now).toISOString(),
        by: { kind: 'token', id: expect.any(String), name: 'The desk' },
        action: 'spam',
        site: 'news',
        commentId: id,
        from: 'approved',
        to: 'spam',
        reason: 'spam',
        note: 'again',
        decisionId,
        batchId: null,
      },
    ],
    nextCursor: null,
  });
  // In the one order on either store, folded into the audit or still waiting for that.
  const [entry] = (answer.json as { items: [Entry] }).items;
  expect(Object.keys(entry).join()).toBe(
    'id,at,by,action,site,commentId,from,to,reason,note,decisionId,batchId',
  );
  const [made] = (await audit('action=site-created')).items;
  expect(Object.keys(made ?? {}).join()).toBe(
    'id,at,by,action,site,commentId,from,to,reason,note,decisionId,batchId',
  );
});

it('has reveals, edits, replies, highlights, undos and the author’s own acts', async () => {
  const made = await call('POST', '/v1/sites/news/comments', commentBody(), {});
  const { comment, editToken } = made.json as { comment: { id: string }; editToken: string };
  const at = `/v1/moderation/comments/${comment.id}`;
  await call('POST', `${at}/email`, undefined, desk);
  await call('PATCH', at, { body: 'Milder', version: 1 }, desk);
  const reply = await call('POST', `${at}/replies`, { body: 'An answer' }, desk);
  await call('POST', `${at}/highlight`, { pinned: true }, desk);
  const { decisionId } = (await call('POST', `${at}/decisions`, { action: 'trash' }, desk)).json as {
    decisionId: string;
  };
  await call('POST', `/v1/moderation/decisions/${decisionId}/undo`, undefined, desk);
  await call('DELETE', `/v1/comments/${comment.id}`, undefined, { authorization: `Bearer ${editToken}` });
  expect(await actionsOf(`commentId=${comment.id}`)).toEqual([
    'delete',
    'undo',
    'trash',
    'highlight',
    'edit',
    'reveal',
  ]);
  const replyId = (reply.json as { comment: { id: string } }).comment.id;
  expect(await audit(`commentId=${replyId}`)).toMatchObject({
    items: [{ action: 'reply', by: { name: 'The desk' }, commentId: replyId, from: null, to: 'approved' }],
  });
});

it('has sites, aliases and tokens as they are made, changed and taken away, and by whom', async () => {
  const root = { kind: 'token', id: 'root', name: 'root' };
  await call('POST', '/v1/admin/sites', { id: 'short', name: 'Short-lived', origins: [ORIGIN] });
  await call('PATCH', '/v1/admin/sites/short', { name: 'Renamed', policy: { closed: true, maxDepth: 3 } });
  const aliases = '/v1/admin/sites/short/pages/aliases';
  const alias = 'https://s.example/x';
  await call('POST', aliases, { alias, page: `${ORIGIN}/a` });
  await call('POST', aliases, { alias, page: `${ORIGIN}/a` });
  await call('DELETE', `${aliases}?alias=${encodeURIComponent(alias)}`);
  const scoped = { name: 'Helper', role: 'moderator', sites: ['short'] };
  const { id } = (await call('POST', '/v1/admin/tokens', scoped)).json as { id: string };
  await call('DELETE', `/v1/admin/tokens/${id}`);
  const here = await audit('site=short');
  expect(here.items.map(({ action, by, note }) => [action, by, note])).toEqual([
    ['token-deleted', root, expect.stringMatching(/^Helper \(moderator, ….{4}\)$/)],
    ['token-created', root, expect.stringMatching(/^Helper \(moderator, ….{4}\)$/)],
    ['alias-removed', root, expect.stringContaining('s.example/x')],
    ['alias-added', root, expect.stringContaining('news.example/a')],
    ['site-updated', root, 'name, policy.maxDepth, policy.closed'],
    ['site-created', root, 'Short-lived'],
  ]);
  await call('DELETE', '/v1/admin/sites/short?confirm=short');
  expectProblem(
    await service.call({ path: '/v1/moderation/audit?site=short', headers: ADMIN }),
    'site-not-found',
  );
  const later = await audit('action=site-deleted');
  expect(later.items).toMatchObject([{ site: 'short', by: root, note: 'Renamed' }]);
});

it('records what a repeated request does once', async () => {
  const headers = { ...ADMIN, 'idempotency-key': 'one-site' };
  const body = { id: 'once', name: 'Once', origins: [ORIGIN] };
  const token = { name: 'Once', role: 'admin', sites: ['*'] };
  for (let i = 0; i < 3; i++) {
    await call('POST', '/v1/admin/sites', body, headers);
    await call('POST', '/v1/admin/tokens', token, headers);
  }
  expect(await actionsOf('site=once')).toEqual(['site-created']);
  const made = (await audit('action=token-created')).items.filter(({ note }) => note?.startsWith('Once'));
  expect(made).toHaveLength(1);
});

it('narrows by site, actor, action, comment and span, alone and together, and walks on by cursor', async () => {
  const ids = [await posted('news'), await posted('news'), await posted('blog')];
  const from = new Date(now).toISOString();
  for (const id of ids) {
    const headers = id === ids[2] ? ADMIN : desk;
    await call('POST', `/v1/moderation/comments/${id}/decisions`, { action: 'spam' }, headers);
    await call('POST', `/v1/moderation/comments/${id}/decisions`, { action: 'approve' }, headers);
  }
  const until = new Date(now).toISOString();
  await call('POST', `/v1/moderation/comments/${ids[0]}/decisions`, { action: 'trash' });
  const span = `since=${from}&until=${until}`;
  expect(await actionsOf(span)).toEqual(['approve', 'spam', 'approve', 'spam', 'approve', 'spam']);
  expect(await actionsOf(`${span}&site=blog`)).toEqual(['approve', 'spam']);
  expect(await actionsOf(`${span}&action=spam`)).toHaveLength(3);
  expect(await actionsOf(`${span}&by=root`)).toHaveLength(2);
  expect(await actionsOf(`${span}&by=root&action=approve&site=blog`)).toEqual(['approve']);
  expect(await actionsOf(`commentId=${ids[0]}&by=root`)).toEqual(['trash']);
  expect(await actionsOf(`${span}&by=nobody`)).toEqual([]);
  expect(await actionsOf('commentId=nothing')).toEqual([]);
  const walked: string[] = [];
  const pages: number[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const slice: Awaited<ReturnType<typeof audit>> = await audit(
      `${span}&limit=4${cursor && `&cursor=${cursor}`}`,
    );
    walked.push(...slice.items.map(({ id }) => id));
    pages.push(slice.items.length);
    cursor = slice.nextCursor;
  }
  expect(pages).toEqual([4, 2]);
  expect(walked).toEqual((await audit(span)).items.map(({ id }) => id));
  const { nextCursor } = await audit(`${span}&limit=4`);
  const other = await service.call({
    path: `/v1/moderation/audit?limit=4&cursor=${nextCursor}`,
    headers: ADMIN,
  });
  expectProblem(other, 'validation-failed', [['?cursor', 'invalid']]);
});

it('shows a caller of some sites those alone, and nothing of no site', async () => {
  const { items } = await audit('limit=200', desk);
  expect(new Set(items.map(({ site }) => site))).toEqual(new Set(['news']));
  const all = (await audit('limit=200')).items;
  expect(all.some(({ site }) => site === null)).toBe(true);
  expectProblem(
    await service.call({ path: '/v1/moderation/audit?site=blog', headers: desk }),
    'site-not-found',
  );
  expectProblem(await service.call({ path: '/v1/moderation/audit' }), 'unauthenticated');
});

it.each([
  ['limit=0', '?limit', 'out-of-range'],
  ['limit=201', '?limit', 'out-of-range'],
  ['action=tickle', '?action', 'invalid'],
  ['since=yesterday', '?since', 'invalid'],
  ['by=a&by=b', '?by', 'duplicate'],
  ['cursor=made-up', '?cursor', 'invalid'],
])('refuses %s', async (query, place, code) => {
  const answer = await service.call({ path: `/v1/moderation/audit?${query}`, headers: ADMIN });
  expectProblem(answer, 'validation-failed', [[place, code]]);
});

it('gives fifty entries by default', async () => {
  const id = await posted('news');
  for (let i = 0; i < 51; i++) await call('POST', `/v1/moderation/comments/${id}/email`, undefined, desk);
  const { items, nextCursor } = await audit('action=reveal');
  expect(items).toHaveLength(50);
  expect(nextCursor).not.toBeNull();
});

it('can be changed through no call', async () => {
  const routes = ROUTES.filter(({ path }) => /audit/.test(path));
  expect(routes.map(({ method }) => method)).toEqual(['GET']);
  expect(Object.keys(service.deps.audit).sort()).toEqual(['list', 'record']);
  const before = (await audit('limit=200')).items;
  const answers: Answer[] = [];
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'])
    answers.push(await call(method, '/v1/moderation/audit', { id: before[0]?.id }));
  for (const answer of answers) expectProblem(answer, 'method-not-allowed');
  expectProblem(await call('DELETE', `/v1/moderation/audit/${before[0]?.id}`), 'not-found');
  expect((await audit('limit=200')).items).toEqual(before);
});
