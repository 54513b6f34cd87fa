import { join } from 'node:path';
import { createApi, type Posted } from '../../support/api-client.ts';
import { createInstallation, type Installation, type Service } from '../../support/built-service.ts';
import { type Sent as Message, sentOf } from '../../support/deliveries.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { expectNoDifferences } from '../../support/kill-checks.ts';
import { linkIn } from '../../support/mail.ts';
import { type Mailbox, startMailbox } from '../../support/mailbox.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { pause, until } from '../../support/until.ts';

/**
 * Three processes on one database, all of which look at the clock: what is due at a time of day (summaries by mail, the
 * sweep of what is kept no longer) is done once, whoever does it, and of those who press links at once one decides.
 */

const SHIFTED = join(__dirname, '../../support/shifted-clock.cjs');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Until the full hour on the processes' clock, once they are told to start: enough for a start, sites and posts. */
const BEFORE_THE_HOUR = 45_000;
/** What a second of them would do is done by then: they look for what is due at least twice a second. */
const AFTERWARDS_MS = 3000;
const SITE = 'timed';
const PEOPLE = 5;
const POSTS = 9;

let mailbox: Mailbox;
let receiver: Receiver;
let installation: Installation;

beforeAll(async () => {
  mailbox = await startMailbox();
  receiver = await startReceiver();
  const env = { SMTP_URL: mailbox.url, WEBHOOK_RETRY_SECONDS: '0,0,1,1', ALLOW_PRIVATE_WEBHOOKS: 'on' };
  installation = createInstallation({ env });
});
afterAll(async () => {
  await installation.dispose();
  await mailbox.stop();
  await receiver.stop();
});

/** Three processes whose clock is so many milliseconds ahead. */
function threeAt(shift: number): Promise<Service[]> {
  const start = (): Promise<Service> =>
    installation.start({ env: { PROOF_SHIFT: String(shift) }, nodeArgs: ['--require', SHIFTED] });
  return Promise.all([start(), start(), start()]);
}

const stopAll = (services: Service[]) => Promise.all(services.map((service) => service.stop()));
const toNextHour = (): number => HOUR - (Date.now() % HOUR);

const addressOf = (n: number): string => `person-${n}@staff.example`;

async function post(services: Service[], n: number): Promise<string> {
  const api = createApi(services[n % services.length] as Service);
  const author = { name: `Reader ${n}`, email: `reader-${n}@readers.example` };
  const { comment }: Posted = await api.posted(SITE, {
    page: { url: `https://${SITE}.example/1` },
    author,
    body: `Comment number ${n}`,
  });
  return comment.id;
}

/** The comments that messages of this kind were about, one entry a message. */
const toldOf = (type: string): string[] =>
  receiver.received
    .map((call): Message => sentOf(call))
    .filter((message) => message.type === type)
    .map(({ data }) => data.comment?.id ?? String(data.id));

/** How many comments a process says that it took away. */
async function sweptBy({ client }: Service): Promise<number> {
  const { body } = await client.send({ path: '/metrics' });
  const lines = body.toString('utf8').matchAll(/^gatehouse_retention_comments_total\{[^}]*\} (\d+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

test('of three processes one sends each summary and one sweeps; of five who press its links at once one decides', async () => {
  const shift = toNextHour() - BEFORE_THE_HOUR;
  const services = await threeAt(shift);
  const api = createApi(services[0] as Service);
  await api.createSite(SITE, { policy: { moderation: 'all', notify: { moderators: 'hourly' } } });
  for (let n = 0; n < PEOPLE; n++) {
    const person = { name: `Person ${n}`, email: addressOf(n), role: 'moderator', sites: [SITE] };
    const body = { ...person, password: 'a long enough password' };
    const made = await api.asAdmin({ method: 'POST', path: '/v1/admin/moderators', body });
    expect(made.status).toBe(201);
  }
  const webhook = { url: receiver.url, events: ['comment.deleted', 'comment.rejected'], site: SITE };
  await api.asAdmin({ method: 'POST', path: '/v1/admin/webhooks', body: webhook });
  const ids = await inParallel([...Array(POSTS).keys()], 3, (n) => post(services, n));
  expect(mailbox.mails).toEqual([]);

  const summaries = await Promise.all(
    [...Array(PEOPLE).keys()].map((n) =>
      until(
        `the summary to person ${n}`,
        () => mailbox.mails.find(({ recipients }) => recipients.includes(addressOf(n))),
        BEFORE_THE_HOUR + 30_000,
      ),
    ),
  );
  await pause(AFTERWARDS_MS);
  expect(mailbox.mails.map(({ recipients }) => recipients.join()).sort()).toEqual(
    [...Array(PEOPLE).keys()].map(addressOf),
  );
  expect(new Set(summaries.map(({ subject }) => subject))).toEqual(
    new Set([`${POSTS} comments wait on ${SITE}`]),
  );

  const links = summaries.map((mail) => linkIn(mail, 'Reject'));
  const pressed = await Promise.all(
    links.map((path, n) =>
      createApi(services[n % services.length] as Service).send({ method: 'POST', path }),
    ),
  );
  expect(pressed.map(({ status }) => status).sort()).toEqual([200, ...Array(PEOPLE - 1).fill(409)]);
  const rejected = (await Promise.all(ids.map((id) => api.detail(id)))).filter(
    ({ status }) => status === 'rejected',
  );
  expect(rejected.map(({ history }) => history.map(({ action }) => action))).toEqual([['reject']]);
  await until('the message about it', () => toldOf('comment.rejected').length > 0);

  await inParallel(ids, 3, (id) => api.decide(id, { action: 'trash' }));
  await stopAll(services);
  await expectNoDifferences(installation);

  const later = await threeAt(shift + 31 * DAY);
  await until('all to be taken away', () => new Set(toldOf('comment.deleted')).size === POSTS, 90_000);
  await pause(AFTERWARDS_MS);
  expect(toldOf('comment.deleted').sort()).toEqual([...ids].sort());
  expect(toldOf('comment.rejected')).toEqual(rejected.map(({ id }) => id));
  expect(await createApi(later[0] as Service).counts(SITE)).toMatchObject({ trash: 0, pending: 0 });
  const swept = await Promise.all(later.map((service) => sweptBy(service)));
  expect(swept.filter((count) => count > 0)).toEqual([POSTS]);
  expect(mailbox.mails).toHaveLength(PEOPLE);
  await stopAll(later);
  await expectNoDifferences(installation);
});
