import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation, Service, StartOptions } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import { jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import type { Rows } from '../support/kill-checks.ts';
import {
  expectAcknowledged,
  expectNoDifferences,
  expectTrueCounts,
  expectTrueHistory,
  readRows,
} from '../support/kill-checks.ts';
import type { Ledger, SentComment, SentDecision } from '../support/kill-load.ts';
import {
  createLedger,
  noteComment,
  noteDecision,
  runLoad,
  sendComment,
  sendDecision,
} from '../support/kill-load.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { createRandom, seedOfRun } from '../support/random.ts';
import { pause, until } from '../support/until.ts';

/**
 * kill -9 under load. One installation lives through a series of kills; after each everything that was
 * acknowledged must be there, once, with counts that equal the rows, and what was cut off can be sent again.
 */
type KillPoint =
  | 'under-load'
  | 'before-store'
  | 'in-commit'
  | 'after-store'
  | 'before-answer'
  | 'after-answer';

const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const STRACE = '/usr/bin/strace';
const CLIENTS = 12;
const GONE_WITHIN_MS = 10_000;
/** Roughly, on MongoDB. */
const MESSAGES_A_REQUEST = 6;
/** Requests of one client; a kill that is not reached within them was never set. */
const MOST = 400;

/** How often each point is taken: in the default run, and in `npm run test:long`. */
const SHARES: Record<KillPoint, { sqlite: number; mongo: number; long: number }> = {
  'under-load': { sqlite: 1, mongo: 1, long: 20 },
  'before-store': { sqlite: 1, mongo: 0, long: 5 },
  'in-commit': { sqlite: 1, mongo: 0, long: 5 },
  'after-store': { sqlite: 1, mongo: 1, long: 10 },
  'before-answer': { sqlite: 1, mongo: 1, long: 12 },
  'after-answer': { sqlite: 1, mongo: 0, long: 3 },
};

const isSqlite = storeUnderTest() === 'sqlite';
const seed = seedOfRun();
const random = createRandom(seed);
process.stderr.write(`kill series: GATEHOUSE_SEED=${seed}\n`);

/** The order is part of the series: drawn from the seed. */
function drawSeries(): { point: KillPoint; nth: number }[] {
  const points = (Object.keys(SHARES) as KillPoint[]).flatMap((point) => {
    const { sqlite, mongo, long } = SHARES[point];
    // A commit's fsync happens in our own process on SQLite only.
    const here = point !== 'in-commit' || (isSqlite && existsSync(STRACE));
    return Array<KillPoint>(here ? (isLongRun ? long : isSqlite ? sqlite : mongo) : 0).fill(point);
  });
  return points
    .map((point) => ({ point, nth: random.between(60, isLongRun ? 400 : 160), order: random.next() }))
    .sort((one, other) => one.order - other.order);
}

function startOptions(point: KillPoint, nth: number): StartOptions {
  if (point === 'under-load') return {};
  if (point === 'in-commit') {
    const inject = `inject=fsync,fdatasync:signal=SIGKILL:when=${nth}`;
    return { under: [STRACE, '-f', '-qq', '-e', 'trace=fsync,fdatasync', '-e', inject, '-o', '/dev/null'] };
  }
  // On MongoDB each request is several messages to the server; on SQLite many share one to the writer.
  const times = !isSqlite && point.endsWith('-store') ? nth * MESSAGES_A_REQUEST : nth;
  return { nodeArgs: ['--require', FAILPOINT], env: { PROOF_FAILPOINT: `${point}:${times}` } };
}

/** Loads the service until it dies of its own failpoint, or is killed after so many acknowledged writes. */
async function runUntilKilled(
  service: Service,
  ledger: Ledger,
  point: KillPoint,
  nth: number,
): Promise<number> {
  const kill = point === 'under-load' ? (count: number) => count === nth && void service.kill9() : undefined;
  const acknowledged = await runLoad(createApi(service), {
    random,
    ledger,
    clients: CLIENTS,
    most: MOST,
    onAcknowledged: kill,
  });
  // The clients ended because the service did, not because they had sent all: the point was reached.
  const ending = await Promise.race([service.ended, pause(GONE_WITHIN_MS)]);
  expect({ point, ending }).toEqual({ point, ending: { code: null, signal: 'SIGKILL' } });
  return acknowledged;
}

interface Cut {
  comments: SentComment[];
  /** Those with a key: without one a decision can't be told from its repetition. */
  decisions: SentDecision[];
}

/** What was sent and never answered, up to now. */
const cutOff = ({ comments, decisions }: Ledger): Cut => ({
  comments: comments.filter(({ answer }) => answer === null),
  decisions: decisions.filter(({ answer, key }) => answer === null && key !== null),
});

const isHidden = async (api: Api, id: string | null): Promise<boolean> =>
  id !== null && (await api.send({ path: `/v1/comments/${id}` })).status !== 200;

/** A comment that got no answer is sent again: it is there once, whether it had arrived or not. */
async function retryComment(api: Api, ledger: Ledger, sent: SentComment, before: Rows): Promise<void> {
  const row = before.get(sent.request.body);
  const answer = await until('the retried comment to be taken', async () => {
    const got = await sendComment(api, ledger, sent);
    return got.text.includes('idempotency-key-in-progress') ? null : got;
  });
  if (row && sent.key === null) {
    // Whether it may answer what it answers is looked at before: that may have been hidden since.
    if (await isHidden(api, row.parentId)) {
      const errors = [{ pointer: '/parentId', code: 'parent-not-found' }];
      expect([answer.status, jsonOf(answer)]).toMatchObject([422, { errors }]);
    } else expect([answer.status, jsonOf(answer)]).toMatchObject([409, { code: 'duplicate-comment' }]);
    // Answered now, so not tried again: others may decide on it from here on.
    sent.answer = answer;
    sent.id = row.id;
    return;
  }
  if (row) {
    expect(answer).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } });
    expect(jsonOf(answer)).toMatchObject({ comment: { id: row.id } });
  }
  noteComment(sent, answer);
}

