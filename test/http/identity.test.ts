import { authorKey, parseEmail } from '../../src/authors/email.ts';
import { signIdentity } from '../support/identity.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, ORIGIN, startService } from '../support/service.ts';

const HOUR = 3600;
let now = Date.UTC(2026, 5, 1);
let service: TestService;
const secrets = new Map<string, string>();

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  for (const [id, identity] of [
    ['open', 'optional'],
    ['strict', 'required'],
    ['off', 'off'],
    ['fresh', 'optional'],
  ] as const)
    await makeSite(service.deps, id, { identity });
  for (const id of ['open', 'strict', 'off']) secrets.set(id, (await rotate(id)).secret);
});
afterAll(() => service.stop());

async function rotate(site: string): Promise<{ secret: string; previousUntil: string | null }> {
  const path = `/v1/admin/sites/${site}/identity-secret`;
  const { status, json } = await service.call({ method: 'POST', path, headers: ADMIN });
  expect(status).toBe(200);
  return json as { secret: string; previousUntil: string | null };
}

/** A token that is as it must be but for what is said of it. */
function tokenOf(
  claims: object,
  { site = 'open', secret = secrets.get(site) ?? '', header = {} } = {},
): string {
  const exp = Math.floor(now / 1000) + HOUR;
  return signIdentity(secret, { sub: 'reader-7', name: 'Mina Sabouri', aud: site, exp, ...claims }, header);
}

const post = (site: string, author: object | undefined, rest: object = {}) =>
  service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: { ...commentBody({ page: { url: `${ORIGIN}/a` } }), author, ...rest },
  });

interface Posted {
  comment: { id: string; author: { key: string; name: string; verified: boolean; badge: string | null } };
}
async function posted(site: string, author: object): Promise<Posted['comment']> {
  const { status, json } = await post(site, author);
  expect([status, json]).toEqual([201, expect.anything()]);
  return (json as Posted).comment;
}

it('takes name, link and badge from the token, and says that the site vouches for them', async () => {
  const identity = tokenOf({ url: 'mina.example', badge: 'Subscriber', email: 'mina@readers.example' });
  const typed = { name: 'Somebody else', email: 'other@readers.example', url: 'https://spam.example' };
  const { id, author } = await posted('open', { ...typed, identity });
  expect(author).toMatchObject({
    name: 'Mina Sabouri',
    url: 'https://mina.example',
    verified: true,
    badge: 'Subscriber',
    moderator: false,
  });
  const page = encodeURIComponent(`${ORIGIN}/a`);
  const listed = await service.call({ path: `/v1/sites/open/comments?page=${page}` });
  expect((listed.json as { comments: { author: object }[] }).comments[0]?.author).toEqual(author);
  const moderated = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  expect(moderated.json).toMatchObject({ emailMasked: 'm...@readers.example', author: { verified: true } });
});

it('the pseudonym is that of `sub`: the same whatever the name, and never that of an address', async () => {
  const first = await posted('open', { identity: tokenOf({ name: 'First', email: 'sub@readers.example' }) });
  const again = await posted('open', { identity: tokenOf({ name: 'Second' }) });
  const other = await posted('open', { identity: tokenOf({ sub: 'sub@readers.example' }) });
  expect(again.author.key).toBe(first.author.key);
  expect(other.author.key).not.toBe(first.author.key);
  const guest = await posted('open', { name: 'Guest', email: 'sub@readers.example' });
  expect([first.author.key, other.author.key]).not.toContain(guest.author.key);
  expect(guest.author).toMatchObject({ verified: false, badge: null });
});

it('asks a signed-in reader for no field that the token leaves out', async () => {
  const { author } = await posted('strict', { identity: tokenOf({}, { site: 'strict' }) });
  expect(author).toMatchObject({ name: 'Mina Sabouri', url: null, badge: null, verified: true });
});

it('wants a token where the site says so, and does not look at one where it is off', async () => {
  for (const author of [
    undefined,
    {},
    { identity: null },
    { name: 'A', email: 'a@b.example', identity: '' },
  ]) {
    const { status, json } = await post('strict', author);
    expect(status).toBe(422);
    expect((json as { errors: object[] }).errors).toContainEqual(
      expect.objectContaining({ pointer: '/author/identity', code: 'required' }),
    );
  }
  const typed = { name: 'As typed', email: 'typed@readers.example' };
  const { author } = await posted('off', { ...typed, identity: tokenOf({}, { site: 'off' }) });
  expect(author).toMatchObject({ name: 'As typed', verified: false });
  const { status } = await post('off', { identity: tokenOf({}, { site: 'off' }) });
  expect(status).toBe(422);
});

