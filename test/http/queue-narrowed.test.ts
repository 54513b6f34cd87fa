import type { PolicyPatch } from '../../src/sites/policy.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

interface Shown {
  id: string;
  site: string;
  risk: number;
  author: { key: string | null; standing: string };
  claim: { by: { id: string; name: string } } | null;
}
interface Slice {
  items: Shown[];
  total: number;
  nextCursor: string | null;
}
type Headers = Record<string, string>;

/** More authors held than are asked one by one, on another site. */
const MANY = 23;
const WORDS = ['lakes', 'rivers'];

let service: TestService;
// As it is: MongoDB takes away by its own clock what has run out.
let now = Date.now();
let ann: Headers;
let bob: Headers;

const call = (method: string, path: string, headers: Headers, body?: unknown): Promise<Answer> =>
  service.call({ method, path, headers, body });
const done = async (answer: Promise<Answer>): Promise<unknown> => {
  const { status, text, json } = await answer;
  expect([status, text]).toEqual([status < 300 ? status : 'a success', text]);
  return json;
};
const claimer = async (name: string): Promise<Headers> => {
  const body = { name, role: 'moderator', sites: ['news', 'crowd'] };
  const { token } = (await done(call('POST', '/v1/admin/tokens', ADMIN, body))) as { token: string };
  return { authorization: `Bearer ${token}` };
};
const ask = (query: string, headers = ann): Promise<Slice> =>
  done(call('GET', `/v1/moderation/queue?${query}`, headers)) as Promise<Slice>;
const decide = (id: string, action: string, reason?: string): Promise<unknown> =>
  done(call('POST', `/v1/moderation/comments/${id}/decisions`, ADMIN, { action, reason }));
const stand = (key: string | null | undefined, body: object): Promise<unknown> =>
  done(call('PATCH', `/v1/moderation/authors/${key}`, ADMIN, body));

async function post(site: string, who: string | null, text: string): Promise<void> {
  now += 1000;
  const author = who === null ? { name: 'Nobody', email: null } : { name: who, email: `${who}@example.org` };
  await done(call('POST', `/v1/sites/${site}/comments`, {}, commentBody({ author, body: text })));
}

/** The whole list, in pages of so many. */
async function walk(query: string, limit: number, headers = ann): Promise<{ items: Shown[]; total: number }> {
  const items: Shown[] = [];
  let total = -1;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const slice: Slice = await ask(`${query}&limit=${limit}${cursor && `&cursor=${cursor}`}`, headers);
    if (total >= 0) expect(slice.total).toBe(total);
    total = slice.total;
    items.push(...slice.items);
    cursor = slice.nextCursor;
  }
  return { items, total };
}

const isFree = ({ claim }: Shown): boolean => claim === null;
const isAnns = ({ claim }: Shown): boolean => claim?.by.name === 'Ann';
const stands = (standing: string) => (one: Shown) => one.author.standing === standing;

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  const policy = {
    moderation: 'all',
    requiredFields: ['name'],
    rateLimits: { author: false },
  } satisfies PolicyPatch;
  await makeSite(service.deps, 'news', policy);
  await makeSite(service.deps, 'crowd', { ...policy, links: { hold: 1 } });
  await makeSite(service.deps, 'elsewhere', policy);
  [ann, bob] = [await claimer('Ann'), await claimer('Bob')];

  const authors = ['mina', 'omid', 'sara', 'reza'];
  for (let i = 0; i < 24; i++) {
    const who = i % 6 === 5 ? null : (authors[i % 4] ?? '');
    await post('news', who, `Of ${WORDS[i % 2]} number ${i}${i % 5 === 0 ? ' 0912 345 6789' : ''}`);
  }
  for (let i = 0; i < MANY; i++) await post('crowd', `crowd-${i}`, `Of lakes, https://a.example/${i}`);
  await post('crowd', 'alone', 'Of rivers');
  await post('elsewhere', 'mina', 'Of rivers elsewhere');

  const all = (await ask('limit=200')).items;
  const of = (name: string) =>
    all.filter((one) => one.site === 'news' && (one.author as { name?: string }).name === name);
  await decide(of('mina')[0]?.id ?? '', 'approve');
  await decide(of('mina')[1]?.id ?? '', 'spam', 'spam');
  await decide(of('mina')[2]?.id ?? '', 'approve');
  await decide(of('mina')[3]?.id ?? '', 'approve');
  await stand(of('omid')[0]?.author.key, { standing: 'trusted' });
  await stand(of('sara')[0]?.author.key, { standing: 'held', until: new Date(now + 60_000).toISOString() });
  for (const { author } of all.filter(({ site }) => site === 'crowd').slice(0, MANY))
    await stand(author.key, { standing: 'banned' });

  await done(call('POST', '/v1/moderation/claims', ann, { site: 'news', limit: 6 }));
  await done(call('POST', '/v1/moderation/claims', bob, { site: 'news', limit: 4 }));
  await done(call('POST', '/v1/moderation/claims', ann, { site: 'crowd', limit: 3 }));
});
afterAll(() => service.stop());

