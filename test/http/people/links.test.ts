import { logIn, makePerson, PASSWORD, signedIn } from '../../support/people.ts';
import type { TestService } from '../../support/service.ts';
import { ADMIN, makeSite, startService } from '../../support/service.ts';

const HOUR = 3_600_000;
let service: TestService;
let now = Date.UTC(2026, 3, 1);

beforeAll(async () => {
  service = await startService({ clock: { now: () => now } });
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

type Headers = Record<string, string>;
const post = (path: string, body?: unknown, headers: Headers = {}) =>
  service.call({ method: 'POST', path, headers, body });
const errorsOf = ({ status, json }: { status: number; json: unknown }) => [
  status,
  ...((json as { errors?: { pointer: string; code: string }[] }).errors ?? []).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  ),
];
const tokenOf = (url: string): string => {
  const { origin, searchParams } = new URL(url);
  expect(origin).toBe('https://comments.example');
  return searchParams.get('token') ?? '';
};
let invited = 0;
async function invite(): Promise<{ id: string; email: string; token: string }> {
  invited += 1;
  const email = `invited-${invited}@staff.example`;
  const body = { name: 'Otto', email, role: 'moderator', sites: ['news'] };
  const { status, json } = await post('/v1/admin/moderators', body, ADMIN);
  expect(status).toBe(201);
  const { id, inviteUrl, state } = json as { id: string; inviteUrl: string; state: string };
  expect(state).toBe('invited');
  return { id, email, token: tokenOf(inviteUrl) };
}
const accept = (token: string, password = PASSWORD) => post('/v1/invitations', { token, password });
const admin = (id: string, what: string) => post(`/v1/admin/moderators/${id}/${what}`, undefined, ADMIN);

describe('an invitation', () => {
  it('sets the password, signs in, and works once', async () => {
    const { id, email, token } = await invite();
    expect((await logIn(service, email)).status).toBe(401);
    expect(errorsOf(await accept(token, 'short'))).toEqual([422, '/password too-short']);
    expect(errorsOf(await accept(`${token}x`, 'short'))).toEqual([
      422,
      '/password too-short',
      '/token invalid',
    ]);
    expect(errorsOf(await post('/v1/invitations', {}))).toEqual([
      422,
      '/token required',
      '/password required',
    ]);
    expect(errorsOf(await post('/v1/resets', { token, password: PASSWORD }))).toEqual([
      422,
      '/token invalid',
    ]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => accept(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422]);
    const welcome = answers.find(({ status }) => status === 201);
    expect(welcome?.json).toMatchObject({ me: { id, email, sites: ['news'] } });
    expect(welcome?.headers['set-cookie']?.[0]).toMatch(/^gatehouse_session=/);
    expect((await logIn(service, email)).status).toBe(201);
  });

  it('is over after 72 hours, and when a new one is given', async () => {
    const { id, token } = await invite();
    now += 72 * HOUR;
    expect(errorsOf(await accept(token))).toEqual([422, '/token invalid']);
    const first = (await admin(id, 'invite')).json as { inviteUrl: string; expiresAt: string };
    expect(first.expiresAt).toBe(new Date(now + 72 * HOUR).toISOString());
    const second = (await admin(id, 'invite')).json as { inviteUrl: string };
    expect((await accept(tokenOf(first.inviteUrl))).status).toBe(422);
    now += 72 * HOUR - 1;
    expect((await accept(tokenOf(second.inviteUrl))).status).toBe(201);
    const late = await admin(id, 'invite');
    expect([late.status, late.json]).toEqual([
      409,
      expect.objectContaining({ code: 'conflict', reason: 'state' }),
    ]);
  });

  it('does not open a disabled account, nor after it was enabled again', async () => {
    const { id, token } = await invite();
    const patch = (state: string) =>
      service.call({ method: 'PATCH', path: `/v1/admin/moderators/${id}`, headers: ADMIN, body: { state } });
    await patch('disabled');
    expect((await accept(token)).status).toBe(422);
    expect((await admin(id, 'invite')).status).toBe(409);
    expect((await patch('active')).json).toMatchObject({ state: 'invited' });
    expect((await accept(token)).status).toBe(422);
    expect((await admin(id, 'invite')).status).toBe(200);
  });

  it('is void once the account has another address: whoever has the old one does not get in', async () => {
    const { id, email, token } = await invite();
    const patch = (given: string) =>
      service.call({
        method: 'PATCH',
        path: `/v1/admin/moderators/${id}`,
        headers: ADMIN,
        body: { email: given },
      });
    expect((await patch(email.toUpperCase())).status).toBe(200);
    expect((await patch(`right-${email}`)).status).toBe(200);
    expect(errorsOf(await accept(token))).toEqual([422, '/token invalid']);
    const { inviteUrl } = (await admin(id, 'invite')).json as { inviteUrl: string };
    expect((await patch(`RIGHT-${email}`)).status).toBe(200);
    expect((await accept(tokenOf(inviteUrl))).json).toMatchObject({ me: { id } });
  });

  it('given again under its Idempotency-Key is the same link', async () => {
    const { id } = await invite();
    const path = `/v1/admin/moderators/${id}/invite`;
    const headers = { ...ADMIN, 'idempotency-key': 'invite-1' };
    const [first, second] = [await post(path, undefined, headers), await post(path, undefined, headers)];
    expect([second.headers['idempotent-replayed'], second.text]).toEqual(['true', first.text]);
    const { inviteUrl } = first.json as { inviteUrl: string };
    expect((await accept(tokenOf(inviteUrl))).status).toBe(201);
  });
});

describe('a reset', () => {
  it('sets a new password once; until then the old one holds, and then every other session ends', async () => {
    const { account, email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const { resetUrl } = (await admin(account.id, 'reset')).json as { resetUrl: string };
    const body = { token: tokenOf(resetUrl), password: 'another long password' };
    expect((await logIn(service, email)).status).toBe(201);
    const answer = await post('/v1/resets', body);
    expect([answer.status, answer.headers.location]).toEqual([201, '/v1/me']);
    expect((await service.call({ path: '/v1/me', headers })).status).toBe(401);
    expect((await logIn(service, email)).status).toBe(401);
    expect((await logIn(service, email, { password: body.password })).status).toBe(201);
    expect(errorsOf(await post('/v1/resets', body))).toEqual([422, '/token invalid']);
  });

  it('is void once its owner has set a new password', async () => {
    const { account, email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const { resetUrl } = (await admin(account.id, 'reset')).json as { resetUrl: string };
    const change = (password: unknown) =>
      service.call({ method: 'PATCH', path: '/v1/me', headers, body: { password } });
    expect((await change({ current: PASSWORD, next: 'another long password' })).status).toBe(200);
    const body = { token: tokenOf(resetUrl), password: 'the password of a stranger' };
    expect(errorsOf(await post('/v1/resets', body))).toEqual([422, '/token invalid']);
    expect((await service.call({ path: new URL(resetUrl).pathname + new URL(resetUrl).search })).status).toBe(
      404,
    );
  });

  it('is void once the account has another address', async () => {
    const { account, email } = await makePerson(service);
    const { resetUrl } = (await admin(account.id, 'reset')).json as { resetUrl: string };
    const path = `/v1/admin/moderators/${account.id}`;
    const body = { email: `new-${email}` };
    expect((await service.call({ method: 'PATCH', path, headers: ADMIN, body })).status).toBe(200);
    const tried = { token: tokenOf(resetUrl), password: 'the password of a stranger' };
    expect(errorsOf(await post('/v1/resets', tried))).toEqual([422, '/token invalid']);
    expect((await logIn(service, body.email)).status).toBe(201);
  });

  it('is for active accounts within the caller’s scope', async () => {
    const { id } = await invite();
    expect((await admin(id, 'reset')).status).toBe(409);
    const everywhere = await makePerson(service);
    const limited = await makePerson(service, { role: 'admin', sites: ['news'] });
    const headers = await signedIn(service, limited.email);
    const path = `/v1/admin/moderators/${everywhere.account.id}/reset`;
    expect((await service.call({ method: 'POST', path, headers })).status).toBe(404);
    expect((await admin('nobody', 'reset')).status).toBe(404);
  });
});

describe('the pages of the links', () => {
  const form = (path: string, fields: Record<string, string>, headers: Headers = {}) =>
    service.call({
      ...{ method: 'POST', path, body: new URLSearchParams(fields).toString() },
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });

  it('are forms that may be looked at without using the link up, in the caller’s language', async () => {
    const { token } = await invite();
    const page = await service.call({
      path: `/invitation?token=${token}`,
      headers: { 'accept-language': 'fa' },
    });
    expect([page.status, page.headers['content-language']]).toEqual([200, 'fa']);
    expect(page.text).toContain('<html lang="fa" dir="rtl">');
    expect(page.headers['referrer-policy']).toBe('same-origin');
    expect(page.headers['content-security-policy']).toContain("form-action 'self'");
    expect(page.headers['cache-control']).toBe('no-store');
    const wrong = await form('/invitation', { token, password: 'short' });
    expect([wrong.status, wrong.text]).toEqual([
      422,
      expect.stringContaining('This is too short: at least 12.'),
    ]);
    expect(wrong.text).not.toContain('value="short"');
    const foreign = await form(
      '/invitation',
      { token, password: PASSWORD },
      { origin: 'https://evil.example' },
    );
    expect(foreign.status).toBe(403);
    const done = await form(
      '/invitation',
      { token, password: PASSWORD },
      { origin: 'https://comments.example' },
    );
    expect([done.status, done.text]).toEqual([200, expect.stringContaining('<bdi>Otto</bdi>')]);
    expect(done.headers['set-cookie']?.[0]).toMatch(/^gatehouse_session=/);
    const used = await service.call({ path: `/invitation?token=${token}` });
    expect([used.status, used.text]).toEqual([404, expect.stringContaining('no longer works')]);
    expect(used.text).not.toContain('<form');
    const again = await form('/invitation', { token, password: PASSWORD });
    expect([again.status, again.text]).toEqual([422, expect.stringContaining('no longer works')]);
    expect(again.text).not.toContain('<form');
  });

  it('escape what was sent', async () => {
    const token = '"><script>alert(1)</script>';
    const { status, text } = await form('/reset', { token, password: 'short' });
    expect(status).toBe(422);
    expect(text).not.toContain('<script');
    expect((await service.call({ path: `/reset?token=${encodeURIComponent(token)}` })).status).toBe(404);
    expect((await service.call({ path: '/reset' })).status).toBe(404);
  });
});
