import { generateSync } from 'otplib';
import type { MailRunner } from '../../../src/mail/runner.ts';
import { MAILED_RESET_LIFE, mailedResetToken } from '../../../src/staff/mailed-reset.ts';
import { linkIn, type Mailing, mailTo, startMailing } from '../../support/mail.ts';
import type { Mailbox, ReceivedMail } from '../../support/mailbox.ts';
import { logIn, makePerson, type Person, signedIn } from '../../support/people.ts';
import { ADMIN, type TestService } from '../../support/service.ts';
import { until } from '../../support/until.ts';

/** A forgotten password, by mail: who asks, what comes, and what the link in it does. */

const MINUTE = 60_000;
const NEXT = 'another long password';
let mailbox: Mailbox;
let service: TestService;
let runner: MailRunner;
let now = Date.UTC(2026, 3, 1);
let stop: Mailing['stop'];

beforeAll(async () => {
  ({ mailbox, service, runner, stop } = await startMailing({ clock: { now: () => now } }));
});
afterAll(() => stop());
// Nobody's mail waits for another's quarter of an hour.
beforeEach(() => {
  now += 15 * MINUTE;
});

type Headers = Record<string, string>;
const post = (path: string, body: unknown, headers: Headers = {}) =>
  service.call({ method: 'POST', path, body, headers });
const form = (path: string, fields: Record<string, string>, headers: Headers = {}) =>
  post(path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  });
const ask = (email: unknown, headers: Headers = {}) => post('/v1/reset-mails', { email }, headers);
const errorsOf = ({ status, json }: { status: number; json: unknown }) => [
  status,
  ...((json as { errors?: { pointer: string; code: string }[] }).errors ?? []).map(
    ({ pointer, code }) => `${pointer} ${code}`,
  ),
];
const tokenOf = (mail: ReceivedMail, label = 'Choose a new password'): string =>
  new URL(linkIn(mail, label), 'http://service.test').searchParams.get('token') ?? '';
const reset = (token: string, more: Record<string, unknown> = {}) =>
  post('/v1/resets', { token, password: NEXT, ...more });
const idle = () => until('no mail to wait', async () => (await runner.figures.waiting()) === 0);

async function mailed(): Promise<Person & { mail: ReceivedMail; token: string }> {
  const person = await makePerson(service);
  expect((await ask(person.email)).status).toBe(202);
  const mail = await mailTo(mailbox, person.email);
  return { ...person, mail, token: tokenOf(mail) };
}

/** Somebody with the link that a mail asked for now would hold. */
async function linked(): Promise<Person & { token: string }> {
  const person = await makePerson(service);
  const token = mailedResetToken(service.deps.keys, person.account, now + MAILED_RESET_LIFE);
  return { ...person, token };
}

/** Gives the account a second factor; its code of the moment, one that was not used yet. */
async function secondFactor(email: string): Promise<() => string> {
  const headers = await signedIn(service, email);
  const { secret } = (await post('/v1/me/totp', undefined, headers)).json as { secret: string };
  const code = () => generateSync({ secret, epoch: Math.floor(now / 1000) });
  await service.call({ method: 'PUT', path: '/v1/me/totp', headers, body: { code: code() } });
  now += 30_000;
  return code;
}