const seconds = (): number => Math.floor(now / 1000);
it.each<[string, () => string]>([
  ['no token', () => 'not a token'],
  ['nothing but dots', () => '..'],
  ['a megabyte', () => 'a'.repeat(100_000)],
  ['another site', () => tokenOf({ aud: 'strict' })],
  ['no site', () => tokenOf({ aud: undefined })],
  ['another secret', () => tokenOf({}, { secret: 'another secret of thirty-two bytes' })],
  ['the secret of another site', () => tokenOf({}, { secret: secrets.get('strict') ?? '' })],
  ['an empty secret', () => tokenOf({}, { secret: '' })],
  ['`none`', () => tokenOf({}, { header: { alg: 'none' } }).replace(/[^.]*$/, '')],
  ['`none` beside a signature', () => tokenOf({}, { header: { alg: 'none' } })],
  ['RS256', () => tokenOf({}, { header: { alg: 'RS256' } })],
  ['HS512 over the same secret', () => tokenOf({}, { header: { alg: 'HS512' } })],
  ['an extension nobody knows', () => tokenOf({}, { header: { crit: ['x'], x: 1 } })],
  [
    'claims that were changed',
    () => tokenOf({}).replace(/\.[^.]+\./, `.${tokenOf({ sub: 'x' }).split('.')[1]}.`),
  ],
  ['one that ran out', () => tokenOf({ exp: seconds() - 61 })],
  ['one that is good for too long', () => tokenOf({ exp: seconds() + HOUR + 61 })],
  ['one that is good for ever', () => tokenOf({ exp: undefined })],
  ['one that is not good yet', () => tokenOf({ nbf: seconds() + 61 })],
  ['no `sub`', () => tokenOf({ sub: undefined })],
  ['an empty `sub`', () => tokenOf({ sub: '' })],
  ['a number for `sub`', () => tokenOf({ sub: 7 })],
  ['a `sub` without end', () => tokenOf({ sub: 'x'.repeat(256) })],
  ['half a character in `sub`', () => tokenOf({ sub: '\ud800' })],
  ['no name', () => tokenOf({ name: undefined })],
  ['a name of nothing visible', () => tokenOf({ name: ' \u200b\u3164 ' })],
  ['an address for a name', () => tokenOf({ name: 'mina@readers.example' })],
  ['a name that is too long', () => tokenOf({ name: 'م'.repeat(101) })],
  ['an object for a name', () => tokenOf({ name: { toString: 'x' } })],
  ['an address that is none', () => tokenOf({ email: 'mina at home' })],
  ['a badge that is too long', () => tokenOf({ badge: 'x'.repeat(41) })],
  ['a list for a badge', () => tokenOf({ badge: ['x'] })],
])('refuses %s, and does not say why', async (_, make) => {
  const { status, json } = await post('open', { identity: make() });
  expect(status).toBe(422);
  expect((json as { errors: object[] }).errors).toEqual([
    { pointer: '/author/identity', code: 'invalid', detail: expect.any(String) },
  ]);
});

it('bears a clock that is a minute off', async () => {
  await posted('open', { identity: tokenOf({ exp: seconds() - 59, sub: 'late' }) });
  await posted('open', { identity: tokenOf({ exp: seconds() + HOUR + 59, sub: 'early' }) });
  await posted('open', { identity: tokenOf({ nbf: seconds() + 59, sub: 'new' }) });
});

it('a site without a secret takes no token', async () => {
  const { status } = await post('fresh', { identity: tokenOf({}, { site: 'fresh', secret: '' }) });
  expect(status).toBe(422);
});

it('hostile words stay text, and are bounded', async () => {
  const badge = '<script>alert(1)</script>\u202e';
  const name = '"><img src=x onerror=alert(1)>';
  const { id, author } = await posted('open', { identity: tokenOf({ badge, name, sub: 'hostile' }) });
  expect(author).toMatchObject({ badge: '<script>alert(1)</script>', name });
  const page = encodeURIComponent(`${ORIGIN}/a`);
  for (const path of [
    `/v1/sites/open/thread?page=${page}`,
    `/v1/sites/open/comments?format=html&page=${page}`,
  ]) {
    const { text } = await service.call({ path });
    expect(text).toContain(id);
    expect(text).not.toMatch(/<script>alert|<img src=x/);
  }
});

it('after a rotation both secrets count for a day, and then the new one alone', async () => {
  const before = secrets.get('open') ?? '';
  const { secret, previousUntil } = await rotate('open');
  expect(previousUntil).toBe(new Date(now + 24 * HOUR * 1000).toISOString());
  secrets.set('open', secret);
  await posted('open', { identity: tokenOf({ sub: 'old' }, { secret: before }) });
  await posted('open', { identity: tokenOf({ sub: 'new' }) });
  now += 24 * HOUR * 1000 + 1;
  await posted('open', { identity: tokenOf({ sub: 'new' }) });
  expect((await post('open', { identity: tokenOf({ sub: 'old' }, { secret: before }) })).status).toBe(422);
  const audit = await service.call({
    path: '/v1/moderation/audit?site=open&action=identity-rotated',
    headers: ADMIN,
  });
  expect((audit.json as { items: object[] }).items).toHaveLength(2);
  expect(audit.text).not.toContain(secret);
  const site = await service.call({ path: '/v1/admin/sites/open', headers: ADMIN });
  expect(site.text).not.toContain(secret);
});

