import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

let service: TestService;
let desk: { authorization: string };
let now = Date.UTC(2026, 0, 1);
const ids: string[] = [];
const held: string[] = [];

interface Queue {
  items: { id: string; author: { key: string }; site: string }[];
  total: number;
  nextCursor: string | null;
}

async function post(site: string, rest: Record<string, unknown> = {}): Promise<string> {
  now += 1000;
  const answer = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(rest),
  });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}

const decide = (id: string, body: object, headers = ADMIN) =>
  service.call({ method: 'POST', path: `/v1/moderation/comments/${id}/decisions`, headers, body });
const undo = (decisionId: string) =>
  service.call({ method: 'POST', path: `/v1/moderation/decisions/${decisionId}/undo`, headers: ADMIN });
const queue = async (query: string, headers: Record<string, string> = ADMIN) =>
  (await service.call({ path: `/v1/moderation/queue?${query}`, headers })).json as Queue;
const idsOf = ({ items }: Queue) => items.map(({ id }) => id);
const counts = async (query = '') =>
  (await service.call({ path: `/v1/moderation/counts${query}`, headers: ADMIN })).json as Record<
    string,
    unknown
  >;

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news', { moderation: 'all', duplicateHours: 0 });
  await makeSite(service.deps, 'blog', { moderation: 'all' });
  for (let index = 0; index < 6; index++) {
    const email = `reader${index % 2}@example.org`;
    held.push(
      await post('news', {
        author: { name: 'Mina', email },
        page: { url: `${ORIGIN}/${index < 4 ? 'a' : 'b'}` },
      }),
    );
  }
  ids.push(...held, await post('blog'));
  const token = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name: 'The desk', role: 'moderator', sites: ['news'] },
  });
  desk = { authorization: `Bearer ${(token.json as { token: string }).token}` };
});
afterAll(() => service.stop());

it('lists what is pending on all of the caller’s sites, oldest first', async () => {
  expect(idsOf(await queue(''))).toEqual(ids);
  expect(await queue('', desk)).toMatchObject({ total: 6, nextCursor: null });
  expect(idsOf(await queue('site=news', desk))).toEqual(held);
});

it('narrows by site, author, page, moment and status, alone and together', async () => {
  const author = (await queue('site=news')).items[1]?.author.key ?? '';
  expect(idsOf(await queue(`author=${author}`))).toEqual([held[1], held[3], held[5]]);
  const page = `page=${encodeURIComponent(`${ORIGIN}/b`)}`;
  expect(await queue(page)).toMatchObject({ total: 2, items: [{ id: held[4] }, { id: held[5] }] });
  expect(await queue(`${page}&author=${author}`)).toMatchObject({ total: 1, items: [{ id: held[5] }] });
  expect(await queue(`page=${encodeURIComponent(`${ORIGIN}/none`)}`)).toMatchObject({ total: 0, items: [] });
  const since = encodeURIComponent(new Date(Date.UTC(2026, 0, 1) + 2000).toISOString());
  const until = encodeURIComponent('2026-01-01T03:30:04+03:30');
  expect(await queue(`since=${since}&until=${until}`)).toMatchObject({ total: 3 });
  expect(await queue('status=spam')).toMatchObject({ total: 0 });
  expect(await queue('status=all&site=blog')).toMatchObject({ total: 1 });
  expect(await queue('status=reported')).toEqual({ items: [], total: 0, nextCursor: null });
});

it.each(['oldest', 'newest', 'risk'])('walks the queue by %s, each comment once', async (sort) => {
  const walked: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const slice: Queue = await queue(`sort=${sort}&limit=2${cursor && `&cursor=${cursor}`}`);
    walked.push(...idsOf(slice));
    cursor = slice.nextCursor;
  }
  expect([...walked].sort()).toEqual([...ids].sort());
  if (sort === 'oldest') expect(walked).toEqual(ids);
  if (sort === 'newest') expect(walked).toEqual([...ids].reverse());
});

