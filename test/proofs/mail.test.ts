import { join } from 'node:path';
import { type Api, createApi } from '../support/api-client.ts';
import { createInstallation, type Installation, type Service } from '../support/built-service.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isLongRun } from '../support/long-run.ts';
import { linkIn, mailTo } from '../support/mail.ts';
import { type Mailbox, startMailbox } from '../support/mailbox.ts';
import { createRandom, seedOfRun } from '../support/random.ts';
import { pause, until } from '../support/until.ts';

/**
 * kill -9 between an acknowledged comment and the mail about it: the mail goes out at least once, after a start that
 * nobody helps. The SMTP server is real, and so are the links in what it is sent.
 */
const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const CLIENTS = 4;
const MOST = 200;
const GONE_WITHIN_MS = 20_000;
const READER = 'ada@readers.example';

const seed = seedOfRun();
const random = createRandom(seed);
process.stderr.write(`mail kills: GATEHOUSE_SEED=${seed}\n`);
const POINTS = ['after-store', 'at-mailbox'] as const;
const series = Array.from({ length: isLongRun ? 10 : 1 }, () => POINTS)
  .flat()
  .map((point) => ({ point, nth: random.between(8, isLongRun ? 100 : 25) }));

let mailbox: Mailbox;
let installation: Installation;
let parent: string;
const acknowledged = new Set<string>();

const page = { url: 'https://told.example/1', title: 'Told' };

beforeAll(async () => {
  mailbox = await startMailbox();
  const env = { SMTP_URL: mailbox.url, WEBHOOK_RETRY_SECONDS: '0,0,1,1,1,1' };
  installation = createInstallation({ env });
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite('told', { policy: { moderation: 'none', notify: { replies: true } } });
  const path = '/v1/sites/told/comments';
  const author = { name: 'Ada', email: READER };
  const body = { page, author, body: 'A question', subscribe: 'replies' };
  const posted = await api.send({ method: 'POST', path, body });
  parent = (JSON.parse(posted.body.toString('utf8')) as { comment: { id: string } }).comment.id;
  const link = linkIn(await mailTo(mailbox, READER), 'Yes, tell me of replies');
  expect((await api.send({ method: 'POST', path: link })).status).toBe(200);
  await service.stop();
});
afterAll(async () => {
  await installation.dispose();
  await mailbox.stop();
});

let count = 0;
async function answer(api: Api): Promise<void> {
  count += 1;
  const author = { name: 'Otto', email: `otto-${count}@readers.example` };
  const { comment } = await api.posted('told', { page, parentId: parent, author, body: `Answer ${count}` });
  acknowledged.add(comment.id);
}

/** Each client goes on until the service is gone. */
async function load(service: Service): Promise<void> {
  const api = createApi(service);
  await inParallel(Array.from({ length: CLIENTS }), CLIENTS, async () => {
    for (let i = 0; i < MOST; i++) {
      try {
        await answer(api);
      } catch {
        return;
      }
    }
  });
}

const told = new Set<string>();
let read = 0;
/** The acknowledged answers that no mail is about. Each mail is read once: a long series has thousands. */
function missing(): string[] {
  for (const { text = '' } of mailbox.mails.slice(read)) {
    for (const [, id = ''] of text.matchAll(/#comment-(\w+)/g)) told.add(id);
  }
  read = mailbox.mails.length;
  return [...acknowledged].filter((id) => !told.has(id));
}

test.each(series)(
  'every acknowledged answer is told of after a kill $point, $nth',
  async ({ point, nth }) => {
    const isByMail = point === 'at-mailbox';
    const doomed = await installation.start(
      isByMail ? {} : { nodeArgs: ['--require', FAILPOINT], env: { PROOF_FAILPOINT: `${point}:${nth}` } },
    );
    const before = mailbox.mails.length;
    const killed = isByMail
      ? until('the mail to be killed at', () => mailbox.mails.length >= before + nth).then(doomed.kill9)
      : Promise.resolve();
    await load(doomed);
    await killed;
    const ending = await Promise.race([doomed.ended, pause(GONE_WITHIN_MS)]);
    expect(ending).toEqual({ code: null, signal: 'SIGKILL' });

    const healed = await installation.start();
    await until('a mail for every acknowledged answer', () => missing().length === 0, 60_000);
    // What came twice says so by its id.
    const toldOf = mailbox.mails.map(({ messageId, text = '' }) => {
      const [about = 'the question'] = /#comment-\w+/.exec(text) ?? [];
      return { messageId, about };
    });
    const pairs = new Set(toldOf.map(({ messageId, about }) => `${messageId} ${about}`));
    expect(pairs.size).toBe(new Set(toldOf.map(({ messageId }) => messageId)).size);
    expect(pairs.size).toBe(new Set(toldOf.map(({ about }) => about)).size);
    const { text: metrics } = await createApi(healed).send({ path: '/metrics' });
    expect(metrics).toMatch(/^gatehouse_mail_tries_total\{result="sent"\} \d+$/m);
    expect(metrics).toMatch(/^gatehouse_mail_waiting \d+$/m);
    await healed.stop();
  },
);