it('a repeated rotation is one, by its key', async () => {
  const headers = { ...ADMIN, 'Idempotency-Key': 'rotate-once' };
  const path = '/v1/admin/sites/off/identity-secret';
  const first = await service.call({ method: 'POST', path, headers });
  const again = await service.call({ method: 'POST', path, headers });
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.json).toEqual(first.json);
});

it('readers are told whether they are to sign in', async () => {
  for (const [site, identity] of [
    ['open', 'optional'],
    ['strict', 'required'],
    ['off', 'off'],
  ])
    expect((await service.call({ path: `/v1/sites/${site}` })).json).toMatchObject({ identity });
});

it('trust follows the pseudonym of `sub`, through any name', async () => {
  await makeSite(service.deps, 'trusting', { identity: 'optional', moderation: 'all' });
  secrets.set('trusting', (await rotate('trusting')).secret);
  const statusOf = async (name: string) => {
    const { json } = await post('trusting', {
      identity: tokenOf({ sub: 'staff', name }, { site: 'trusting' }),
    });
    return json as { comment: { status: string; author: { key: string } } };
  };
  const first = await statusOf('One');
  expect(first.comment.status).toBe('pending');
  const banned = await service.call({
    method: 'PATCH',
    path: `/v1/moderation/authors/${first.comment.author.key}?site=trusting`,
    headers: ADMIN,
    body: { standing: 'banned' },
  });
  expect(banned.status).toBe(200);
  const second = await statusOf('Two');
  const all = '/v1/moderation/queue?site=trusting&status=rejected';
  expect(second.comment.author.key).toBe(first.comment.author.key);
  expect((await service.call({ path: all, headers: ADMIN })).json).toMatchObject({ total: 1 });
});

it('an export and an erasure by address find what was written signed in, under each `sub`', async () => {
  await makeSite(service.deps, 'personal', { identity: 'optional' });
  secrets.set('personal', (await rotate('personal')).secret);
  const email = 'owner@readers.example';
  const own = { site: 'personal' };
  for (const sub of ['one', 'two']) await posted('personal', { identity: tokenOf({ sub, email }, own) });
  await posted('personal', { name: 'As a guest', email });
  await posted('personal', { identity: tokenOf({ sub: 'three', email: 'else@readers.example' }, own) });
  const ask = (what: string, body: object = {}) =>
    service.call({
      method: 'POST',
      path: `/v1/admin/privacy/${what}`,
      headers: ADMIN,
      body: { ...body, email, site: 'personal' },
    });
  const lookup = await service.call({
    method: 'POST',
    path: '/v1/moderation/authors/lookup',
    headers: ADMIN,
    body: { site: 'personal', email: 'else@readers.example' },
  });
  expect(lookup.json).toMatchObject({ counts: { approved: 1 } });
  expect(((await ask('export')).json as { comments: object[] }).comments).toHaveLength(3);
  expect((await ask('erase', { mode: 'delete' })).json).toMatchObject({ comments: 3 });
  expect(((await ask('export')).json as { comments: object[] }).comments).toHaveLength(0);
  const key = authorKey(parseEmail(email) as never, service.deps.keys, 'personal');
  expect(await service.deps.identities.keysOf(key)).toEqual([]);
  const page = encodeURIComponent(`${ORIGIN}/a`);
  const listed = await service.call({ path: `/v1/sites/personal/comments?page=${page}` });
  expect(listed.json).toMatchObject({ total: 1 });
});

it('an erased author is vouched for no more', async () => {
  await makeSite(service.deps, 'anonymous', { identity: 'optional' });
  secrets.set('anonymous', (await rotate('anonymous')).secret);
  const email = 'gone@readers.example';
  const { id } = await posted('anonymous', {
    identity: tokenOf({ email, badge: 'Subscriber' }, { site: 'anonymous' }),
  });
  await service.call({
    method: 'POST',
    path: '/v1/admin/privacy/erase',
    headers: ADMIN,
    body: { email, site: 'anonymous', mode: 'anonymise' },
  });
  const { json } = await service.call({ path: `/v1/comments/${id}` });
  expect((json as Posted['comment']).author).toMatchObject({
    key: null,
    name: null,
    verified: false,
    badge: null,
  });
});