describe('the mail', () => {
  it('goes to an active account alone, and the answer is one for everybody', async () => {
    const active = await makePerson(service);
    const invited = await makePerson(service, { password: null });
    const disabled = await makePerson(service);
    const path = `/v1/admin/moderators/${disabled.account.id}`;
    await service.call({ method: 'PATCH', path, headers: ADMIN, body: { state: 'disabled' } });
    const others = ['nobody@staff.example', invited.email, disabled.email];
    const answers = [await ask(active.email)];
    for (const email of others) answers.push(await ask(email));
    const toldBy = ({ headers }: { headers: Record<string, unknown> }) =>
      Object.keys(headers).filter((name) => headers[name] !== undefined);
    for (const answer of answers) {
      expect([answer.status, answer.text, toldBy(answer)]).toEqual([202, '{}', toldBy(answers[0] ?? answer)]);
      expect(answer.headers['cache-control']).toBe('no-store');
    }
    await mailTo(mailbox, active.email);
    await idle();
    expect(mailbox.mails.filter(({ recipients }) => others.some((one) => recipients.includes(one)))).toEqual(
      [],
    );
  });

  it('says what it is about in plain text and HTML, and names no one', async () => {
    const { mail, account, email } = await mailed();
    expect([mail.subject, mail.from.name]).toEqual(['A new password for comments.example', 'Gatehouse']);
    expect(mail.recipients).toEqual([email]);
    expect(mail.text).toContain('Valid for: 3 hours.');
    expect(mail.html).toContain('href="https://comments.example/reset?token=');
    expect(mail.header('auto-submitted')).toBe('auto-generated');
    expect(`${mail.text}${mail.html}`).not.toContain(account.name);
  });

  it('speaks the account’s language, else that of who asked', async () => {
    const { email, account } = await makePerson(service);
    const path = '/v1/me';
    await service.call({
      ...{ method: 'PATCH', path, headers: await signedIn(service, email) },
      body: { locale: 'fa' },
    });
    await ask(email, { 'accept-language': 'de' });
    const persian = await mailTo(mailbox, email);
    expect(persian.html).toContain('<html lang="fa" dir="rtl">');
    expect(persian.text).toContain('۳ ساعت');
    const other = await makePerson(service);
    await ask(other.email, { 'accept-language': 'de' });
    expect((await mailTo(mailbox, other.email)).subject).toBe('Ein neues Passwort für comments.example');
    expect(account.locale).toBeNull();
  });

  it('comes once in a quarter of an hour, however often it is asked for', async () => {
    const { email } = await mailed();
    await ask(email.toUpperCase());
    await idle();
    const count = () => mailbox.mails.filter(({ recipients }) => recipients.includes(email)).length;
    expect(count()).toBe(1);
    now += 15 * MINUTE;
    await ask(email);
    await until('the second', () => count() === 2);
  });

  it('that a server refuses is tried again with the same link', async () => {
    const { email } = await makePerson(service);
    const before = mailbox.offered();
    mailbox.behave({ refuse: 451, at: 'message' });
    await ask(email);
    await until('a try', () => mailbox.offered() > before);
    mailbox.behave('take');
    const token = tokenOf(await mailTo(mailbox, email));
    expect((await reset(token)).status).toBe(201);
  });

  it('is not asked for by what is no address', async () => {
    expect(errorsOf(await ask('nobody'))).toEqual([422, '/email invalid-email']);
    expect(errorsOf(await ask(undefined))).toEqual([422, '/email required']);
    expect(errorsOf(await ask(['a@staff.example']))).toEqual([422, '/email invalid']);
  });
});

