import { generateSync } from 'otplib';
import type { Installation, Service } from '../support/built-service.ts';
import { ADMIN_TOKEN, createInstallation } from '../support/built-service.ts';
import type { Outlet } from '../support/canaries.ts';
import { distinct, findNeedles, needlesOf, spellingsOf } from '../support/canaries.ts';
import type { Answer, Sent } from '../support/http-client.ts';
import { expectJson } from '../support/http-client.ts';
import { linkIn } from '../support/mail.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { storedBytes } from '../support/stored-bytes.ts';
import { until } from '../support/until.ts';

/**
 * A moderator's address goes to admins and to its owner; passwords, session secrets, links and second factors
 * to nobody but who has them. All else that came out, and all that is stored and logged, is searched for them.
 */
const ADDRESS = 'Nastaran.Kanari@Newsroom.Example';
const PASSWORD = 'bulbul-e-shab mikhanad';
const NEXT = 'va sobh khamush ast';
const ROOT = { Authorization: `Bearer ${ADMIN_TOKEN}` };

const outlets: Outlet[] = [];
/** While true an answer is for somebody who may see what it carries. */
let rightful = false;
let installation: Installation;
let service: Service;
/** A subscriber and a filter in one: told of what is decided, and by whom. */
let others: Receiver;
let mailbox: Mailbox;

beforeAll(async () => {
  others = await startReceiver();
  mailbox = await startMailbox();
  installation = createInstallation({
    env: {
      ...{ LOG_LEVEL: 'trace', DEMO: 'on', NODE_ENV: 'development', ALLOW_PRIVATE_WEBHOOKS: 'on' },
      SMTP_URL: mailbox.url,
    },
  });
  service = await installation.start({
    onAnswer(sent: Sent, answer: Answer) {
      if (rightful) return;
      const bytes = Buffer.concat([Buffer.from(answer.rawHeaders.join('\n')), answer.body]);
      outlets.push({ from: `the answer to ${sent.method ?? 'GET'} ${sent.path}`, bytes });
    },
  });
});
afterAll(async () => {
  await installation.dispose();
  await others.stop();
  await mailbox.stop();
});

const send = (sent: Sent) => service.client.send(sent);
async function forWhoMaySee(sent: Sent): Promise<Answer> {
  rightful = true;
  try {
    return await send(sent);
  } finally {
    rightful = false;
  }
}
const cookieOf = ({ headers }: Answer): string => headers['set-cookie']?.split(';')[0] ?? '';

