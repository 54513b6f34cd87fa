import { WEBHOOK_EVENTS } from '../../src/webhooks/webhook.ts';
import type { Decided, Posted } from '../support/api-client.ts';
import type { Outlet } from '../support/canaries.ts';
import { distinct, findNeedles, needlesOf, spellingsOf } from '../support/canaries.ts';
import { CANARIES, CLIENT_SPELLINGS, ownAddressSpellings } from '../support/canary-birds.ts';
import type { CanaryRun } from '../support/canary-run.ts';
import { commentBy, HELD, OPEN, startCanaryRun } from '../support/canary-run.ts';
import { AKISMET_KEY, type FakeAkismet, startFakeAkismet } from '../support/fake-akismet.ts';
import { type FilterServer, says, startFilter } from '../support/filters.ts';
import { expectJson } from '../support/http-client.ts';
import { isLongRun } from '../support/long-run.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { storedBytes } from '../support/stored-bytes.ts';
import { until } from '../support/until.ts';

/**
 * E-mail addresses and client addresses go in, and subscribers, filters and Akismet are told of what became of
 * them: every byte that these got, that is listed of it, and that was learnt from it is searched for them.
 */
let run: CanaryRun;
let subscriber: Receiver;
/** Fails, and says an address itself: nothing of its answer may be kept. */
let hostile: Receiver;
let sync: FilterServer;
let later: FilterServer;
let akismet: FakeAkismet;
const hooks: string[] = [];

const SLOW_MS = 120_000;
/** Which of an address's spellings are written, of the first address one more often. */
const EVERY = isLongRun ? 4 : 8;
const [FIRST = ''] = CANARIES;

const admin = async <T>(path: string, body: object): Promise<T> =>
  expectJson<T>(await run.api.asAdmin({ method: 'POST', path: `/v1/admin/${path}`, body }), 201);

beforeAll(async () => {
  subscriber = await startReceiver();
  hostile = await startReceiver((_call, response) => {
    response.writeHead(500, { 'x-said': encodeURIComponent(FIRST), 'content-type': 'text/plain' }).end(FIRST);
  });
  sync = await startFilter(says({ verdict: 'ham', score: 0.1 }));
  later = await startFilter(says({ verdict: 'unsure' }));
  akismet = await startFakeAkismet();
  run = await startCanaryRun({
    ALLOW_PRIVATE_WEBHOOKS: 'on',
    AKISMET_URL: akismet.url,
    WEBHOOK_RETRY_SECONDS: '0,0',
  });
  for (const [{ url }, events] of [
    [subscriber, WEBHOOK_EVENTS],
    [hostile, ['comment.edited']],
  ] as const)
    hooks.push((await admin<{ id: string }>('webhooks', { url, events })).id);
  const sites = [HELD, OPEN];
  await admin('filters', { name: 'Asked', url: sync.url, sites });
  await admin('filters', { name: 'Later', url: later.url, mode: 'async', onFailure: 'publish', sites });
  await admin('filters', { name: 'Akismet', kind: 'akismet', key: AKISMET_KEY, sites });
}, SLOW_MS);

afterAll(async () => {
  await run.installation.dispose();
  await run.mailbox.stop();
  await Promise.all([subscriber, hostile, sync, later, akismet].map((server) => server.stop()));
});

const asModerator = (method: string, path: string, body?: unknown) =>
  run.api.asAdmin({ method, path: `/v1/moderation/${path}`, body });

let lives = 0;

/** A life of a comment: posted, decided, undone, reported; of four one is edited, which is told of, and one deleted. */
async function liveThrough(address: string, spelled: string): Promise<void> {
  lives += 1;
  const number = lives;
  const site = number % 2 === 0 ? OPEN : HELD;
  const page = { url: `https://${HELD}.example/${number}`, title: `About ${spelled}` };
  // Cut in the middle it would be no address any more, and stand there.
  const name = [...spelled].length > 90 ? 'Me' : `Me, ${spelled}`;
  const comment = commentBy(address, { page, author: { name }, body: `Write to ${spelled} ${number}` });
  const { comment: made, editToken } = expectJson<Posted>(await run.postTo(site, comment), 201);
  const action = number % 3 === 0 ? 'spam' : 'approve';
  const first = expectJson<Decided>(await run.api.decide(made.id, { action }), 200);
  expectJson(await run.api.undo(first.decisionId), 200);
  expectJson(await run.api.decide(made.id, { action: 'spam' }), 200);
  expectJson(await run.api.decide(made.id, { action: 'approve' }), 200);
  const path = `/v1/comments/${made.id}`;
  const headers = { Authorization: `Bearer ${editToken}` };
  const note = `It is ${spelled}, I know him`;
  await run.send({ method: 'POST', path: `${path}/reports`, body: { reason: 'abuse', note } });
  await asModerator('POST', `comments/${made.id}/recheck`);
  const body = { body: `Or write to ${spelled}` };
  if (number % 4 === 1) await run.send({ method: 'PATCH', path, headers, body });
  if (number % 4 === 0) await run.send({ method: 'DELETE', path, headers });
}