describe('its link', () => {
  it('sets a new password once; then every other session is over, and the audit says so', async () => {
    const { email, token, account } = await mailed();
    const headers = await signedIn(service, email);
    const given = await post(`/v1/admin/moderators/${account.id}/reset`, undefined, ADMIN);
    const { resetUrl } = given.json as { resetUrl: string };
    expect(errorsOf(await reset(token, { password: 'short' }))).toEqual([422, '/password too-short']);
    const answers = await Promise.all(Array.from({ length: 5 }, () => reset(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 422, 422, 422, 422]);
    const welcome = answers.find(({ status }) => status === 201);
    const cookie = welcome?.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    expect((await service.call({ path: '/v1/me', headers: { cookie } })).json).toMatchObject({ email });
    expect((await service.call({ path: '/v1/me', headers })).status).toBe(401);
    expect((await logIn(service, email)).status).toBe(401);
    expect((await logIn(service, email, { password: NEXT })).status).toBe(201);
    expect(errorsOf(await reset(token))).toEqual([422, '/token invalid']);
    // What an admin gave meanwhile is no second way in.
    expect((await reset(new URL(resetUrl).searchParams.get('token') ?? '')).status).toBe(422);
    const path = `/v1/moderation/audit?action=password-changed&by=${account.id}`;
    const { json } = await service.call({ path, headers: ADMIN });
    expect(json).toMatchObject({ items: [{ by: { id: account.id }, note: 'by mail' }] });
    expect((json as { items: unknown[] }).items).toHaveLength(1);
  });

  it('changes nothing by being asked for: the old password holds, and so does what an admin sees', async () => {
    const { email, account } = await mailed();
    expect((await logIn(service, email)).status).toBe(201);
    const path = `/v1/admin/moderators/${account.id}`;
    expect((await service.call({ path, headers: ADMIN })).json).toMatchObject({ version: account.version });
  });

  it('leaves the second factor, and asks for its code', async () => {
    const { email, token } = await linked();
    const code = await secondFactor(email);
    expect(errorsOf(await reset(token))).toEqual([401, '/totp required']);
    expect(errorsOf(await reset(token, { totp: '000000' }))).toEqual([401, '/totp invalid']);
    expect((await logIn(service, email, { totp: code() })).status).toBe(201);
    // A code that was used for something else is used.
    expect(errorsOf(await reset(token, { totp: code() }))).toEqual([401, '/totp invalid']);
    now += 30_000;
    const answers = await Promise.all(Array.from({ length: 4 }, () => reset(token, { totp: code() })));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(errorsOf(await logIn(service, email, { password: NEXT }))).toEqual([401, '/totp required']);
  });

  it('is over after three hours, and once password or address are others', async () => {
    const late = await linked();
    now += 165 * MINUTE;
    const changed = await linked();
    const moved = await linked();
    expect(errorsOf(await reset(late.token))).toEqual([201]);
    now += 15 * MINUTE;
    const headers = await signedIn(service, changed.email);
    const password = { current: 'a long enough password', next: 'yet another long one' };
    await service.call({ method: 'PATCH', path: '/v1/me', headers, body: { password } });
    const path = `/v1/admin/moderators/${moved.account.id}`;
    const body = { email: `moved-${moved.email}` };
    expect((await service.call({ method: 'PATCH', path, headers: ADMIN, body })).status).toBe(200);
    const { token } = await linked();
    now += 180 * MINUTE;
    for (const one of [changed.token, moved.token, token])
      expect(errorsOf(await reset(one))).toEqual([422, '/token invalid']);
  });

  it('of which anything is another is none', async () => {
    const [one, other] = [await linked(), await linked()];
    const [id = '', end = '', mac = ''] = one.token.split('.');
    const wrong = [
      [other.token.split('.')[0], end, mac],
      [id, String(Number(end) + 1), mac],
      [id, end, mac.slice(1)],
      [id, end, ''],
      [id, end, mac, ''],
      [id],
      [id, 'NaN', mac],
    ].map((parts) => parts.join('.'));
    for (const token of [...wrong, '.', '..', '"><script>.', `${one.token}x`.repeat(2000)])
      expect(errorsOf(await reset(token))).toEqual([422, '/token invalid']);
    expect((await reset(one.token)).status).toBe(201);
  });
});

describe('the pages', () => {
  it('ask for the address, and set the password, without a script and in the caller’s language', async () => {
    const { email, account } = await makePerson(service);
    const shown = await service.call({ path: '/forgot-password', headers: { 'accept-language': 'fa' } });
    expect([shown.status, shown.headers['content-language']]).toEqual([200, 'fa']);
    expect(shown.text).toContain('<html lang="fa" dir="rtl">');
    expect(shown.headers['content-security-policy']).toContain("form-action 'self'");
    const typed = '"><script>alert(1)</script>';
    const wrong = await form('/forgot-password', { email: typed });
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('aria-invalid="true"')]);
    expect(wrong.text).not.toContain('<script');
    expect((await form('/forgot-password', {})).status).toBe(422);
    const foreign = await form('/forgot-password', { email }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    const sent = await form('/forgot-password', { email });
    const unknown = await form('/forgot-password', { email: 'nobody@staff.example' });
    expect([sent.status, unknown.status, unknown.text]).toEqual([202, 202, sent.text]);
    const link = linkIn(await mailTo(mailbox, email), 'Choose a new password');
    const page = await service.call({ path: link });
    expect([page.status, page.text]).toEqual([200, expect.stringContaining('name="token"')]);
    expect(page.text).not.toContain('authenticator');
    const token = new URL(link, 'http://service.test').searchParams.get('token') ?? '';
    expect((await form('/reset', { token, password: 'short' })).status).toBe(422);
    const done = await form('/reset', { token, password: NEXT });
    expect([done.status, done.text]).toEqual([200, expect.stringContaining(`<bdi>${account.name}</bdi>`)]);
    expect((await service.call({ path: link })).status).toBe(404);
    expect((await form('/reset', { token, password: NEXT })).text).toContain('no longer works');
  });

  it('ask for the code where the account has a second factor', async () => {
    const { email, token } = await linked();
    const code = await secondFactor(email);
    expect((await service.call({ path: `/reset?token=${token}` })).text).toContain('name="totp"');
    const wrong = await form('/reset', { token, password: NEXT, totp: '12' });
    expect([wrong.status, wrong.text]).toEqual([401, expect.stringContaining('id="totp-error"')]);
    expect((await form('/reset', { token, password: NEXT, totp: code() })).status).toBe(200);
  });
});

