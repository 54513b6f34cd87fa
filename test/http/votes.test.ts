import { randomBytes } from 'node:crypto';
import { expectProblem } from '../support/expectations.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** Readers vote on comments and find their own votes again. */

let service: TestService;
const PAGE = `page=${encodeURIComponent(`${ORIGIN}/a`)}`;

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news', { duplicateHours: 0 });
  await makeSite(service.deps, 'kind', { votes: 'up' });
  await makeSite(service.deps, 'mute', { votes: 'off' });
});
afterAll(() => service.stop());

async function posted(site = 'news'): Promise<string> {
  const path = `/v1/sites/${site}/comments`;
  const answer = await service.call({ method: 'POST', path, body: commentBody() });
  return (answer.json as { comment: { id: string } }).comment.id;
}

const word = (): string => randomBytes(15).toString('base64url');
const vote = (id: string, value: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
  service.call({ method: 'PUT', path: `/v1/comments/${id}/vote`, headers, body: { value } });
const own = async (reader: string, site = 'news'): Promise<unknown> =>
  (await service.call({ path: `/v1/sites/${site}/reader?${PAGE}`, headers: { 'gatehouse-reader': reader } }))
    .json;

it('counts a reader once, and shows it in the next listing', async () => {
  const id = await posted();
  const listing = `/v1/sites/news/comments?${PAGE}`;
  const before = (await service.call({ path: listing })).headers.etag;
  const reader = { 'gatehouse-reader': word() };
  expect(await vote(id, 1, reader)).toMatchObject({
    status: 200,
    json: { votes: { up: 1, down: 0 }, vote: 1 },
    headers: { 'cache-control': 'no-store' },
  });
  expect((await vote(id, 1, reader)).json).toEqual({ votes: { up: 1, down: 0 }, vote: 1 });
  expect((await vote(id, 1)).json).toEqual({ votes: { up: 2, down: 0 }, vote: 1 });
  expect((await vote(id, -1)).json).toEqual({ votes: { up: 1, down: 1 }, vote: -1 });
  const after = await service.call({ path: listing, headers: { 'if-none-match': before ?? '' } });
  expect(after.status).toBe(200);
  const { comments } = after.json as { comments: { id: string; votes: object }[] };
  expect(comments.find((one) => one.id === id)?.votes).toEqual({ up: 1, down: 1 });
});

it('leaves version and history as they are', async () => {
  const id = await posted();
  await vote(id, 1);
  const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  expect(json).toMatchObject({ version: 1, history: [], votes: { up: 1, down: 0 } });
});

it('tells readers their own votes on a page and nobody else’s', async () => {
  const [one, two, mine] = [await posted(), await posted(), word()];
  await vote(one, 1, { 'gatehouse-reader': mine });
  await vote(two, -1, { 'gatehouse-reader': mine });
  expect(await own(mine)).toEqual({ votes: { [one]: 1, [two]: -1 } });
  await vote(two, 0, { 'gatehouse-reader': mine });
  expect(await own(mine)).toEqual({ votes: { [one]: 1 } });
  expect(await own(word())).toEqual({ votes: {} });
  const elsewhere = await service.call({
    path: '/v1/sites/news/reader?page=https%3A%2F%2Fnews.example%2Fnew',
  });
  expect(elsewhere.json).toEqual({ votes: {} });
  expect(elsewhere.headers['cache-control']).toBe('no-store');
});

it('counts twenty readers of one address, and answers further ones alike', async () => {
  const id = await posted();
  const answers: Answer[] = [];
  for (let i = 0; i < 23; i++) answers.push(await vote(id, 1, { 'gatehouse-reader': word() }));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(answers.at(-1)?.json).toEqual({ votes: { up: 20, down: 0 }, vote: 1 });
});

it('orders a thread by top', async () => {
  const page = { url: `${ORIGIN}/top` };
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) {
    const path = '/v1/sites/news/comments';
    const answer = await service.call({ method: 'POST', path, body: commentBody({ page }) });
    ids.push((answer.json as { comment: { id: string } }).comment.id);
  }
  await vote(ids[2] ?? '', 1);
  await vote(ids[0] ?? '', -1);
  const path = `/v1/sites/news/comments?sort=top&page=${encodeURIComponent(page.url)}`;
  const { comments } = (await service.call({ path })).json as { comments: { id: string }[] };
  expect(comments.map(({ id }) => id)).toEqual([ids[2], ids[1], ids[0]]);
});

it('is refused where the site takes none, or none of its kind, and unknown for what no reader sees', async () => {
  expectProblem(await vote(await posted('mute'), 1), 'votes-off');
  const id = await posted('kind');
  expectProblem(await vote(id, -1), 'validation-failed', [['/value', 'invalid']]);
  expect((await vote(id, 1)).status).toBe(200);
  const held = await posted();
  const path = `/v1/moderation/comments/${held}/decisions`;
  await service.call({ method: 'POST', path, headers: ADMIN, body: { action: 'spam' } });
  expectProblem(await vote(held, 1), 'comment-not-found');
  expectProblem(await vote('0'.repeat(31), 1), 'comment-not-found');
});

it.each([
  [2, 'invalid'],
  [0.5, 'invalid'],
  ['1', 'invalid'],
  [null, 'required'],
])('the value %p is %s', async (value, code) => {
  expectProblem(await vote(await posted(), value), 'validation-failed', [['/value', code]]);
});

it('wants a reader’s word as the contract has it', async () => {
  const bad = { 'gatehouse-reader': 'short' };
  expectProblem(await vote(await posted(), 1, bad), 'validation-failed', [['Gatehouse-Reader:', 'invalid']]);
  const answer = await service.call({ path: `/v1/sites/news/reader?${PAGE}`, headers: bad });
  expectProblem(answer, 'validation-failed', [['Gatehouse-Reader:', 'invalid']]);
  expectProblem(await service.call({ path: '/v1/sites/news/reader' }), 'validation-failed', [
    ['?page', 'required'],
  ]);
});
