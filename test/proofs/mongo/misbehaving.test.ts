import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { createApi } from '../../support/api-client.ts';
import { createInstallation, type Installation, type Service } from '../../support/built-service.ts';
import { type Fault, type FaultyLine, lineTo } from '../../support/faulty-line.ts';
import { expectJson } from '../../support/http-client.ts';
import { inParallel } from '../../support/in-parallel.ts';
import { type InsistentClients, postingOf, startClients } from '../../support/insistent-clients.ts';
import {
  expectAcknowledged,
  expectNoDifferences,
  expectTrueCounts,
  expectTrueHistory,
  readRows,
} from '../../support/kill-checks.ts';
import { createLedger } from '../../support/kill-load.ts';
import { isLongRun } from '../../support/long-run.ts';
import { createRandom, type Random, seedOfRun } from '../../support/random.ts';
import { type Receiver, startReceiver } from '../../support/receiver.ts';
import { pause, until } from '../../support/until.ts';

/**
 * A replica set of three that misbehaves without an end, behind lines that are late, hold up and cut, under two
 * instances at work. Each trouble comes once, in an order of the seed's, and after each all clients go on. In the end
 * what was acknowledged is there, once, is counted, and was told of.
 */

const SITE = 'misbehaving';
const CLIENTS = 6;
/** Of how long a trouble lasts in the long run. */
const SHARE = isLongRun ? 1 : 0.15;
const GO_ON_MS = 180_000;
/** Acknowledgements of each client from one trouble to the next; of the first the request may have been sent before. */
const BETWEEN = isLongRun ? 20 : 4;

const seed = seedOfRun();
process.stderr.write(`misbehaving: GATEHOUSE_SEED=${seed}\n`);

const lines: FaultyLine[] = [];
let server: RunningMongod;
let receiver: Receiver;
let installation: Installation;
let services: Service[];

beforeAll(async () => {
  const random = createRandom(seed);
  const before = async (port: number): Promise<number> => {
    const line = await lineTo(port, random);
    lines.push(line);
    return line.port;
  };
  server = await startMongod({ replicaSet: true, before });
  receiver = await startReceiver();
  const env = { ALLOW_PRIVATE_WEBHOOKS: 'on', WEBHOOK_RETRY_SECONDS: '0,1,2,4,8,16,30,60' };
  installation = createInstallation({ mongodbUri: server.uri, env });
  services = [await installation.start(), await installation.start()];
});
afterAll(async () => {
  await installation?.dispose();
  await receiver?.stop();
  await server?.stop();
  for (const line of lines) line.stop();
});

const ALL = [0, 1, 2];
/** Shorter than it takes the others to elect another. */
const ALONE_MS = 1500;

const primaryNow = (): Promise<number> =>
  until('a primary', async () => {
    const index = await server.primary();
    return index >= 0 ? { index } : null;
  }).then(({ index }) => index);

async function frozen(members: number[], ms: number): Promise<void> {
  for (const index of members) server.freeze(index);
  await pause(ms);
  for (const index of members) server.thaw(index);
}

/** Gets rid of a primary with what no other has: it writes on for a while after the others hear nothing of it. */
async function alone(primary: number, away: () => unknown): Promise<void> {
  const others = ALL.filter((one) => one !== primary);
  lines[primary]?.fail({ kind: 'parted' });
  await pause(ALONE_MS);
  await away();
  await until('the next primary', async () => others.includes(await server.primary()));
  lines[primary]?.mend();
}

async function faulty(members: number[], fault: Fault, ms: number): Promise<void> {
  for (const index of members) lines[index]?.fail(fault);
  await pause(ms);
  for (const index of members) lines[index]?.mend();
}

