import { generateSync } from 'otplib';
import { logIn, makePerson, PASSWORD, signedIn } from '../../support/people.ts';
import type { TestService } from '../../support/service.ts';
import { ADMIN, startService } from '../../support/service.ts';

let service: TestService;
let now = Date.UTC(2026, 3, 1);

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
});
afterAll(() => service.stop());

type Headers = Record<string, string>;
const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  service.call({ method, path, headers, body });
const me = (headers: Headers) => call('GET', '/v1/me', headers);
const errorsOf = ({ status, json }: { status: number; json: unknown }) => [
  status,
  ...((json as { errors?: { pointer: string; code: string }[] }).errors ?? []).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  ),
];

describe('GET /v1/me', () => {
  it('tells root and tokens who they are, without an address', async () => {
    const nothing = { email: null, locale: null, notices: null, totp: false };
    const root = { id: 'root', kind: 'root', name: 'root', role: 'admin', sites: ['*'], expiresAt: null };
    expect((await me(ADMIN)).json).toEqual({ ...root, ...nothing });
    const expiresAt = '2027-01-01T00:00:00.000Z';
    const given = { name: 'desk', role: 'moderator', sites: ['news'] };
    const made = await call('POST', '/v1/admin/tokens', ADMIN, { ...given, expiresAt });
    const { id, token } = made.json as { id: string; token: string };
    const bearer = { authorization: `Bearer ${token}` };
    expect((await me(bearer)).json).toEqual({ id, kind: 'token', ...given, ...nothing, expiresAt });
    for (const [method, path] of [
      ['PATCH', ''],
      ['POST', '/totp'],
      ['PUT', '/totp'],
      ['DELETE', '/totp'],
    ] as const) {
      const body = { name: 'x', code: '123456', password: 'x' };
      expect((await call(method, `/v1/me${path}`, bearer, method === 'POST' ? undefined : body)).status).toBe(
        403,
      );
    }
  });
});