describe('tries', () => {
  const classes = { login: { limit: 2, windowSeconds: 900 } };

  it('are counted by address and by client, apart from those to sign in', async () => {
    const limited = await service.another({ config: { rateLimits: { off: false, classes }, trustProxy: 1 } });
    const from = (client: string, email: string) =>
      limited.call({
        ...{ method: 'POST', path: '/v1/reset-mails', body: { email } },
        headers: { 'x-forwarded-for': client },
      });
    const signIn = () =>
      limited.call({
        ...{ method: 'POST', path: '/v1/sessions', body: { email: 'a@staff.example', password: 'wrong' } },
        headers: { 'x-forwarded-for': '203.0.113.1' },
      });
    for (let i = 0; i < 3; i += 1) await signIn();
    expect((await signIn()).status).toBe(429);
    const first = await from('203.0.113.1', 'a@staff.example');
    expect([first.status, first.headers['ratelimit-policy']]).toEqual([202, '"login";q=2;w=900']);
    expect((await from('203.0.113.1', 'b@staff.example')).status).toBe(202);
    const third = await from('203.0.113.1', 'c@staff.example');
    expect([third.status, third.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
    expect((await from('203.0.113.2', 'a@staff.example')).status).toBe(202);
    expect((await from('203.0.113.3', 'A@staff.example')).status).toBe(429);
    await limited.stop();
  });
});

describe('where no mail goes out', () => {
  it('there is no such call and no such page, and the dashboard says that an admin can help', async () => {
    const silent = await service.another({ deps: (deps) => ({ ...deps, post: null }) });
    const sent = { method: 'POST', path: '/v1/reset-mails', body: { email: 'a@staff.example' } };
    expect((await silent.call(sent)).json).toMatchObject({ status: 404, code: 'not-found' });
    expect((await silent.call({ path: '/forgot-password' })).status).toBe(404);
    const marks = async ({ call }: TestService) =>
      (await call({ path: '/moderate/' })).text.includes('data-mails');
    expect([await marks(service), await marks(silent)]).toEqual([true, false]);
    await silent.stop();
  });
});
