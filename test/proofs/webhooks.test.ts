import { join } from 'node:path';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Service, StartOptions } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { sentOf } from '../support/deliveries.ts';
import { jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { createRandom, seedOfRun } from '../support/random.ts';
import { type Receiver, type Respond, startReceiver } from '../support/receiver.ts';
import { pause, until } from '../support/until.ts';

/**
 * kill -9 at any moment: every event that was acknowledged reaches the subscriber at least once, after a start
 * that nobody helps.
 */
type KillPoint = 'under-load' | 'before-store' | 'after-store' | 'at-receiver';

const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const CLIENTS = 6;
/** Comments of one client; a kill that is not reached within them was never set. */
const MOST = 400;
const GONE_WITHIN_MS = 15_000;
const isSqlite = storeUnderTest() === 'sqlite';
const ROUNDS = isLongRun ? 10 : 1;

const seed = seedOfRun();
const random = createRandom(seed);
process.stderr.write(`webhook kills: GATEHOUSE_SEED=${seed}\n`);

const POINTS: KillPoint[] = isLongRun
  ? ['under-load', 'before-store', 'after-store', 'at-receiver']
  : isSqlite
    ? ['before-store', 'after-store', 'at-receiver']
    : ['before-store', 'at-receiver'];
const series = Array.from({ length: ROUNDS }, () => POINTS)
  .flat()
  .map((point) => ({ point, nth: random.between(10, isLongRun ? 200 : 40) }));

const installation = createInstallation({
  env: {
    ALLOW_PRIVATE_WEBHOOKS: 'on',
    WEBHOOK_RETRY_SECONDS: '0,0,1,1,1,1,1,1',
    WEBHOOK_TIMEOUT_MS: '1000',
  },
});
/** What was answered 2xx: the events that are due, as `{type} {commentId} {version}`. */
const acknowledged = new Set<string>();
const arrived = new Map<string, number>();
let onArrival: () => void = () => undefined;
let onAcknowledged: () => void = () => undefined;
let receiver: Receiver;

const note: Respond = (call, response) => {
  const { type, data } = sentOf(call);
  const key = `${type} ${data.comment?.id} ${data.comment?.version}`;
  arrived.set(key, (arrived.get(key) ?? 0) + 1);
  onArrival();
  response.writeHead(204).end();
};

beforeAll(async () => {
  receiver = await startReceiver(note);
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite('told');
  const made = await api.asAdmin({
    method: 'POST',
    path: '/v1/admin/webhooks',
    body: { url: receiver.url, events: ['comment.created', 'comment.held', 'comment.spam'], site: 'told' },
  });
  expect(made.status).toBe(201);
  await service.stop();
});
afterAll(async () => {
  await installation.dispose();
  await receiver.stop();
});

function startOptions(point: KillPoint, nth: number): StartOptions {
  if (point === 'under-load' || point === 'at-receiver') return {};
  // On MongoDB each request is several messages to the server; on SQLite many share one to the writer.
  return {
    nodeArgs: ['--require', FAILPOINT],
    env: { PROOF_FAILPOINT: `${point}:${isSqlite ? nth : nth * 6}` },
  };
}

let posted = 0;
async function postAndDecide(api: Api): Promise<void> {
  posted += 1;
  const comment = {
    page: { url: 'https://told.example/1' },
    author: { name: 'A reader', email: 'reader@readers.example' },
    body: `Comment ${posted}`,
  };
  const { comment: made } = await api.posted('told', comment);
  acknowledged.add(`comment.created ${made.id} 1`);
  acknowledged.add(`comment.held ${made.id} 1`);
  const path = `/v1/moderation/comments/${made.id}/decisions`;
  const decided = await api.asAdmin({ method: 'POST', path, body: { action: 'spam' } });
  if (decided.status !== 200) return;
  acknowledged.add(`comment.spam ${made.id} 2`);
  onAcknowledged();
}

/** Each client goes on until the service is gone. */
async function load(service: Service): Promise<void> {
  const api = createApi(service);
  await inParallel(Array.from({ length: CLIENTS }), CLIENTS, async () => {
    for (let i = 0; i < MOST; i++) {
      try {
        await postAndDecide(api);
      } catch {
        return;
      }
    }
  });
}

test.each(series)('every acknowledged event arrives after a kill $point, $nth', async ({ point, nth }) => {
  const doomed = await installation.start(startOptions(point, nth));
  let left = nth;
  const kill = (): void => {
    left -= 1;
    if (left === 0) void doomed.kill9();
  };
  if (point === 'at-receiver') onArrival = kill;
  if (point === 'under-load') onAcknowledged = kill;
  await load(doomed);
  const ending = await Promise.race([doomed.ended, pause(GONE_WITHIN_MS)]);
  expect({ point, ending }).toEqual({ point, ending: { code: null, signal: 'SIGKILL' } });
  onArrival = () => undefined;
  onAcknowledged = () => undefined;

  const healed = await installation.start();
  const missing = (): string[] => [...acknowledged].filter((key) => !arrived.has(key));
  await until('every acknowledged event', () => missing().length === 0, 60_000);
  // And nothing is told of that did not happen.
  const api = createApi(healed);
  const last = [...arrived.keys()].slice(-5);
  for (const key of last) {
    const [, id = ''] = key.split(' ');
    const found = await api.asAdmin({ path: `/v1/moderation/comments/${id}` });
    expect(jsonOf<{ id: string }>(found)).toMatchObject({ id });
  }
  await healed.stop();
});