describe('PATCH /v1/me', () => {
  it('changes name and locale; null gives the locale back', async () => {
    const { email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const changed = await call('PATCH', '/v1/me', headers, { name: ' نگار ', locale: 'fa', role: 'admin' });
    expect(changed.json).toMatchObject({ name: 'نگار', locale: 'fa', role: 'moderator' });
    expect((await me(headers)).json).toEqual(changed.json);
    expect((await call('PATCH', '/v1/me', headers, { locale: null })).json).toMatchObject({
      locale: null,
      name: 'نگار',
    });
    const wrong = await call('PATCH', '/v1/me', headers, { name: 'me@staff.example', locale: '!' });
    expect(errorsOf(wrong)).toEqual([422, '/name invalid', '/locale invalid']);
  });

  it('chooses how often mail comes about what waits; null leaves it to each site again', async () => {
    const { email } = await makePerson(service);
    const headers = await signedIn(service, email);
    expect((await me(headers)).json).toMatchObject({ notices: null });
    expect((await call('PATCH', '/v1/me', headers, { notices: 'daily' })).json).toMatchObject({
      notices: 'daily',
    });
    expect((await call('PATCH', '/v1/me', headers, { name: 'Nora' })).json).toMatchObject({
      notices: 'daily',
    });
    expect(errorsOf(await call('PATCH', '/v1/me', headers, { notices: 'never' }))).toEqual([
      422,
      '/notices invalid',
    ]);
    expect((await call('PATCH', '/v1/me', headers, { notices: null })).json).toMatchObject({ notices: null });
  });

  it('sets a new password by the present one, and ends the account’s other sessions', async () => {
    const { email } = await makePerson(service);
    const [mine, other] = [await signedIn(service, email), await signedIn(service, email)];
    const next = 'another long password';
    const change = (password: unknown) => call('PATCH', '/v1/me', mine, { password });
    expect(errorsOf(await change({ current: 'wrong', next }))).toEqual([422, '/password/current invalid']);
    expect(errorsOf(await change({ current: PASSWORD, next: 'short' }))).toEqual([
      422,
      '/password/next too-short',
    ]);
    expect(errorsOf(await change({ current: PASSWORD, next: 'x'.repeat(201) }))).toEqual([
      422,
      '/password/next too-long',
    ]);
    expect(errorsOf(await change({}))).toEqual([
      422,
      '/password/current required',
      '/password/next required',
    ]);
    expect((await me(other)).status).toBe(200);
    expect((await change({ current: PASSWORD, next })).status).toBe(200);
    expect([(await me(mine)).status, (await me(other)).status]).toEqual([200, 401]);
    expect((await logIn(service, email)).status).toBe(401);
    expect((await logIn(service, email, { password: next })).status).toBe(201);
  });

  it('takes changes that come at once, one after another', async () => {
    const { email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const next = 'another long password';
    const answers = await Promise.all([
      call('PATCH', '/v1/me', headers, { password: { current: PASSWORD, next } }),
      ...['de', 'fa', 'fr'].map((locale) => call('PATCH', '/v1/me', headers, { locale })),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await logIn(service, email, { password: next })).status).toBe(201);
    const twice = ['one more long password', 'and one more of them'].map((later) =>
      call('PATCH', '/v1/me', headers, { password: { current: next, next: later } }),
    );
    expect((await Promise.all(twice)).filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('counts tries at the present password as log-ins to the account', async () => {
    const classes = { login: { limit: 2, windowSeconds: 900 } };
    const limited = await service.another({ config: { rateLimits: { off: false, classes } } });
    const { email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const body = { password: { current: 'wrong', next: 'another long password' } };
    const attempt = () => limited.call({ method: 'PATCH', path: '/v1/me', headers, body });
    expect([(await attempt()).status, (await attempt()).status, (await attempt()).status]).toEqual([
      422, 422, 429,
    ]);
    await limited.stop();
  });
});

describe('a second factor', () => {
  const step = () => {
    now += 30_000;
  };
  const code = (secret: string) => generateSync({ secret, epoch: Math.floor(now / 1000) });
  const offer = async (headers: Headers) =>
    (await call('POST', '/v1/me/totp', headers)).json as { secret: string; otpauthUrl: string };
  async function withFactor() {
    const { email, account } = await makePerson(service);
    const headers = await signedIn(service, email);
    const { secret } = await offer(headers);
    expect((await call('PUT', '/v1/me/totp', headers, { code: code(secret) })).json).toMatchObject({
      totp: true,
    });
    return { email, account, headers, secret };
  }

  it('is offered as a secret that authenticators take, and is off until its first code', async () => {
    const { email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const first = await offer(headers);
    const { secret, otpauthUrl } = await offer(headers);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const url = new URL(otpauthUrl);
    expect([url.protocol, url.host, decodeURIComponent(url.pathname)]).toEqual([
      'otpauth:',
      'totp',
      `/Gatehouse:${email}`,
    ]);
    expect(url.searchParams.get('secret')).toBe(secret);
    expect((await logIn(service, email)).status).toBe(201);
    const enable = (body: unknown) => call('PUT', '/v1/me/totp', headers, body);
    expect(errorsOf(await enable({}))).toEqual([422, '/code required']);
    expect(errorsOf(await enable({ code: '000000x' }))).toEqual([422, '/code invalid']);
    expect(errorsOf(await enable({ code: code(first.secret) }))).toEqual([422, '/code invalid']);
    expect((await enable({ code: code(secret) })).json).toMatchObject({ totp: true });
    const again = await call('POST', '/v1/me/totp', headers);
    expect([again.status, again.json]).toEqual([409, expect.objectContaining({ reason: 'totp-on' })]);
    expect((await enable({ code: code(secret) })).status).toBe(409);
  });

  it('is asked for by a 401 that names it, only after the right password', async () => {
    const { email, secret } = await withFactor();
    expect(errorsOf(await logIn(service, email))).toEqual([401, '/totp required']);
    expect(errorsOf(await logIn(service, email, { totp: '12 34' }))).toEqual([401, '/totp invalid']);
    expect(errorsOf(await logIn(service, email, { password: 'wrong', totp: code(secret) }))).toEqual([401]);
    step();
    expect((await logIn(service, email, { totp: code(secret) })).status).toBe(201);
  });

  it('lets its owner in after a clock that was ahead was set back', async () => {
    now += 86_400_000;
    const { email, secret } = await withFactor();
    now -= 86_400_000;
    expect((await logIn(service, email, { totp: code(secret) })).status).toBe(201);
    expect(errorsOf(await logIn(service, email, { totp: code(secret) }))).toEqual([401, '/totp invalid']);
  });

  it('takes each code once, in whichever digits, from the step before to the step after', async () => {
    const { email, secret } = await withFactor();
    expect(errorsOf(await logIn(service, email, { totp: code(secret) }))).toEqual([401, '/totp invalid']);
    step();
    const persian = code(secret).replace(/\d/g, (digit) => String.fromCharCode(0x6f0 + Number(digit)));
    const totp = `${persian.slice(0, 3)} ${persian.slice(3)}`;
    const answers = await Promise.all(Array.from({ length: 5 }, () => logIn(service, email, { totp })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
    step();
    const [late] = [code(secret), step()];
    expect((await logIn(service, email, { totp: late })).status).toBe(201);
    step();
    const old = code(secret);
    step();
    step();
    expect((await logIn(service, email, { totp: old })).status).toBe(401);
  });

  it('is switched off by the password', async () => {
    const { email, headers } = await withFactor();
    const off = (password: string) => call('DELETE', '/v1/me/totp', headers, { password });
    expect(errorsOf(await off('wrong'))).toEqual([422, '/password invalid']);
    expect(errorsOf(await logIn(service, email))).toEqual([401, '/totp required']);
    expect((await off(PASSWORD)).status).toBe(204);
    expect((await logIn(service, email)).status).toBe(201);
  });

  it('is taken away by a reset that an admin gave', async () => {
    const { email, account, headers } = await withFactor();
    const given = await call('POST', `/v1/admin/moderators/${account.id}/reset`, ADMIN);
    const { resetUrl } = given.json as { resetUrl: string };
    expect(errorsOf(await logIn(service, email))).toEqual([401, '/totp required']);
    const token = new URL(resetUrl).searchParams.get('token');
    const password = 'another long password';
    expect((await call('POST', '/v1/resets', {}, { token, password })).json).toMatchObject({
      me: { totp: false },
    });
    expect((await me(headers)).status).toBe(401);
    expect((await logIn(service, email, { password })).status).toBe(201);
  });
});
