import type { IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { updateModerator } from '../../../src/staff/moderators.ts';
import type { Passwords } from '../../../src/staff/passwords.ts';
import { ROOT } from '../../../src/staff/principal.ts';
import { eventually } from '../../support/eventually.ts';
import { cookieOf, logIn, makePerson, PASSWORD, signedIn } from '../../support/people.ts';
import type { CallOptions, TestService } from '../../support/service.ts';
import { ADMIN, makeSite, PUBLIC_URL, startService } from '../../support/service.ts';

const HOUR = 3_600_000;
let service: TestService;
let now = Date.UTC(2026, 3, 1);

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

/** Until a call of this moment is noted: that happens behind its answer. */
const noted = (id: string): Promise<void> =>
  eventually(async () => expect((await service.deps.staff.findModerator(id))?.lastSeenAt).toBe(now));
const me = (headers: Record<string, string>) => service.call({ path: '/v1/me', headers });
const codeOf = ({ json }: { json: unknown }) => (json as { code: string }).code;
const disable = (id: string) => updateModerator(service.deps, ROOT, { id, patch: { state: 'disabled' } });

describe('signing in', () => {
  it('answers 201 with who it is and until when, and a cookie that scripts and other sites can’t reach', async () => {
    const { account, email } = await makePerson(service, { name: 'مینا' });
    const answer = await logIn(service, email.toUpperCase());
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe('/v1/me');
    expect(answer.headers['cache-control']).toBe('no-store');
    const expiresAt = new Date(now + 12 * HOUR).toISOString();
    const who = {
      id: account.id,
      kind: 'moderator',
      name: 'مینا',
      email,
      role: 'moderator',
      sites: ['*'],
      locale: null,
      notices: null,
      expiresAt,
      totp: false,
    };
    expect(answer.json).toEqual({ me: who, expiresAt });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    const attributes = cookie.split('; ').slice(1).sort();
    expect(attributes).toEqual(['HttpOnly', 'Max-Age=604800', 'Path=/', 'SameSite=Lax', 'Secure']);
    expect((await me({ cookie: cookieOf(answer) })).json).toEqual(who);
  });

  it('tells a page that brings no cookie so, in its language, and a script what it is told otherwise', async () => {
    const page = { 'x-requested-with': 'a-page', 'accept-language': 'fa' };
    expect(await me(page)).toMatchObject({
      status: 401,
      json: { code: 'unauthenticated', reason: 'no-cookie', detail: expect.stringContaining('کوکی') },
    });
    const others = [
      {},
      { ...page, cookie: 'gatehouse_session=gone' },
      { ...page, authorization: 'Bearer gone' },
    ];
    for (const headers of others) expect((await me(headers)).json).not.toHaveProperty('reason');
  });

  it('sets a cookie without Secure where the service is reached by http', async () => {
    const plain = await service.another({ config: { publicUrl: 'http://localhost:8080' } });
    const { email } = await makePerson(service);
    const [cookie = ''] = (await logIn(plain, email)).headers['set-cookie'] ?? [];
    expect(cookie).not.toContain('Secure');
    await plain.stop();
  });

  it('answers an unknown address, a wrong password, an invited and a disabled account alike, each after one hash', async () => {
    let verified = 0;
    const counting = (passwords: Passwords): Passwords => ({
      ...passwords,
      verify: (password, kept) => {
        verified += 1;
        return passwords.verify(password, kept);
      },
    });
    const watched = await service.another({
      deps: (deps) => ({ ...deps, passwords: counting(deps.passwords) }),
    });
    const active = await makePerson(service);
    const invited = await makePerson(service, { password: null });
    const disabled = await makePerson(service);
    await disable(disabled.account.id);
    const answers = [
      await logIn(watched, 'nobody@staff.example'),
      await logIn(watched, active.email, { password: 'not the right one' }),
      await logIn(watched, active.email, { password: 'x', totp: '123456' }),
      await logIn(watched, invited.email),
      await logIn(watched, disabled.email),
    ];
    expect(verified).toBe(answers.length);
    for (const { status, text, headers } of answers) {
      expect([status, text]).toEqual([401, answers[0]?.text]);
      expect(headers['www-authenticate']).toBe('Bearer');
      expect(headers['set-cookie']).toBeUndefined();
    }
    await watched.stop();
  });

  it('compares passwords the same from every keyboard, and by every character', async () => {
    const password = 'گذرواژه‌ی é بلند';
    const { email } = await makePerson(service, { password });
    expect((await logIn(service, email, { password: password.normalize('NFD') })).status).toBe(201);
    expect((await logIn(service, email, { password: `${password} ` })).status).toBe(401);
  });

  it('names every bad field', async () => {
    const { status, json } = await service.call({
      method: 'POST',
      path: '/v1/sessions',
      body: { email: 'x' },
    });
    const errors = (json as { errors: { pointer: string; code: string }[] }).errors;
    expect([status, errors.map(({ pointer, code }) => [pointer, code])]).toEqual([
      422,
      [
        ['/email', 'invalid-email'],
        ['/password', 'required'],
      ],
    ]);
  });
});

describe('a session', () => {
  it('ends after twelve hours without a call, and slides with calls', async () => {
    const { account, email } = await makePerson(service);
    const [kept, left] = [await signedIn(service, email), await signedIn(service, email)];
    now += 11 * HOUR;
    const answer = await me(kept);
    expect(answer.status).toBe(200);
    expect((answer.json as { expiresAt: string }).expiresAt).toBe(new Date(now + 12 * HOUR).toISOString());
    await noted(account.id);
    now += HOUR;
    expect((await me(left)).status).toBe(401);
    expect((await me(kept)).status).toBe(200);
  });

  it('ends after seven days all the same', async () => {
    const { account, email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const end = now + 7 * 24 * HOUR;
    while (now < end - 6 * HOUR) {
      expect((await me(headers)).status).toBe(200);
      await noted(account.id);
      now += 6 * HOUR;
    }
    const { json } = await me(headers);
    expect((json as { expiresAt: string }).expiresAt).toBe(new Date(end).toISOString());
    now = end;
    expect((await me(headers)).status).toBe(401);
  });

  it('ends by signing out, alone; a token has none to end', async () => {
    const { email } = await makePerson(service);
    const [ended, other] = [await signedIn(service, email), await signedIn(service, email)];
    const signOut = { method: 'DELETE', path: '/v1/sessions/current' };
    const answer = await service.call({ ...signOut, headers: ended });
    expect([answer.status, answer.text]).toEqual([204, '']);
    expect(answer.headers['set-cookie']?.[0]).toMatch(/^gatehouse_session=; Max-Age=0; /);
    expect([(await me(ended)).status, (await me(other)).status]).toEqual([401, 200]);
    expect((await service.call({ ...signOut, headers: ADMIN })).status).toBe(403);
  });

  it('ends at once on every instance when the account is disabled', async () => {
    const another = await service.another();
    const { account, email } = await makePerson(service);
    const headers = await signedIn(service, email);
    expect((await another.call({ path: '/v1/me', headers })).status).toBe(200);
    await disable(account.id);
    expect((await another.call({ path: '/v1/me', headers })).status).toBe(401);
    await another.stop();
  });

  it('carries a live stream, which ends soon after it', async () => {
    const { account, email } = await makePerson(service);
    const { cookie = '' } = await signedIn(service, email);
    const began = new Promise<IncomingMessage>((resolve, reject) => {
      const path = '/v1/moderation/events';
      get({ port: service.port, path, headers: { cookie } }, resolve).on('error', reject);
    });
    const stream = await began;
    expect(stream.statusCode).toBe(200);
    const ended = new Promise((resolve) => stream.once('close', resolve));
    stream.resume();
    await disable(account.id);
    await ended;
  });

  it('of an altered or an empty cookie is none, whatever stands beside it', async () => {
    const { email } = await makePerson(service);
    const { cookie = '' } = await signedIn(service, email);
    expect((await me({ cookie: `a=b; ${cookie}; c=%zz` })).status).toBe(200);
    for (const wrong of ['gatehouse_session=', `${cookie}x`, cookie.slice(0, -1), 'gatehouse_session=%zz'])
      expect((await me({ cookie: wrong })).status).toBe(401);
  });
});

describe('a cookie', () => {
  const site = { id: 'other', name: 'Other', origins: ['https://other.example'] };
  const write = (headers: Record<string, string>): CallOptions => ({
    ...{ method: 'PATCH', path: '/v1/admin/sites/news', headers },
    body: { name: site.name },
  });

  it('writes only with X-Requested-With, and reads without', async () => {
    const { email } = await makePerson(service, { role: 'admin' });
    const { cookie = '' } = await signedIn(service, email);
    const refused = await service.call(write({ cookie }));
    expect([refused.status, codeOf(refused)]).toEqual([403, 'forbidden']);
    expect((await service.call(write({ cookie, 'x-requested-with': '' }))).status).toBe(200);
    expect((await service.call({ path: '/v1/admin/sites', headers: { cookie } })).status).toBe(200);
  });

  it('is nobody’s where the caller names another account than the one that signed in last', async () => {
    const [one, other] = [await makePerson(service), await makePerson(service)];
    const headers = await signedIn(service, one.email);
    const named = (id: string) => me({ ...headers, 'gatehouse-account': id });
    expect((await named(one.account.id)).status).toBe(200);
    const refused = await named(other.account.id);
    expect([refused.status, codeOf(refused)]).toEqual([401, 'unauthenticated']);
    expect((await me({ ...ADMIN, 'gatehouse-account': other.account.id })).status).toBe(200);
  });

  it('counts for our own origin only; a dashboard of another brings a token', async () => {
    const { email } = await makePerson(service, { role: 'admin' });
    const headers = await signedIn(service, email);
    expect((await service.call(write({ ...headers, origin: PUBLIC_URL }))).status).toBe(200);
    for (const origin of ['https://desk.example', 'https://evil.example', 'null']) {
      expect((await me({ ...headers, origin })).status).toBe(401);
      expect((await service.call(write({ ...headers, origin }))).status).toBe(401);
    }
    const answer = await service.call(write({ ...headers, ...ADMIN, origin: 'https://desk.example' }));
    expect(answer.status).toBe(200);
    expect(answer.headers['access-control-allow-credentials']).toBeUndefined();
  });

  it('yields to a bearer token, but not to other schemes that a proxy may use', async () => {
    const { email } = await makePerson(service);
    const headers = await signedIn(service, email);
    expect((await me({ ...headers, authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await me({ ...headers, authorization: 'Basic eDp5' })).status).toBe(200);
  });
});

describe('log-ins are limited', () => {
  const classes = { login: { limit: 5, windowSeconds: 900 } };
  const from = (address: string, email: string, password = 'wrong password') =>
    limited.call({
      method: 'POST',
      path: '/v1/sessions',
      headers: { 'x-forwarded-for': address },
      body: { email, password },
    });
  let limited: TestService;

  beforeAll(async () => {
    limited = await service.another({ config: { rateLimits: { off: false, classes }, trustProxy: 1 } });
  });
  afterAll(() => limited.stop());
  beforeEach(() => {
    now += HOUR;
  });

  it('by address', async () => {
    for (let i = 0; i < 5; i++) expect((await from('203.0.113.1', `n${i}@staff.example`)).status).toBe(401);
    const { status, headers } = await from('203.0.113.1', 'n9@staff.example');
    expect([status, headers['retry-after'], headers['ratelimit-policy']]).toEqual([
      429,
      '900',
      '"login";q=5;w=900',
    ]);
    expect((await from('203.0.113.2', 'n9@staff.example')).status).toBe(401);
  });

  it.each([true, false])('by account, however it is spelt; known: %s', async (known) => {
    const { email } = known ? await makePerson(service) : { email: 'Nobody@staff.example' };
    const at = (i: number) => `203.0.113.${known ? 10 + i : 40 + i}`;
    for (let i = 0; i < 5; i++) expect((await from(at(i), email)).status).toBe(401);
    const refused = await from(at(6), email.toUpperCase(), PASSWORD);
    expect([refused.status, refused.headers.ratelimit]).toEqual([429, '"login";r=0;t=900']);
    now += 900_000;
    expect((await from(at(7), email, PASSWORD)).status).toBe(known ? 201 : 401);
  });
});

it('nothing of a log-in stands in the log', async () => {
  const { email } = await makePerson(service);
  const answer = await logIn(service, email, { totp: '123456' });
  await logIn(service, email, { password: 'another long password' });
  const log = service.logged.join('\n');
  const secrets = [cookieOf(answer).split('=')[1] ?? '', PASSWORD, 'another long password', email, '123456'];
  for (const secret of secrets) expect(log).not.toContain(secret);
  expect(log).toContain('/v1/sessions');
});