/** A decision with a key that got no answer is sent again: it is taken once. */
async function retryDecision(api: Api, ledger: Ledger, sent: SentDecision): Promise<void> {
  const before = await expectTrueHistory(api, ledger, sent.commentId);
  const answer = await until('the retried decision to be taken', async () => {
    const got = await sendDecision(api, sent);
    return got.text.includes('idempotency-key-in-progress') ? null : got;
  });
  noteDecision(sent, answer);
  const after = await expectTrueHistory(api, ledger, sent.commentId);
  const isReplay = answer.headers['idempotent-replayed'] === 'true';
  expect(after.length).toBe(before.length + (isReplay ? 0 : 1));
}

/** An answered request with a key, sent again, gets its first answer byte by byte. */
async function expectReplay(api: Api, ledger: Ledger, sent: SentComment): Promise<void> {
  const again = await sendComment(api, ledger, sent);
  expect({ status: again.status, body: again.text, location: again.headers.location }).toEqual({
    status: sent.answer?.status,
    body: sent.answer?.text,
    location: sent.answer?.headers.location,
  });
  expect(again.headers['idempotent-replayed']).toBe('true');
}

const installation: Installation = createInstallation();
const ledger = createLedger('kills', 5);

beforeAll(async () => {
  const service = await installation.start();
  await createApi(service).createSite(ledger.site);
  await service.stop();
});

afterAll(() => installation.dispose());

async function withService(work: (api: Api) => Promise<void>): Promise<void> {
  const service = await installation.start();
  try {
    await work(createApi(service));
  } finally {
    await service.stop();
  }
}

test.each(drawSeries())('nothing acknowledged is lost by a kill $point, $nth', async ({ point, nth }) => {
  const from = { comments: ledger.comments.length, decisions: ledger.decisions.length };
  const doomed = await installation.start(startOptions(point, nth));
  expect(await runUntilKilled(doomed, ledger, point, nth)).toBeGreaterThan(0);
  await withService(async (api) => {
    await expectWhole(api);
    const touched = new Set(ledger.decisions.slice(from.decisions).map(({ commentId }) => commentId));
    await inParallel([...touched], CLIENTS, (id) => expectTrueHistory(api, ledger, id));
    const keyed = ledger.comments.slice(from.comments).filter(({ key, id }) => key !== null && id !== null);
    for (const sent of keyed.slice(-3)) await expectReplay(api, ledger, sent);
    if (isSqlite) await retryCutOff(api);
  });
});

// Another instance's request counts as abandoned only after a while, so on MongoDB all are tried at the end.
test('what the kills cut off can be sent again, and is there once', () => withService(retryCutOff), 120_000);

test('after all of them the self-check has nothing to mend', () => expectNoDifferences(installation));

/** Comments, decisions and counts as they were acknowledged. */
async function expectWhole(api: Api): Promise<Rows> {
  const rows = await readRows(api, ledger);
  expectAcknowledged(ledger, rows);
  await expectTrueCounts(api, ledger, rows);
  return rows;
}

async function retryCutOff(api: Api): Promise<void> {
  const rows = await expectWhole(api);
  const { comments, decisions } = cutOff(ledger);
  await inParallel(comments, CLIENTS, (sent) => retryComment(api, ledger, sent, rows));
  for (const sent of decisions) await retryDecision(api, ledger, sent);
  await expectWhole(api);
}
