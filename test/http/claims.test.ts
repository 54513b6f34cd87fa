import type { Page } from '../../src/sites/site.ts';
import { page, post as postTo } from '../support/builders.ts';
import { inParallel } from '../support/in-parallel.ts';
import { makePerson, signedIn } from '../support/people.ts';
import type { Answer, TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';

let service: TestService;
let now = Date.now();
type Headers = Record<string, string>;

interface Claimed {
  items: { id: string; version: number; claim: { by: { id: string; name: string }; until: string } | null }[];
  until: string;
}

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
});
afterAll(() => service.stop());

const claimer = async (name: string, sites = ['*']): Promise<Headers> => {
  const { json } = await service.call({
    method: 'POST',
    path: '/v1/admin/tokens',
    headers: ADMIN,
    body: { name, role: 'moderator', sites },
  });
  return { authorization: `Bearer ${(json as { token: string }).token}` };
};
const post = async (site: string): Promise<string> => {
  const answer = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody(),
  });
  return (answer.json as { comment: { id: string } }).comment.id;
};
/** A site with so many pending comments; their ids, oldest first. */
const filled = async (site: string, count: number): Promise<string[]> => {
  await makeSite(service.deps, site, { moderation: 'all' });
  return (await inParallel(Array(count).fill(site), 50, post)).sort();
};
const send = (method: string, headers: Headers, body?: unknown, query = ''): Promise<Answer> =>
  service.call({ method, path: `/v1/moderation/claims${query}`, headers, body });
const claim = async (headers: Headers, body: object): Promise<Claimed> => {
  const answer = await send('POST', headers, body);
  expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
  return answer.json as Claimed;
};
const idsOf = ({ items }: Claimed): string[] => items.map(({ id }) => id);
const decide = (id: string, action: string, headers: Headers = ADMIN): Promise<Answer> =>
  service.call({
    method: 'POST',
    path: `/v1/moderation/comments/${id}/decisions`,
    headers,
    body: { action },
  });
const shownClaim = async (id: string): Promise<unknown> => {
  const answer = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  return (answer.json as { claim: unknown }).claim;
};

it('gives the oldest that nobody has, and tells everybody whose they are', async () => {
  const ids = await filled('oldest', 5);
  const [ann, bob] = [await claimer('Ann'), await claimer('Bob')];
  const first = await claim(ann, { site: 'oldest', limit: 2, leaseSeconds: 60 });
  expect(idsOf(first)).toEqual(ids.slice(0, 2));
  expect(first.until).toBe(new Date(now + 60_000).toISOString());
  expect(first.items[0]?.claim).toEqual({
    by: { kind: 'token', id: expect.any(String), name: 'Ann' },
    until: first.until,
  });
  const second = await claim(bob, { site: 'oldest', limit: 2 });
  expect(idsOf(second)).toEqual(ids.slice(2, 4));
  expect(second.until).toBe(new Date(now + 600_000).toISOString());
  expect(idsOf(await claim(ann, { site: 'oldest', limit: 100 }))).toEqual(ids.slice(4));
  expect(idsOf(await claim(bob, { site: 'oldest', limit: 100 }))).toEqual([]);
  const queue = await service.call({ path: '/v1/moderation/queue?site=oldest', headers: bob });
  const { items } = queue.json as Claimed;
  expect(items.map(({ claim: shown }) => shown?.by.name)).toEqual(['Ann', 'Ann', 'Bob', 'Bob', 'Ann']);
});

it('keeps nobody from deciding; a decision, its undo and the author’s hand end it', async () => {
  const [one = '', other = '', third = ''] = await filled('ending', 3);
  const [ann, bob] = [await claimer('Ann'), await claimer('Bob')];
  await claim(ann, { site: 'ending', limit: 3 });
  const decided = await decide(one, 'approve', bob);
  expect(decided.json).toMatchObject({ comment: { status: 'approved', claim: null } });
  const { decisionId } = (await decide(other, 'spam', bob)).json as { decisionId: string };
  await service.call({ method: 'POST', path: `/v1/moderation/decisions/${decisionId}/undo`, headers: bob });
  expect([await shownClaim(one), await shownClaim(other)]).toEqual([null, null]);
  expect(await shownClaim(third)).not.toBeNull();
  expect(idsOf(await claim(bob, { site: 'ending', limit: 3 }))).toEqual([other]);
  expect(idsOf((await send('PATCH', ann, {})).json as Claimed)).toEqual([third]);
});

