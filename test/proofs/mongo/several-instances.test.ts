import type { ImportView } from '../../../src/moving/present-import.ts';
import { createApi } from '../../support/api-client.ts';
import { createInstallation, type Installation, type Service } from '../../support/built-service.ts';
import { sentOf } from '../../support/deliveries.ts';
import { type Answer, jsonOf, type Sent } from '../../support/http-client.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { expectNoDifferences } from '../../support/kill-checks.ts';
import { isLongRun } from '../../support/long-run.ts';
import { linkIn, mailTo } from '../../support/mail.ts';
import { type Mailbox, startMailbox } from '../../support/mailbox.ts';
import { createRandom, seedOfRun } from '../../support/random.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { pause, until } from '../../support/until.ts';

/**
 * Three processes on one database, of which one is killed, or stands still for longer than any lease lasts, while all
 * of them are at work: posts, answers with mail, imports of one file through two of them, decisions on all that a
 * search finds, word lists, titles, erasures. What was cut off is asked of another, under the same key.
 */

const ROUNDS = isLongRun ? 8 : 1;
const POSTS = 40;
const LINES = 300;
/** Leases of the fold, the planners and the filler last five seconds. */
const STANDS_STILL_MS = 7000;
const PATIENCE_MS = 60_000;
const SITE = 'several';
const READER = 'ada@readers.example';

const seed = seedOfRun();
const random = createRandom(seed);
process.stderr.write(`several instances: GATEHOUSE_SEED=${seed}\n`);

let mailbox: Mailbox;
let receiver: Receiver;
let installation: Installation;
let services: Service[];

beforeAll(async () => {
  mailbox = await startMailbox();
  receiver = await startReceiver();
  const env = { SMTP_URL: mailbox.url, WEBHOOK_RETRY_SECONDS: '0,0,1,1,1,1', ALLOW_PRIVATE_WEBHOOKS: 'on' };
  installation = createInstallation({ env });
  services = [await installation.start(), await installation.start(), await installation.start()];
});
afterAll(async () => {
  await installation.dispose();
  await mailbox.stop();
  await receiver.stop();
});

let keys = 0;
/** Asks one process, and where that is gone another, until one has answered. */
async function ask(sent: Sent): Promise<Answer> {
  keys += 1;
  const isPost = sent.method === 'POST';
  const headers = { ...sent.headers, ...(isPost && { 'Idempotency-Key': `${seed}-${keys}` }) };
  return until(
    `an answer to ${sent.method ?? 'GET'} ${sent.path}`,
    async () => {
      const answer = await createApi(random.pick(services))
        .asAdmin({ ...sent, headers })
        .catch(() => null);
      const isLater = answer === null || answer.status === 503;
      // Who had it before was killed, or stands still: it is taken over in time.
      return isLater || (answer.status === 409 && answer.text.includes('in-progress')) ? null : answer;
    },
    PATIENCE_MS,
  );
}

const made = async <T>(sent: Sent): Promise<T> => {
  const answer = await ask(sent);
  if (answer.status >= 300) throw new Error(`${sent.path}: ${answer.status} ${answer.text}`);
  return jsonOf<T>(answer);
};

const page = (n: number) => ({ url: `https://${SITE}.example/${n}` });
const postTo = async (body: object): Promise<string> =>
  (await made<{ comment: { id: string } }>({ method: 'POST', path: `/v1/sites/${SITE}/comments`, body }))
    .comment.id;

const posted = new Set<string>();
/** What answered the reader who wants to be told. */
const answers = new Set<string>();
let parent = '';

async function post(round: number, i: number): Promise<void> {
  const isAnswer = i % 4 === 0;
  const author = { name: 'Otto', email: `otto-${round}-${i}@readers.example` };
  const body = `Comment ${round}-${i}, matched${round}`;
  const id = await postTo({ page: page(0), parentId: isAnswer ? parent : null, author, body });
  posted.add(id);
  if (isAnswer) answers.add(body);
}

const fileOf = (round: number): string =>
  Array.from({ length: LINES }, (_, i) =>
    JSON.stringify({
      ...{ id: `r${round}-${i}`, page: `https://${SITE}.example/i${round}-${i % 3}`, parentId: null },
      author: { name: 'Zar', email: i % 10 === 0 ? `zar-${round}@example.org` : `name${i % 7}@example.org` },
      ...{ text: `Imported ${round}-${i}`, status: 'approved' },
      createdAt: new Date(Date.UTC(2015, 0, 1) + i * 60_000).toISOString(),
    }),
  ).join('\n');