test.each(CANARIES)(
  'subscribers and filters are told of what is written by %s',
  async (address) => {
    for (const [i, spelled] of ownAddressSpellings(address).entries()) {
      if (i % (EVERY - Number(address === FIRST)) === 0) await liveThrough(address, spelled);
    }
    const lookUp = { site: HELD, email: address };
    const { key } = expectJson<{ key: string }>(await asModerator('POST', 'authors/lookup', lookUp), 200);
    for (const body of [{ standing: 'banned' }, { standing: null }])
      await asModerator('PATCH', `authors/${key}`, body);
  },
  SLOW_MS,
);

/** Everything that went to somebody else, head and body. */
const toldToOthers = (): Outlet[] => [
  ...[...subscriber.received, ...hostile.received].map(({ headers, text }) => ({
    from: `the call of a subscriber: ${text.slice(0, 100)}`,
    bytes: Buffer.from(JSON.stringify(headers) + text),
  })),
  ...[...sync.heard, ...later.heard].map(({ headers, bytes }) => ({
    from: `the question to a filter: ${bytes.toString('utf8', 0, 100)}`,
    bytes: Buffer.concat([Buffer.from(JSON.stringify(headers)), bytes]),
  })),
  ...akismet.calls.map((call) => ({
    from: `Akismet’s ${call.call}`,
    bytes: Buffer.from(JSON.stringify(call)),
  })),
];

/** What happened is planned at the latest when the loop of deliveries looks next, which is twice a second. */
const PLANNED_MS = 1000;

/** A mail about what a filter has yet to judge waits a minute more: mails have a test of their own, canaries.test.ts. */
async function allIsTold(): Promise<void> {
  let since = performance.now();
  await until(
    'nothing but mails to wait',
    async () => {
      const { text } = await run.api.send({ path: '/metrics' });
      const [all, mails] = ['webhook', 'mail'].map(
        (what) => new RegExp(`^gatehouse_${what}_waiting (\\d+)$`, 'm').exec(text)?.[1],
      );
      if (all === undefined || all !== mails) since = performance.now();
      return performance.now() - since > PLANNED_MS;
    },
    SLOW_MS,
  );
}

test(
  'no address was told to any of them, is in what is listed of it, nor in what was learnt or stored',
  async () => {
    await allIsTold();
    // The log of deliveries, tries and all, and the words that the learner weighs.
    for (const hook of hooks) {
      for (const status of ['delivered', 'dead'])
        await run.api.asAdmin({ path: `/v1/admin/webhooks/${hook}/deliveries?status=${status}&limit=200` });
      await run.api.asAdmin({ path: `/v1/admin/webhooks/${hook}` });
    }
    for (const path of ['/v1/admin/filters', '/v1/moderation/stats', '/metrics'])
      await run.api.asAdmin({ path });
    const items = await run.api.walkQueue({ status: 'all' });
    const weighed = await Promise.all(items.map(({ id }) => run.api.detail(id)));
    expect(JSON.stringify(weighed)).toMatch(/"phase":"learner"[^}]*"score":0\.\d/);

    const told = toldToOthers();
    const kinds = new Set(
      told.map(({ bytes }) => /comment\.\w+|author\.\w+|submit-\w+/.exec(bytes.toString())?.[0]),
    );
    for (const kind of [
      'comment.created',
      'comment.deleted',
      'comment.decided',
      'author.changed',
      'submit-spam',
    ])
      expect([...kinds]).toContain(kind);
    expect(akismet.calls.every(({ fields }) => fields.user_ip?.startsWith('fd'))).toBe(true);
    expect(akismet.calls.filter(({ fields }) => fields.comment_author_email || fields.user_agent)).toEqual(
      [],
    );
    expect(hostile.received.length).toBeGreaterThan(0);

    const running = await storedBytes(run.installation);
    await run.service.stop();
    const log = Buffer.from(run.service.stdout() + run.service.stderr());
    const live = { from: 'the live stream', bytes: Buffer.from(run.live.raw()) };
    const stored = [...running, ...(await storedBytes(run.installation))];
    const secrets = CANARIES.flatMap((address) => [
      ...spellingsOf(address),
      address.slice(0, address.lastIndexOf('@')),
    ]);
    const needles = distinct([...new Set([...secrets, ...CLIENT_SPELLINGS])].flatMap(needlesOf));
    const all = [...told, ...run.outlets, live, { from: 'the log', bytes: log }, ...stored];
    expect(findNeedles(all, needles).slice(0, 20)).toEqual([]);
    // What is there would have been found.
    const words = needlesOf('Write to').slice(0, 1);
    expect(findNeedles(told, words).length).toBeGreaterThan(10);
    expect(findNeedles(stored, words).length).toBeGreaterThan(0);
  },
  SLOW_MS,
);
