import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';
import type { Answer } from '../support/http-client.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { until } from '../support/until.ts';

/**
 * kill -9 in the middle of a batch: it is finished by whoever starts next, nothing is decided twice, and
 * the request's key gets the whole answer.
 */
const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const isSqlite = storeUnderTest() === 'sqlite';
const COMMENTS = 1300;
const DECIDED = 1200;
const SITE = 'batches';

interface AuditPage {
  items: { commentId: string; action: string; batchId: string | null }[];
  nextCursor: string | null;
}
interface BulkAnswer {
  batchId: string;
  results: { id: string; ok: boolean; status?: string; error?: { code: string } }[];
}

let filled: Installation;
let installation: Installation;
let ids: string[];

async function fill(empty: Installation): Promise<string[]> {
  const service = await empty.start();
  const api = createApi(service);
  await api.createSite(SITE);
  const posted = await inParallel([...Array(COMMENTS).keys()], 32, (i) =>
    api.posted(SITE, {
      page: { url: `https://${SITE}.example/${i % 7}` },
      author: { name: `Reader ${i % 50}`, email: `reader-${i % 50}@readers.example` },
      body: `Comment ${i}`,
    }),
  );
  await service.stop();
  return posted.map(({ comment }) => comment.id).sort();
}

// A folder is filled once and copied; a database is filled each time.
beforeAll(async () => {
  filled = createInstallation();
  if (isSqlite) ids = await fill(filled);
});
afterAll(() => filled.dispose());
beforeEach(async () => {
  installation = createInstallation();
  if (isSqlite) cpSync(filled.dataDir, installation.dataDir, { recursive: true });
  else ids = await fill(installation);
});
afterEach(() => installation.dispose());

const decisions = (api: Api, body: object, key: string): Promise<Answer> =>
  api.asAdmin({
    method: 'POST',
    path: '/v1/moderation/decisions',
    headers: { 'Idempotency-Key': key },
    body,
  });

/** Sends it to a service that dies at the point; fails where it did not die. */
async function dieAt(point: string, send: (api: Api) => Promise<Answer>): Promise<void> {
  const nodeArgs = ['--require', FAILPOINT];
  const doomed = await installation.start({ nodeArgs, env: { PROOF_FAILPOINT: point } });
  const api = createApi(doomed);
  // No POST: nothing is counted yet. The first write starts the writer thread, which takes messages of its own.
  const renamed = await api.asAdmin({
    method: 'PATCH',
    path: `/v1/admin/sites/${SITE}`,
    body: { name: 'Batches' },
  });
  expect(renamed.status).toBe(200);
  await expect(send(api)).rejects.toThrow(/ECONNRESET|socket hang up|cut off/);
  expect(await doomed.ended).toEqual({ code: null, signal: 'SIGKILL' });
}

/** Another instance's key counts as abandoned after a while. */
const sendAgain = (send: () => Promise<Answer>): Promise<Answer> =>
  until('the key to be taken up', async () => {
    const answer = await send();
    return answer.text.includes('idempotency-key-in-progress') ? null : answer;
  });

/** Every entry of the audit that decided something, by comment. */
async function decidedIn(api: Api, batchId: string): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: AuditPage = expectJson(
      await api.asAdmin({ path: `/v1/moderation/audit?site=${SITE}&action=spam&limit=200${more}` }),
      200,
    );
    for (const entry of page.items) {
      expect(entry.batchId).toBe(batchId);
      found.push(entry.commentId);
    }
    cursor = page.nextCursor;
  }
  return found.sort();
}

async function expectOnce(api: Api, batchId: string): Promise<void> {
  const due = ids.slice(0, DECIDED);
  expect(await decidedIn(api, batchId)).toEqual(due);
  const left = await api.walkQueue({ site: SITE, status: 'spam', sort: 'oldest' });
  expect(left.map(({ id, version }) => [id, version])).toEqual(due.map((id) => [id, 2]));
  expect(await api.counts(SITE)).toMatchObject({ spam: DECIDED, pending: COMMENTS - DECIDED });
}

