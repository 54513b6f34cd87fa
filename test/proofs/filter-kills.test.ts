import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { signedHeaders } from '../../src/webhooks/signature.ts';
import { type Api, createApi, type ModeratedComment } from '../support/api-client.ts';
import { createInstallation, type Service } from '../support/built-service.ts';
import { type Behaviour, type FilterServer, type MadeFilter, says, startFilter } from '../support/filters.ts';
import { type Answer, expectJson, jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { isCutOff } from '../support/kill-load.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { createRandom, seedOfRun } from '../support/random.ts';
import { pause, until } from '../support/until.ts';

/**
 * kill -9 while filters are asked, told, and give their verdicts: what was acknowledged stands, and what was due to
 * a filter is asked and told by the process that comes after, whom nobody helps.
 */
const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const CLIENTS = 4;
/** Rounds of one client; a kill that is not reached within them was never set. */
const MOST = 400;
const GONE_WITHIN_MS = 15_000;
const SENT_AGAIN_WITHIN_MS = 60_000;
const isSqlite = storeUnderTest() === 'sqlite';
const NOT_YET: Behaviour = (_, response) => void response.writeHead(202).end();

const seed = seedOfRun();
const random = createRandom(seed);
process.stderr.write(`filter kills: GATEHOUSE_SEED=${seed}\n`);

const installation = createInstallation({
  env: {
    ALLOW_PRIVATE_WEBHOOKS: 'on',
    WEBHOOK_RETRY_SECONDS: '0,0,1,1,1,1,1,1',
    WEBHOOK_TIMEOUT_MS: '1000',
  },
});
let behave: Behaviour = NOT_YET;
let server: FilterServer;
/** By site. */
const filters = new Map<string, MadeFilter>();

/** A site each, with a filter of its own: one that is waited for, two that are asked behind. */
const SITES = { later: 'async', asked: 'async', awaited: 'sync' } as const;

beforeAll(async () => {
  server = await startFilter((heard, response) => behave(heard, response));
  const service = await installation.start();
  const api = createApi(service);
  for (const [site, mode] of Object.entries(SITES)) {
    await api.createSite(site, { policy: { moderation: 'none', duplicateHours: 0 } });
    const body = { name: site, url: server.url, mode, sites: [site], deadlineMs: 20_000 };
    const made = await api.asAdmin({ method: 'POST', path: '/v1/admin/filters', body });
    filters.set(site, expectJson<MadeFilter>(made, 201));
  }
  await service.stop();
});
afterAll(async () => {
  await installation.dispose();
  await server.stop();
});

let posted = 0;
async function post(api: Api, site: keyof typeof SITES): Promise<string> {
  posted += 1;
  const page = { url: `https://${site}.example/1` };
  const author = { name: 'A reader', email: `reader-${posted}@readers.example` };
  return (await api.posted(site, { page, author, body: `Comment ${posted}` })).comment.id;
}

async function decide(api: Api, id: string): Promise<void> {
  expectJson(await api.decide(id, { action: 'approve' }), 200);
}

interface SentVerdict {
  id: string;
  commentId: string;
  /** Null where it was cut off. */
  answer: Answer | null;
}

function sendVerdict(api: Api, { id, commentId }: SentVerdict): Promise<Answer> {
  const { id: filter = '', secret = '' } = filters.get('later') ?? {};
  const body = JSON.stringify({ commentId, verdict: 'spam', score: 0.9, labels: ['casino'] });
  const headers = signedHeaders({ id, timestamp: Math.floor(Date.now() / 1000), body }, [secret]);
  const path = `/v1/filters/${filter}/verdicts`;
  return api.send({
    method: 'POST',
    path,
    headers: { 'Content-Type': 'application/json', ...headers },
    body,
  });
}

/** Each client goes on until the service is gone. */
async function untilGone(service: Service, round: (api: Api) => Promise<void>): Promise<void> {
  const api = createApi(service);
  await inParallel(Array.from({ length: CLIENTS }), CLIENTS, async () => {
    for (let i = 0; i < MOST; i++) {
      try {
        await round(api);
      } catch (error) {
        if (isCutOff(error)) return;
        throw error;
      }
    }
  });
  const ending = await Promise.race([service.ended, pause(GONE_WITHIN_MS)]);
  expect(ending).toEqual({ code: null, signal: 'SIGKILL' });
}

/** What a start sends to MongoDB, and what it asks by itself before the first request is answered; about. */
const OF_ITS_OWN = 100;

/** On MongoDB each request is several messages to the server; on SQLite many share one to the writer. */
const startDoomed = (point: string, nth: number): Promise<Service> =>
  installation.start({
    nodeArgs: ['--require', FAILPOINT],
    env: { PROOF_FAILPOINT: `${point}:${isSqlite || point.endsWith('answer') ? nth : OF_ITS_OWN + nth * 6}` },
  });

// A start sends messages of its own, and something is to be acknowledged before the kill.
const POINTS = isSqlite || isLongRun ? ['before-answer', 'after-store', 'before-store'] : ['before-answer'];
const series = Array.from({ length: isLongRun ? 5 : 1 }, () => POINTS)
  .flat()
  .map((point) => ({ point, nth: random.between(30, isLongRun ? 120 : 55) }));

test.each(series)(
  'a verdict that was acknowledged stands after a kill $point, $nth, and counts once however often it is sent',
  async ({ point, nth }) => {
    behave = NOT_YET;
    const sent: SentVerdict[] = [];
    await untilGone(await startDoomed(point, nth), async (api) => {
      const verdict: SentVerdict = { id: randomUUID(), commentId: await post(api, 'later'), answer: null };
      sent.push(verdict);
      verdict.answer = await sendVerdict(api, verdict);
      expectJson(verdict.answer, 200);
    });
    const acknowledged = sent.filter(({ answer }) => answer !== null);
    expect(acknowledged.length).toBeGreaterThan(0);

    const service = await installation.start();
    const api = createApi(service);
    for (const { commentId } of acknowledged) expect(await api.detail(commentId)).toMatchObject(JUDGED);
    // Another instance's request counts as abandoned only after a while.
    const again = isSqlite || isLongRun ? sent : acknowledged;
    await inParallel(again, CLIENTS, async (verdict) => {
      const answer = await until('the verdict to be taken', async () => {
        const got = await sendVerdict(api, verdict);
        return got.text.includes('idempotency-key-in-progress') ? null : got;
      });
      expect(jsonOf(answer)).toEqual({
        applied: true,
        comment: { id: verdict.commentId, status: 'spam', version: 2 },
      });
      if (verdict.answer !== null)
        expect([answer.text, answer.headers['idempotent-replayed']]).toEqual([verdict.answer.text, 'true']);
      expect(await api.detail(verdict.commentId)).toMatchObject(JUDGED);
    });
    await service.stop();
  },
);

const JUDGED = {
  status: 'spam',
  version: 2,
  screening: expect.arrayContaining([expect.objectContaining({ phase: 'filter:later', outcome: 'spam' })]),
};

const heardOf = (type: string, commentId: string): number =>
  new Set(
    server.heard
      .filter(({ json }) => json.type === type && json.data.commentId === commentId)
      .map(({ headers }) => headers['webhook-id']),
  ).size;

/** An errand that was under way on MongoDB is taken up by others once its lease has ended, ten seconds later. */
const AT_FILTER = isSqlite || isLongRun ? ['at-filter', 'after-store'] : ['at-filter'];

test.each(AT_FILTER.map((point) => ({ point, nth: random.between(20, 40) })))(
  'comments accepted while their filter is being asked, and decisions, reach it after a kill $point, $nth',
  async ({ point, nth }) => {
    const undecided: string[] = [];
    const decided: string[] = [];
    const doomed = point === 'at-filter' ? await installation.start() : await startDoomed(point, nth);
    let left = point === 'at-filter' ? nth : Number.POSITIVE_INFINITY;
    behave = (heard, response) => {
      left -= 1;
      if (left === 0) void doomed.kill9();
      // It hears of what the kill cuts off, and its word on that is lost.
      if (left > 0) says({ verdict: 'spam' })(heard, response);
    };
    await untilGone(doomed, async (api) => {
      undecided.push(await post(api, 'asked'));
      const id = await post(api, 'asked');
      await decide(api, id);
      decided.push(id);
    });
    expect(Math.min(undecided.length, decided.length)).toBeGreaterThan(0);

    behave = says({ verdict: 'spam' });
    const healed = await installation.start();
    const api = createApi(healed);
    const statusOf = async (id: string): Promise<string> => (await api.detail(id)).status;
    for (const id of undecided)
      await until('the filter’s word', async () => (await statusOf(id)) === 'spam', SENT_AGAIN_WITHIN_MS);
    for (const id of decided) {
      const told = () => heardOf('comment.decided', id) > 0;
      await until('a decision at the filter', told, SENT_AGAIN_WITHIN_MS);
      // Whatever the filter says of it: a person's word stands.
      expect(await statusOf(id)).toBe('approved');
    }
    await expectReplayed(healed, decided);
  },
);

/** A replay that was acknowledged goes on through a kill a moment later. */
async function expectReplayed(service: Service, decided: string[]): Promise<void> {
  const before = new Map(decided.map((id) => [id, heardOf('comment.decided', id)]));
  const path = `/v1/admin/filters/${filters.get('asked')?.id}/replay`;
  const body = { since: '2020-01-01T00:00:00Z', site: 'asked' };
  const begun = await createApi(service).asAdmin({ method: 'POST', path, body });
  expect(begun.status).toBe(202);
  await service.kill9();
  const next = await installation.start();
  for (const id of decided) {
    const again = () => heardOf('comment.decided', id) > (before.get(id) ?? 0);
    await until('a decision that is told again', again, SENT_AGAIN_WITHIN_MS);
  }
  await next.stop();
}

test('a comment that is cut off while its filter is asked was never there, and sent again is there once', async () => {
  const service = await installation.start();
  behave = () => void service.kill9();
  const cut = { page: { url: 'https://awaited.example/1' }, body: 'Said once' };
  const comment = { ...cut, author: { name: 'A reader', email: 'once@readers.example' } };
  const key = { 'Idempotency-Key': 'once' };
  await expect(createApi(service).post('awaited', comment, key)).rejects.toThrow();
  await service.ended;

  behave = says({ verdict: 'ham' });
  const healed = await installation.start();
  const api = createApi(healed);
  const rows = (): Promise<ModeratedComment[]> => api.walkQueue({ site: 'awaited', status: 'all' });
  expect(await rows()).toEqual([]);
  // Another instance's request counts as abandoned only after a while.
  const again = await api.posted('awaited', comment, isSqlite ? key : {});
  expect((await rows()).map(({ id, status }) => [id, status])).toEqual([[again.comment.id, 'approved']]);
  await healed.stop();
});