it('runs out, is renewed, and is given back', async () => {
  const ids = await filled('lease', 4);
  const [ann, bob] = [await claimer('Ann'), await claimer('Bob')];
  await claim(ann, { site: 'lease', limit: 2, leaseSeconds: 10 });
  now += 9000;
  const renewed = (await send('PATCH', ann, { leaseSeconds: 20 })).json as Claimed;
  expect([idsOf(renewed), renewed.until]).toEqual([ids.slice(0, 2), new Date(now + 20_000).toISOString()]);
  now += 15_000;
  expect(idsOf(await claim(bob, { site: 'lease', limit: 4 }))).toEqual(ids.slice(2));
  now += 5000;
  expect(await shownClaim(ids[0] ?? '')).toBeNull();
  const nothing = await send('PATCH', ann, {});
  expect([nothing.status, (nothing.json as Claimed).items]).toEqual([200, []]);
  expect(idsOf(await claim(ann, { site: 'lease', limit: 1 }))).toEqual([ids[0]]);

  const some = await send('DELETE', bob, undefined, `?id=${ids[2]}&id=${ids[0]}&id=none`);
  expect([some.status, some.text]).toEqual([204, '']);
  expect(await shownClaim(ids[2] ?? '')).toBeNull();
  expect(await shownClaim(ids[0] ?? '')).not.toBeNull();
  expect((await send('DELETE', bob)).status).toBe(204);
  expect((await send('DELETE', bob)).status).toBe(204);
  expect(idsOf(await claim(ann, { site: 'lease', limit: 4 }))).toEqual(ids.slice(1));
});

it('keeps to the caller’s sites, and to status and words', async () => {
  const [[mine = ''], [theirs = '']] = [await filled('mine', 1), await filled('theirs', 1)];
  const ann = await claimer('Ann', ['mine']);
  expect(idsOf(await claim(ann, { limit: 100 }))).toEqual([mine]);
  expect((await send('POST', ann, { site: 'theirs', limit: 1 })).json).toMatchObject({
    status: 404,
    code: 'site-not-found',
  });
  const all = await claimer('All');
  expect(idsOf(await claim(all, { site: 'theirs', limit: 1, status: 'spam' }))).toEqual([]);
  expect(idsOf(await claim(all, { site: 'theirs', limit: 1, q: 'nowhere' }))).toEqual([]);
  expect(idsOf(await claim(all, { site: 'theirs', limit: 1, phase: 'own-email' }))).toEqual([]);
  expect(idsOf(await claim(all, { site: 'theirs', limit: 1, q: 'words' }))).toEqual([theirs]);
});

it('never gives one comment to two of twenty who claim at once', async () => {
  await makeSite(service.deps, 'crowd', { moderation: 'all' });
  const at = page('crowd', 'https://news.example/crowd');
  const posted = await inParallel(Array(1000).fill(at) as Page[], 100, (where) =>
    postTo(service.store.storage, where),
  );
  const ids = posted.map(({ id }) => id).sort();
  const claimers = await inParallel([...Array(20).keys()], 20, (i) => claimer(`Claimer ${i}`));
  // Each of the twenty asks several times, fifty at a time, for as many as there are.
  const rounds = Array.from({ length: 50 }, (_, i) => claimers[i % 20] as Headers);
  const claimed = await Promise.all(rounds.map((headers) => claim(headers, { site: 'crowd', limit: 20 })));
  const taken = claimed.flatMap(idsOf);
  expect(new Set(taken).size).toBe(taken.length);
  expect(taken.sort()).toEqual(ids);
});