/** Through two processes at once, which share a folder: where one dies another goes on with its file. */
async function bring(round: number): Promise<void> {
  const path = `/v1/admin/sites/${SITE}/imports`;
  const headers = { 'Content-Type': 'application/x-ndjson' };
  const sent: Sent = { method: 'POST', path: `${path}?format=generic`, headers, body: fileOf(round) };
  const views = await Promise.all([made<ImportView>(sent), made<ImportView>(sent)]);
  const ended = await Promise.all(
    views.map(({ importId }) =>
      until(`import ${importId}`, async () => {
        const one = jsonOf<ImportView>(await ask({ path: `${path}/${importId}` }));
        return one.state === 'done' && one;
      }),
    ),
  );
  const sums = ended.map(({ comments }) => comments.added + comments.unchanged);
  expect({ seed, round, sums }).toEqual({ seed, round, sums: [LINES, LINES] });
  const added = ended.reduce((sum, { comments }) => sum + comments.added, 0);
  expect({ seed, round, added }).toEqual({ seed, round, added: LINES });
}

async function trouble(): Promise<void> {
  await pause(random.between(100, 2500));
  const at = random.between(0, services.length - 1);
  const [victim] = services.slice(at, at + 1);
  if (!victim) throw new Error('there are three');
  if (random.next() < 0.5) {
    await victim.kill9();
    services[at] = await installation.start();
    return;
  }
  process.kill(victim.pid, 'SIGSTOP');
  await pause(STANDS_STILL_MS);
  process.kill(victim.pid, 'SIGCONT');
}

/** What people do beside the posts. */
async function admin(round: number): Promise<void> {
  const listed = `/v1/admin/sites/${SITE}/wordlist`;
  const changed = await made<{ hold: string[] }>({
    method: 'PUT',
    path: listed,
    body: { hold: [`w${round}`], reject: [] },
  });
  expect(changed.hold).toEqual([`w${round}`]);
  const { items } = await made<{ items: { key: string; url: string }[] }>({
    path: `/v1/admin/sites/${SITE}/pages?limit=200`,
  });
  const own = items.find(({ url }) => url === page(0).url);
  const title = `Titled ${round}`;
  await made({ method: 'PATCH', path: `/v1/admin/sites/${SITE}/pages/${own?.key}`, body: { title } });
}

const mails = (): string[] => mailbox.mails.map(({ text = '' }) => text);

test('whichever of three processes is killed or stands still, nothing is lost and each answer is true', async () => {
  const api = createApi(services[0] as Service);
  await api.createSite(SITE, { policy: { moderation: 'none', notify: { replies: true } } });
  await made({
    method: 'POST',
    path: '/v1/admin/webhooks',
    body: { url: receiver.url, events: ['comment.created'], site: SITE },
  });
  parent = await postTo({
    page: page(0),
    author: { name: 'Ada', email: READER },
    body: 'A question',
    subscribe: 'replies',
  });
  posted.add(parent);
  const link = linkIn(await mailTo(mailbox, READER), 'Yes, tell me of replies');
  expect((await ask({ method: 'POST', path: link })).status).toBe(200);

  for (let round = 0; round < ROUNDS; round += 1) {
    const posting = inParallel(Array.from({ length: POSTS }), 6, (_, i) => post(round, i));
    await Promise.all([posting, bring(round), admin(round), trouble()]);
    // Of what is hidden again by then nobody is told.
    await until('every mail', () =>
      [...answers].every((body) => mails().some((mail) => mail.includes(body))),
    );
    const end = new Date(Date.now() + 1000).toISOString();
    const match = { site: SITE, status: 'approved', q: `matched${round}`, until: end };
    const decided = made<{ decided: number; conflicts: number; remaining: number }>({
      ...{ method: 'POST', path: '/v1/moderation/decisions' },
      body: { action: 'trash', match, limit: 1000 },
    });
    const erased = made<{ comments: number }>({
      ...{ method: 'POST', path: '/v1/admin/privacy/erase' },
      body: { email: `zar-${round}@example.org`, site: SITE, mode: 'delete' },
    });
    const [batch] = await Promise.all([decided, erased, trouble()]);
    expect({ seed, round, ...batch }).toMatchObject({ decided: POSTS, conflicts: 0, remaining: 0 });
    await expectNoDifferences(installation);
  }

  const told = () => new Set(receiver.received.map((call) => sentOf(call).data.comment?.id));
  await until('every webhook message', () => [...posted].every((id) => told().has(id)));
  process.stderr.write(
    `${posted.size} comments: ${receiver.received.length} messages; ${answers.size} answers: ${mails().length - 1} mails\n`,
  );
  const left = await createApi(services[0] as Service).counts(SITE);
  expect({ seed, trash: left.trash, approved: left.approved }).toEqual({
    ...{ seed, trash: ROUNDS * POSTS },
    approved: 1 + ROUNDS * (LINES - LINES / 10),
  });
  await expectNoDifferences(installation);
});