/** By name, how long each lasts in the long run, in milliseconds, and what it is. */
const TROUBLES: Record<string, [ms: number, make: (primary: number, ms: number) => Promise<void>]> = {
  'the primary stands still': [20_000, (primary, ms) => frozen([primary], ms)],
  'a secondary stands still': [20_000, (primary, ms) => frozen([(primary + 1) % 3], ms)],
  'the majority stands still': [
    60_000,
    (primary, ms) =>
      frozen(
        ALL.filter((one) => one !== primary),
        ms,
      ),
  ],
  'all stand still': [20_000, (_, ms) => frozen(ALL, ms)],
  'one primary after the other steps down': [
    18_000,
    async (_, ms) => {
      for (const end = Date.now() + ms; Date.now() < end; await pause(ms / 5)) {
        const down = { replSetStepDown: 5, secondaryCatchUpPeriodSecs: 0, force: true };
        await server.ask(await primaryNow(), down);
      }
    },
  ],
  'commands to the primary are held up': [
    30_000,
    (primary, ms) => faulty([primary], { kind: 'held', only: 'commands' }, ms),
  ],
  'the primary can not be reached': [
    20_000,
    (primary, ms) => faulty([primary], { kind: 'held', only: 'all' }, ms),
  ],
  'everything is late': [15_000, (_, ms) => faulty(ALL, { kind: 'late', ms: 500 }, ms)],
  'answers are cut off': [15_000, (_, ms) => faulty(ALL, { kind: 'cut', chance: 0.05 }, ms)],
  'the others reach the primary no more': [
    10_000,
    (primary, ms) => faulty([primary], { kind: 'parted' }, ms),
  ],
  'the primary dies with what it has alone': [
    0,
    async (primary) => {
      await alone(primary, () => server.kill(primary));
      await server.restart(primary);
    },
  ],
  'the primary sleeps through its fall with what it has alone': [
    0,
    async (primary) => {
      await alone(primary, () => server.freeze(primary));
      server.thaw(primary);
    },
  ],
  'the primary is killed': [
    0,
    async (primary) => {
      await server.kill(primary);
      await server.restart(primary);
    },
  ],
};

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const left = [...items];
  return items.map(() => left.splice(random.between(0, left.length - 1), 1)[0] as T);
}

async function allGoOn(clients: InsistentClients, after: string): Promise<void> {
  const before = [...clients.acknowledged];
  const goOn = until(
    `all clients to go on after ${after}`,
    () => clients.acknowledged.every((count, i) => count >= (before[i] ?? 0) + BETWEEN),
    GO_ON_MS,
  );
  await Promise.race([goOn, clients.running.then(() => goOn)]);
}

test('nothing acknowledged is lost, done twice, miscounted or left untold when MongoDB misbehaves', async () => {
  const apis = services.map(createApi);
  const [api, other] = apis as [(typeof apis)[0], (typeof apis)[0]];
  await api.createSite(SITE, { policy: { moderation: 'all' } });
  const hook = {
    url: receiver.url,
    events: ['comment.created', 'comment.approved', 'comment.spam', 'comment.rejected'],
  };
  expectJson(await api.asAdmin({ method: 'POST', path: '/v1/admin/webhooks', body: hook }), 201);
  const ledger = createLedger(SITE, 3);
  const clients = startClients({ services, ledger, seed, clients: CLIENTS });
  await allGoOn(clients, 'their start');
  for (const [name, [ms, make]] of shuffled(Object.entries(TROUBLES), createRandom(seed))) {
    const before = ledger.decisions.length;
    await make(await primaryNow(), ms * SHARE);
    await allGoOn(clients, name);
    process.stderr.write(`${name}: ${ledger.decisions.length - before} decisions until all went on\n`);
  }
  clients.end();
  await clients.running;
  process.stderr.write(`${JSON.stringify(clients.answers)}\n`);

  for (const one of apis)
    await until('readyz to heal', async () => (await one.send({ path: '/readyz' })).status === 200);
  const rows = await readRows(api, ledger);
  expectAcknowledged(ledger, rows);
  expect(rows.size).toBe(ledger.comments.length);
  const histories = await inParallel(ledger.comments, 4, ({ id }) =>
    expectTrueHistory(api, ledger, id ?? ''),
  );
  for (const one of apis) await expectTrueCounts(one, ledger, rows);
  // A key that was answered is answered alike, by whomever it is asked.
  for (const sent of ledger.comments.slice(-20)) {
    const again = expectJson<{ comment: { id: string } }>(await other.send(postingOf(ledger, sent)), 201);
    expect(again.comment.id).toBe(sent.id);
  }
  const due = ledger.comments.map(({ id }) => `comment.created ${id}`);
  for (const { from, to, decisionId } of histories.flat())
    if (from !== to) due.push(`comment.${to} ${decisionId}`);
  await until(
    'all to be told',
    () => {
      const told = new Set(receiver.received.map(({ text }) => nameOf(text)));
      return due.every((one) => told.has(one));
    },
    150_000,
  ).catch((error: Error) => {
    const told = new Set(receiver.received.map(({ text }) => nameOf(text)));
    throw new Error(`${error.message}: ${due.filter((one) => !told.has(one)).join(', ')}`);
  });
  await expectNoDifferences(installation);
  for (const service of services) expect(await service.stop()).toEqual({ code: 0, signal: null });
});

/** What a message is about: its type, and the comment that is new or the decision that was taken. */
function nameOf(text: string): string {
  const { type, data } = JSON.parse(text) as {
    type: string;
    data: { comment: { id: string }; decision: { id: string } | null };
  };
  return `${type} ${type === 'comment.created' ? data.comment.id : data.decision?.id}`;
}