const NARROWINGS: [string, (one: Shown) => boolean][] = [
  ['claimed=mine', isAnns],
  ['claimed=free', isFree],
  ['standing=new', stands('new')],
  ['standing=known', stands('known')],
  ['standing=trusted', stands('trusted')],
  ['standing=held', stands('held')],
  ['standing=banned', stands('banned')],
  ['claimed=free&standing=new', (one) => isFree(one) && stands('new')(one)],
  ['claimed=free&standing=banned', (one) => isFree(one) && stands('banned')(one)],
  ['claimed=mine&standing=trusted', (one) => isAnns(one) && stands('trusted')(one)],
];

const FILTERS = [
  '',
  'status=all',
  'status=all&site=crowd&sort=newest',
  'sort=risk&status=all',
  'status=spam&reason=spam',
  'q=lake',
  'q=river&sort=oldest&status=all',
  'phase=contacts&status=all',
  'phase=moderation&sort=newest',
  'status=approved',
];

it.each(FILTERS)(
  'finds of the queue under ‘%s’ what is claimed, free, and of each standing',
  async (filter) => {
    const { items: all } = await walk(filter, 200);
    for (const [narrowing, isAsked] of NARROWINGS) {
      const wanted = all.filter(isAsked).map(({ id }) => id);
      for (const limit of [7, 50]) {
        const { items, total } = await walk(`${filter}&${narrowing}`, limit);
        expect([narrowing, items.map(({ id }) => id), total]).toEqual([narrowing, wanted, wanted.length]);
      }
    }
  },
);

it('has something of each kind to find', async () => {
  for (const [narrowing] of NARROWINGS)
    expect([narrowing, (await ask(`status=all&${narrowing}`)).total]).not.toEqual([narrowing, 0]);
});

it('keeps to the author and the page that are asked for', async () => {
  const [held] = (await ask('standing=held')).items;
  const key = held?.author.key ?? '';
  const all = await ask(`author=${key}`);
  expect(await ask(`author=${key}&standing=held`)).toEqual(all);
  expect((await ask(`author=${key}&standing=trusted`)).total).toBe(0);
  expect((await ask('page=https://news.example/none&claimed=free')).total).toBe(0);
});

it.each([...FILTERS, 'author=KEY', 'standing=new', 'claimed=free&status=all', 'since=1970-01-01T00:00:00Z'])(
  'finds a page of that name on each site that knows it, under ‘%s’',
  async (filter) => {
    const [{ author } = { author: null }] = (await ask('site=news')).items;
    const asked = filter.replace('KEY', `${author?.key}`);
    const all = await walk(asked, 200);
    const page = `page=${encodeURIComponent((commentBody() as { page: { url: string } }).page.url)}`;
    expect(all.total).toBeGreaterThan(0);
    if (filter === '') expect(new Set(all.items.map(({ site }) => site)).size).toBe(2);
    for (const limit of [7, 200]) {
      const { items, total } = await walk(`${asked}&${page}`, limit);
      expect([items.map(({ id }) => id), total]).toEqual([all.items.map(({ id }) => id), all.total]);
    }
  },
);

it('a claim is its holder’s alone, and of the caller’s sites', async () => {
  const { items } = await ask('claimed=mine', bob);
  expect(items.map(({ claim }) => claim?.by.name)).toEqual(Array(4).fill('Bob'));
  expect((await ask('claimed=mine', ADMIN)).total).toBe(0);
  const free = await ask('claimed=free&status=all', ADMIN);
  expect(free.items.some(({ site }) => site === 'elsewhere')).toBe(true);
});

it('a decision ends a claim and time ends claims and standings: both filters follow', async () => {
  const [first] = (await ask('claimed=mine&site=crowd')).items;
  const before = await ask('claimed=free&site=crowd&status=all');
  await decide(first?.id ?? '', 'reject');
  expect((await ask('claimed=mine&site=crowd&status=all')).total).toBe(2);
  expect((await ask('claimed=free&site=crowd&status=all')).total).toBe(before.total + 1);
  expect((await ask('standing=held')).total).toBeGreaterThan(0);
  now += 61_000;
  expect((await ask('standing=held')).total).toBe(0);
  now += 600_000;
  expect((await ask('claimed=mine')).total).toBe(0);
  expect((await ask('claimed=free')).total).toBe((await ask('')).total);
});

it.each([
  ['claimed=yours', 'claimed', 'invalid'],
  ['claimed=mine&claimed=free', 'claimed', 'duplicate'],
  ['standing=friend', 'standing', 'invalid'],
])('refuses %s, and a cursor of another list', async (query, parameter, code) => {
  const refused = await call('GET', `/v1/moderation/queue?${query}`, ann);
  expect(refused).toMatchObject({ status: 422, json: { errors: [{ parameter, code }] } });
  const { nextCursor } = await ask('limit=1&standing=new&status=all');
  const other = await call('GET', `/v1/moderation/queue?limit=1&status=all&cursor=${nextCursor}`, ann);
  expect(other).toMatchObject({ status: 422, json: { errors: [{ parameter: 'cursor', code: 'invalid' }] } });
});