/**
 * On SQLite each message to the writer is one step: key, batch, part, progress, part, progress, part, end, answer.
 * Before the progress is told a part is decided that nothing says so of. What else the service writes behind comes
 * between them as it likes, and is not counted.
 */
const AFTER_A_PART = isSqlite ? 'before-store:1:advanceBatch' : 'before-store:60';
const POINTS = isSqlite
  ? [
      AFTER_A_PART,
      ...(isLongRun
        ? ['before-store:1:changeMany', 'before-store:2:advanceBatch', 'before-store:3:advanceBatch']
        : []),
      'before-answer:1',
    ]
  : [AFTER_A_PART, ...(isLongRun ? ['before-store:30', 'before-store:90', 'before-answer:1'] : [])];

test.each(POINTS)(
  'a match that is cut off at %s is finished, and its key replays the whole answer',
  async (point) => {
    const match = { site: SITE, status: 'pending', until: new Date(Date.now() + 60_000).toISOString() };
    const body = { action: 'spam', match, limit: DECIDED, reason: 'spam' };
    const send = (api: Api): Promise<Answer> => decisions(api, body, 'match');
    await dieAt(point, send);

    const service = await installation.start();
    const api = createApi(service);
    // Nobody asks for it.
    if (isSqlite)
      await until('the batch to be finished', async () => (await api.counts(SITE)).spam === DECIDED);
    const answer = await sendAgain(() => send(api));
    const expected = { decided: DECIDED, conflicts: 0, remaining: COMMENTS - DECIDED };
    const { batchId } = expectJson<{ batchId: string }>(answer, 200);
    expect(jsonOf(answer)).toEqual({ batchId, ...expected });
    await expectOnce(api, batchId);
    const again = await send(api);
    expect([again.text, again.headers['idempotent-replayed']]).toEqual([answer.text, 'true']);

    const undone = await api.asAdmin({ method: 'POST', path: `/v1/moderation/batches/${batchId}/undo` });
    const { results } = expectJson<BulkAnswer>(undone, 200);
    expect(results.map(({ id, ok, status }) => [id, ok, status])).toEqual(
      ids.slice(0, DECIDED).map((id) => [id, true, 'pending']),
    );
    expect(await api.counts(SITE)).toMatchObject({ spam: 0, pending: COMMENTS });
  },
);

test('named comments that are cut off halfway are all decided, and answered for by the key', async () => {
  const named = ids.slice(0, 999);
  const items = [...named.map((id) => ({ id, version: 1 })), { id: 'unknown' }];
  const send = (api: Api): Promise<Answer> => decisions(api, { action: 'spam', items }, 'items');
  await dieAt(AFTER_A_PART, send);
  const api = createApi(await installation.start());
  const { batchId, results } = expectJson<BulkAnswer>(await sendAgain(() => send(api)), 200);
  expect(results.map(({ id, ok }) => [id, ok])).toEqual([
    ...named.map((id) => [id, true]),
    ['unknown', false],
  ]);
  expect(await decidedIn(api, batchId)).toEqual(named);
  expect(await api.counts(SITE)).toMatchObject({ spam: named.length });
});

test('an undo that is cut off halfway takes back all of it, and is answered for by the key', async () => {
  const service = await installation.start();
  const items = ids.slice(0, 1000).map((id) => ({ id }));
  const { batchId } = expectJson<BulkAnswer>(
    await decisions(createApi(service), { action: 'spam', items }, 'first'),
    200,
  );
  await service.stop();
  const send = (api: Api): Promise<Answer> =>
    api.asAdmin({
      method: 'POST',
      path: `/v1/moderation/batches/${batchId}/undo`,
      headers: { 'Idempotency-Key': 'undo' },
    });
  await dieAt(AFTER_A_PART, send);
  const api = createApi(await installation.start());
  const answer = expectJson<BulkAnswer>(await sendAgain(() => send(api)), 200);
  expect(answer.results.map(({ id, ok }) => [id, ok])).toEqual(items.map(({ id }) => [id, true]));
  expect(await api.counts(SITE)).toMatchObject({ spam: 0, pending: COMMENTS });
  const again = expectJson<BulkAnswer>(await send(api), 200);
  expect(again).toEqual(answer);
});
