import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

/** Rules that make other addresses one page, set when comments stand there already. */

let service: TestService;

beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const asAdmin = (method: string, path: string, body?: unknown) =>
  service.call({ method, path: `/v1/admin/sites/${path}`, headers: ADMIN, body });
const rule = async (site: string, pages: object): Promise<void> => {
  expect((await asAdmin('PATCH', site, { policy: { pages } })).status).toBe(200);
};
async function post(site: string, url: string, page: object = {}): Promise<string> {
  const body = commentBody({ page: { url, ...page } });
  const answer = await service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body });
  expect(answer.status).toBe(201);
  return (answer.json as { comment: { id: string } }).comment.id;
}
async function read(site: string, url: string): Promise<string[]> {
  const path = `/v1/sites/${site}/comments?page=${encodeURIComponent(url)}`;
  const { comments, total } = (await service.call({ path })).json as {
    comments: { id: string }[];
    total: number;
  };
  expect(total).toBe(comments.length);
  return comments.map(({ id }) => id);
}
const makeNews = (id: string, pages = {}) =>
  makeSite(service.deps, id, { pages: { hosts: ['www.news.example'], ...pages } });

it('with and without www become one page, former addresses and aliases too', async () => {
  await makeNews('www');
  const [first, second] = [
    await post('www', 'https://www.news.example/a'),
    await post('www', 'https://news.example/a'),
  ];
  const alone = await post('www', 'https://www.news.example/alone', { id: 'alone' });
  const renamed = await post('www', 'https://www.news.example/former');
  const moved = { from: 'https://www.news.example/former', to: 'https://www.news.example/now' };
  expect((await asAdmin('POST', 'www/pages/moves', moved)).status).toBe(200);
  const short = { alias: 'https://www.short.example/1', page: 'https://www.news.example/alone' };
  expect((await asAdmin('POST', 'www/pages/aliases', short)).status).toBe(201);
  await rule('www', { ignoreWww: true });
  for (const host of ['news.example', 'www.news.example']) {
    expect(await read('www', `https://${host}/a`)).toEqual([first, second]);
    expect(await read('www', `https://${host}/alone`)).toEqual([alone]);
    expect(await read('www', `https://${host}/former`)).toEqual([renamed]);
    expect(await read('www', `https://${host}/now`)).toEqual([renamed]);
  }
  expect(await read('www', 'https://www.short.example/1')).toEqual([alone]);
  const later = await post('www', 'https://www.news.example/alone', { id: 'alone' });
  expect(await read('www', 'https://news.example/alone')).toEqual([alone, later]);
  await rule('www', { ignoreWww: true });
  expect(await read('www', 'https://www.news.example/a')).toEqual([first, second]);
});

it('addresses that differ by what is dropped become one page, in the list of pages as well', async () => {
  await makeNews('query');
  const ids = [];
  for (const query of ['?id=7&ref=mail', '?id=7&ref=feed', '?id=7', '?id=8&ref=mail'])
    ids.push(await post('query', `https://news.example/b${query}`));
  await rule('query', { dropParams: ['ref'] });
  expect(await read('query', 'https://news.example/b?ref=else&id=7')).toEqual(ids.slice(0, 3));
  expect(await read('query', 'https://news.example/b?id=8')).toEqual(ids.slice(3));
  await rule('query', { ignoreQuery: true });
  expect(await read('query', 'https://news.example/b?id=9')).toEqual(ids);
  const counts = `/v1/sites/query/counts?page=${encodeURIComponent('https://news.example/b?id=7')}`;
  expect((await service.call({ path: counts })).json).toMatchObject({ counts: [{ count: 4 }] });
  const listed = await asAdmin('GET', 'query/pages');
  expect(listed.json).toMatchObject({ total: 1, items: [{ url: 'https://news.example/b' }] });
});