test('neither came out anywhere else, nor is stored or logged', async () => {
  const account = { name: 'Nastaran', email: ADDRESS, role: 'moderator', sites: ['demo'] };
  const post = (path: string, body?: unknown, headers: Record<string, string> = {}) => ({
    ...{ method: 'POST', path, body },
    headers,
  });
  const made = await forWhoMaySee(post('/v1/admin/moderators', account, ROOT));
  const { id, inviteUrl } = expectJson<{ id: string; inviteUrl: string }>(made, 201);
  expect(made.text).toContain(ADDRESS);
  const invitation = new URL(inviteUrl).searchParams.get('token') ?? '';
  const welcome = await forWhoMaySee(post('/v1/invitations', { token: invitation, password: PASSWORD }));
  expect(welcome.text).toContain(ADDRESS);
  const own = { Cookie: cookieOf(welcome), 'X-Requested-With': 'test' };

  // Wrong tries of every kind, each with the address and a password in it.
  for (const email of spellingsOf(ADDRESS)) await send(post('/v1/sessions', { email, password: 'wrong' }));
  await send(post('/v1/sessions', { email: [ADDRESS], password: { PASSWORD } }));
  await send(post('/v1/sessions', `{"email":"${ADDRESS}","password":"${PASSWORD}"`));
  await send(post('/v1/admin/moderators', account, ROOT));
  await send(post('/v1/admin/moderators', { ...account, name: ADDRESS, email: `${ADDRESS}@` }, ROOT));
  await send(post('/v1/invitations', { token: invitation, password: PASSWORD }));
  const encoded = encodeURIComponent(ADDRESS);
  for (const path of [
    `/v1/admin/moderators/${encoded}`,
    `/v1/admin/moderators?cursor=${encoded}`,
    `/reset?token=${encoded}`,
  ])
    await send({ path, headers: ROOT });

  // What others see of what she does, and are told of it.
  const { url } = others;
  expect((await send(post('/v1/admin/webhooks', { url, events: ['comment.approved'] }, ROOT))).status).toBe(
    201,
  );
  const filter = { name: 'Told', url, mode: 'async', events: ['comment.decided'] };
  expect((await send(post('/v1/admin/filters', filter, ROOT))).status).toBe(201);
  const page = { url: `${service.url}/?lang=en` };
  const comment = { page, author: { name: 'Reader', email: 'reader@readers.example' }, body: 'Words' };
  const posted = await send(post('/v1/sites/demo/comments', comment));
  const { comment: held } = expectJson<{ comment: { id: string } }>(posted, 201);
  const decisions = `/v1/moderation/comments/${held.id}/decisions`;
  expectJson(await send(post(decisions, { action: 'approve', note: 'fine' }, own)), 200);

  const offered = await forWhoMaySee(post('/v1/me/totp', undefined, own));
  const { secret } = expectJson<{ secret: string }>(offered, 200);
  const code = generateSync({ secret });
  const enable = { method: 'PUT', path: '/v1/me/totp', headers: own, body: { code } };
  expect((await forWhoMaySee(enable)).status).toBe(200);
  await send(post('/v1/sessions', { email: ADDRESS, password: PASSWORD }));
  await send(post('/v1/sessions', { email: ADDRESS, password: PASSWORD, totp: code }));
  // A link that comes by mail, to nobody else and however the address is written.
  for (const email of [...spellingsOf(ADDRESS), `not.${ADDRESS}`])
    await send(post('/v1/reset-mails', { email }));
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
  await send(post('/forgot-password', `email=${encoded}`, form));
  const mail = await until('her mail', () => mailbox.mails[0]);
  const link = linkIn(mail, 'Choose a new password');
  const [, , mac = ''] = (new URL(link, service.url).searchParams.get('token') ?? '').split('.');
  expect(mac).toHaveLength(43);
  await send({ path: `${link}x` });
  const given = await forWhoMaySee(post(`/v1/admin/moderators/${id}/reset`, undefined, ROOT));
  const reset =
    new URL(expectJson<{ resetUrl: string }>(given, 200).resetUrl).searchParams.get('token') ?? '';
  const again = await forWhoMaySee(post('/v1/resets', { token: reset, password: NEXT }));
  expect(again.status).toBe(201);

  const paths = [
    ...['/v1/moderation/queue?status=all', '/v1/moderation/counts', `/v1/moderation/comments/${held.id}`],
    ...['/v1/admin/tokens', '/v1/admin/sites', '/metrics', '/openapi.json', '/docs', '/docs/errors'],
    ...['/', `/v1/comments/${held.id}`, `/v1/sites/demo/comments?page=${encodeURIComponent(page.url)}`],
  ];
  const session = { Cookie: cookieOf(again) };
  for (const path of paths) for (const headers of [{}, ROOT, session]) await send({ path, headers });
  const list = await send({ path: '/v1/admin/moderators', headers: session });
  expect(list.status).toBe(403);
  const seen = await forWhoMaySee({ path: '/v1/admin/moderators', headers: ROOT });
  expect(seen.text).toContain(ADDRESS);

  const told = (type: string) => others.received.some(({ text }) => text.includes(`"type":"${type}"`));
  await until('both to be told', () => told('comment.approved') && told('comment.decided'));
  for (const { text, headers } of others.received)
    outlets.push({ from: 'what others are told', bytes: Buffer.from(JSON.stringify(headers) + text) });

  const running = await storedBytes(installation);
  await service.stop();
  const log = [
    { from: 'standard output', bytes: Buffer.from(service.stdout()) },
    { from: 'standard error', bytes: Buffer.from(service.stderr()) },
  ];
  const stored = [...running, ...(await storedBytes(installation))];
  expect(log[0]?.bytes.includes('/v1/sessions')).toBe(true);
  // Session secrets and links are kept as SHA-256: of 256 random bits nobody computes it.
  const random = [own.Cookie, session.Cookie]
    .map((cookie) => cookie.split('=')[1] ?? '')
    .concat(invitation, reset, mac);
  const plain = random.flatMap((value) => needlesOf(value).filter(({ label }) => !/sha256/.test(label)));
  const secrets = [...spellingsOf(ADDRESS), PASSWORD, NEXT, secret].flatMap(needlesOf);
  const found = findNeedles([...outlets, ...log, ...stored], distinct([...secrets, ...plain]));
  expect(found.slice(0, 20)).toEqual([]);
  expect(findNeedles(stored, needlesOf('Nastaran').slice(0, 1)).length).toBeGreaterThan(0);
});