it('tells the live stream of each claim, renewal and return', async () => {
  const ids = await filled('told', 2);
  const { last } = await service.deps.events.ends();
  const ann = await claimer('Ann');
  const { until } = await claim(ann, { site: 'told', limit: 2 });
  now += 1000;
  await send('PATCH', ann, { leaseSeconds: 5 });
  await send('DELETE', ann, undefined, `?id=${ids[1]}`);
  const claims = async () => {
    const events = await service.deps.events.after(last, 100);
    return events.flatMap(({ event }) => (event.type === 'claim' ? [event] : []));
  };
  // On MongoDB they have their number soon after.
  while ((await claims()).length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
  const by = { kind: 'token', name: 'Ann' };
  expect(await claims()).toMatchObject([
    { site: 'told', ids, by, until: Date.parse(until) },
    { site: 'told', ids, by, until: now + 5000 },
    { site: 'told', ids: [ids[1]], by: null, until: null },
  ]);
});

it.each<[string, string, unknown, [string, string][]]>([
  ['POST', 'nothing', {}, [['/limit', 'required']]],
  ['POST', 'zero', { limit: 0 }, [['/limit', 'out-of-range']]],
  [
    'POST',
    'too many',
    { limit: 101, leaseSeconds: 3601 },
    [
      ['/limit', 'out-of-range'],
      ['/leaseSeconds', 'out-of-range'],
    ],
  ],
  ['POST', 'an unknown status', { limit: 1, status: 'open' }, [['/status', 'invalid']]],
  ['POST', 'a long search', { limit: 1, q: 'x'.repeat(201) }, [['/q', 'too-long']]],
  ['PATCH', 'no time', { leaseSeconds: 0 }, [['/leaseSeconds', 'out-of-range']]],
  ['PATCH', 'half a second', { leaseSeconds: 0.5 }, [['/leaseSeconds', 'invalid']]],
])('%s refuses %s', async (method, _, body, expected) => {
  const answer = await send(method, ADMIN, body);
  expect(answer.status).toBe(422);
  const { errors } = answer.json as { errors: { pointer: string; code: string }[] };
  expect(errors.map(({ pointer, code }) => [pointer, code])).toEqual(expected);
});

test('what someone claimed is free at once where they no longer see it', async () => {
  const ids = await filled('leaving', 2);
  await makeSite(service.deps, 'staying', { moderation: 'all' });
  const kept = await post('staying');
  const { account, email } = await makePerson(service, { sites: ['leaving', 'staying'] });
  const headers = await signedIn(service, email);
  const other = await claimer('who stays');
  const all = { leaseSeconds: 3600, limit: 10 };
  const admin = async (method: string, path: string, body?: unknown): Promise<number> =>
    (await service.call({ method, path: `/v1/admin/${path}`, headers: ADMIN, body })).status;

  expect(idsOf(await claim(headers, all))).toEqual([...ids, kept].sort());
  expect(await admin('PATCH', `moderators/${account.id}`, { sites: ['staying'] })).toBe(200);
  expect(await Promise.all(ids.map(shownClaim))).toEqual([null, null]);
  expect(await shownClaim(kept)).toMatchObject({ by: { id: account.id } });

  expect(await admin('PATCH', `moderators/${account.id}`, { state: 'disabled' })).toBe(200);
  expect(await shownClaim(kept)).toBeNull();

  const leaving = await claimer('who leaves', ['leaving']);
  expect(idsOf(await claim(leaving, all))).toEqual(ids);
  const { json } = await service.call({ path: '/v1/me', headers: leaving });
  expect(await admin('DELETE', `tokens/${(json as { id: string }).id}`)).toBe(204);
  expect(idsOf(await claim(other, { ...all, site: 'leaving' }))).toEqual(ids);
});

test('an account that is taken away leaves no claim', async () => {
  const ids = await filled('leaver', 1);
  const { account, email } = await makePerson(service, { sites: ['leaver'] });
  const headers = await signedIn(service, email);
  expect(idsOf(await claim(headers, { limit: 10 }))).toEqual(ids);
  const path = `/v1/admin/moderators/${account.id}`;
  expect((await service.call({ method: 'DELETE', path, headers: ADMIN })).status).toBe(204);
  expect(await Promise.all(ids.map(shownClaim))).toEqual([null]);
});
