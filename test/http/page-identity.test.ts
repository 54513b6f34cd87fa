import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** The publisher's own id of a page, and the address beside it. */

interface Posted {
  comment: { id: string; status: string; page: { url: string | null; id: string | null } };
}

const URL_OF_TWO = `${ORIGIN}/shoes`;

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const post = (site: string, body: Record<string, unknown>): Promise<Answer> =>
  service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body: commentBody(body) });
const posted = async (site: string, page: object): Promise<Posted['comment']> =>
  ((await post(site, { page })).json as Posted).comment;
const read = async (site: string, query: string): Promise<string[]> => {
  const answer = await service.call({ path: `/v1/sites/${site}/comments?${query}` });
  return (answer.json as { comments: { id: string }[] }).comments.map(({ id }) => id);
};
const byUrl = `page=${encodeURIComponent(URL_OF_TWO)}`;

it('two ids at one address keep a thread each, and the address leads to the first', async () => {
  await makeSite(service.deps, 'twice');
  const question = await posted('twice', { url: URL_OF_TWO, id: 'questions' });
  const review = await posted('twice', { url: URL_OF_TWO, id: 'reviews' });
  expect(question.page).toEqual({ url: URL_OF_TWO, title: null, id: 'questions' });
  expect(review.page).toEqual({ url: null, title: null, id: 'reviews' });
  expect(await read('twice', 'pageId=questions')).toEqual([question.id]);
  expect(await read('twice', 'pageId=reviews')).toEqual([review.id]);
  expect(await read('twice', byUrl)).toEqual([question.id]);
  const page = { url: URL_OF_TWO, id: 'reviews' };
  expect((await post('twice', { page, parentId: review.id, body: 'So do I.' })).status).toBe(201);
  expect((await post('twice', { page, parentId: question.id, body: 'Do they?' })).json).toMatchObject({
    errors: [{ pointer: '/parentId', code: 'parent-not-found' }],
  });
  const stored = await service.call({ path: `/v1/comments/${review.id}` });
  expect((stored.json as Posted['comment']).page).toEqual(review.page);
});

it('an id that somebody makes up leads into no page that is closed or moderated apart', async () => {
  await makeSite(service.deps, 'shut');
  const known = await posted('shut', { url: URL_OF_TWO, id: 'known' });
  const pages = await service.call({ path: '/v1/admin/sites/shut/pages', headers: ADMIN });
  const [{ key }] = (pages.json as { items: [{ key: string }] }).items;
  const path = `/v1/admin/sites/shut/pages/${key}`;
  await service.call({ method: 'PATCH', path, headers: ADMIN, body: { closed: true, moderation: 'all' } });
  expect((await post('shut', { page: { url: URL_OF_TWO, id: 'known' } })).status).toBe(403);
  await posted('shut', { url: URL_OF_TWO, id: 'made-up' });
  expect(await read('shut', byUrl)).toEqual([known.id]);
  expect(await read('shut', 'pageId=known')).toEqual([known.id]);
});

it('the answer names the id or the address that its comment gives the page', async () => {
  await makeSite(service.deps, 'named');
  await posted('named', { url: URL_OF_TWO });
  const joined = { url: URL_OF_TWO, title: null, id: '17' };
  expect((await posted('named', { url: URL_OF_TWO, id: '17' })).page).toEqual(joined);
  await posted('named', { id: '18' });
  const other = { url: `${ORIGIN}/other`, title: null, id: '18' };
  expect((await posted('named', { url: other.url, id: '18' })).page).toEqual(other);
});

it('an id and an address that are pages of their own stay so', async () => {
  await makeSite(service.deps, 'apart');
  const byAddress = await posted('apart', { url: URL_OF_TWO });
  const byId = await posted('apart', { id: 'own' });
  const both = await posted('apart', { url: URL_OF_TWO, id: 'own' });
  expect(both.page).toEqual({ url: null, title: null, id: 'own' });
  expect(await read('apart', byUrl)).toEqual([byAddress.id]);
  expect(await read('apart', 'pageId=own')).toEqual([byId.id, both.id]);
  const stored = await service.call({ path: `/v1/comments/${byId.id}` });
  expect((stored.json as Posted['comment']).page).toEqual(both.page);
});
