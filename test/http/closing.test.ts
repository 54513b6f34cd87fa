import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

/** `closeAfterDays`: pages that close by themselves. */

const DAY = 24 * 60 * 60 * 1000;
const START = Date.UTC(2026, 5, 1);

let service: TestService;
let now = START;

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
});
afterAll(() => service.stop());
beforeEach(() => {
  now = START;
});

const page = (url: string): string => `page=${encodeURIComponent(url)}`;

async function statusOfPost(site: string, url: string): Promise<string> {
  const body = commentBody({ page: { url } });
  const answer = await service.call({ method: 'POST', path: `/v1/sites/${site}/comments`, body });
  return answer.status === 201 ? 'taken' : (answer.json as { code: string }).code;
}

/** What each public answer about the page says of it. */
async function told(
  site: string,
  url: string,
): Promise<{ policy: boolean; fragment: boolean; thread: boolean }> {
  const get = async (path: string) => service.call({ path: `/v1/sites/${site}${path}${page(url)}` });
  const policy = (await get('?')).json as { closed: boolean };
  const saysSo = (text: string): boolean => text.includes('class="gh-closed"');
  return {
    policy: policy.closed,
    fragment: saysSo((await get('/comments?format=html&')).text),
    thread: saysSo((await get('/thread?')).text),
  };
}

const OPEN = { policy: false, fragment: false, thread: false };
const CLOSED = { policy: true, fragment: true, thread: true };

it('a page closes so many days after its oldest comment, also where answers are kept', async () => {
  await makeSite(service.deps, 'aging', { closeAfterDays: 3 });
  const url = `${ORIGIN}/aging`;
  expect(await told('aging', url)).toEqual(OPEN);
  expect(await statusOfPost('aging', url)).toBe('taken');
  now += 2 * DAY;
  expect(await statusOfPost('aging', url)).toBe('taken');
  now = START + 3 * DAY - 1;
  expect(await told('aging', url)).toEqual(OPEN);
  now = START + 3 * DAY;
  expect(await told('aging', url)).toEqual(CLOSED);
  expect(await statusOfPost('aging', url)).toBe('comments-closed');
  expect(await statusOfPost('aging', `${ORIGIN}/younger`)).toBe('taken');
});

it('the article’s own date goes before, and what an admin says of the page before both', async () => {
  await makeSite(service.deps, 'dated', { closeAfterDays: 3 });
  const url = `${ORIGIN}/dated`;
  expect(await statusOfPost('dated', url)).toBe('taken');
  const listed = await service.call({ path: '/v1/admin/sites/dated/pages', headers: ADMIN });
  const [{ key }] = (listed.json as { items: [{ key: string }] }).items;
  const path = `/v1/admin/sites/dated/pages/${key}`;
  const patch = (body: object) => service.call({ method: 'PATCH', path, headers: ADMIN, body });
  await patch({ publishedAt: new Date(START - 3 * DAY).toISOString() });
  expect(await told('dated', url)).toEqual(CLOSED);
  await patch({ publishedAt: new Date(START + DAY).toISOString() });
  now += 3 * DAY;
  expect(await told('dated', url)).toEqual(OPEN);
  now += DAY;
  expect(await told('dated', url)).toEqual(CLOSED);
  await patch({ closed: false });
  expect(await told('dated', url)).toEqual(OPEN);
  expect(await statusOfPost('dated', url)).toBe('taken');
});