it('counts what listing would find', async () => {
  expect(await counts()).toEqual({
    pending: 7,
    reported: 0,
    spam: 0,
    approved: 0,
    rejected: 0,
    trash: 0,
    oldestPendingAt: new Date(Date.UTC(2026, 0, 1) + 1000).toISOString(),
  });
  expect(await counts('?site=blog')).toMatchObject({ pending: 1 });
});

it('decides, tells who did, restores and undoes, and keeps the history', async () => {
  const id = held[0] ?? '';
  const approved = await decide(id, { action: 'approve', version: 1, note: ' a note ' }, desk);
  expect(approved.status).toBe(200);
  expect(approved.json).toMatchObject({
    comment: {
      id,
      status: 'approved',
      version: 2,
      revision: 1,
      decidedBy: { kind: 'token', name: 'The desk' },
    },
  });
  const spam = await decide(id, { action: 'spam', reason: 'abuse' });
  const { decisionId } = spam.json as { decisionId: string };
  expect((await undo(decisionId)).json).toMatchObject({ comment: { status: 'approved', version: 4 } });
  expect((await decide(id, { action: 'restore' })).json).toMatchObject({
    comment: { status: 'pending', version: 5 },
  });
  const detail = await service.call({ path: `/v1/moderation/comments/${id}`, headers: desk });
  expect(detail.json).toMatchObject({
    emailMasked: 'r...@example.org',
    reports: [],
    claim: null,
    similar: 0,
    parent: null,
    revisions: [{ revision: 1, at: expect.any(String), by: { kind: 'author' } }],
    history: [
      { action: 'approve', from: 'pending', to: 'approved', note: 'a note', reason: null, undone: false },
      { action: 'spam', from: 'approved', to: 'spam', reason: 'abuse', decisionId, undone: true },
      { action: 'undo', from: 'spam', to: 'approved', undone: false },
      { action: 'restore', from: 'approved', to: 'pending', undone: false },
    ],
  });
  expect(detail.headers['cache-control']).toBe('no-store');
});

it('lets exactly one of fifty decisions on one version win', async () => {
  const id = held[1] ?? '';
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      decide(id, { action: index % 2 === 0 ? 'approve' : 'reject', version: 1 }),
    ),
  );
  const won = answers.filter(({ status }) => status === 200);
  const lost = answers.filter(({ status }) => status === 409);
  expect([won.length, lost.length]).toEqual([1, 49]);
  const [winner] = won.map(({ json }) => json as { comment: { status: string } });
  for (const { json } of lost)
    expect(json).toMatchObject({ code: 'conflict', current: { version: 2, status: winner?.comment.status } });
});

it('undoes only the newest decision, and none that is not there', async () => {
  const id = held[2] ?? '';
  const first = (await decide(id, { action: 'approve' })).json as { decisionId: string };
  await decide(id, { action: 'trash' });
  const expectCode = (answer: Answer, code: string) => expect(answer.json).toMatchObject({ code });
  expectCode(await undo(first.decisionId), 'conflict');
  expectCode(await undo('none'), 'not-found');
  const another = first.decisionId.endsWith('0') ? '1' : '0';
  expectCode(await undo(first.decisionId.slice(0, -1) + another), 'not-found');
  const out = await service.call({
    method: 'POST',
    path: `/v1/moderation/decisions/${first.decisionId}/undo`,
    headers: desk,
  });
  expectCode(out, 'conflict');
});

it('shows nothing of sites out of scope', async () => {
  const blog = ids.at(-1) ?? '';
  for (const answer of [
    await decide(blog, { action: 'approve' }, desk),
    await service.call({ path: `/v1/moderation/comments/${blog}`, headers: desk }),
  ]) {
    expect(answer.json).toMatchObject({ code: 'comment-not-found' });
  }
  const { decisionId } = (await decide(blog, { action: 'approve' })).json as { decisionId: string };
  const path = `/v1/moderation/decisions/${decisionId}/undo`;
  expect((await service.call({ method: 'POST', path, headers: desk })).json).toMatchObject({
    code: 'not-found',
  });
});
