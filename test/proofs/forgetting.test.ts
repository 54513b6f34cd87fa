import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation, launch } from '../support/built-service.ts';
import { jsonOf } from '../support/http-client.ts';
import { inParallel } from '../support/in-parallel.ts';
import { expectNoDifferences } from '../support/kill-checks.ts';
import { storeUnderTest } from '../support/lane.ts';
import { dump, storedBytes } from '../support/stored-bytes.ts';
import { until } from '../support/until.ts';

/** What must be forgotten is, through kills and through backups, by the built program. */

const SITE = 'forgetful';
const EMAIL = 'zar.erasable@readers.example';
const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const SHIFTED = join(__dirname, '../support/shifted-clock.cjs');
const isSqlite = storeUnderTest() === 'sqlite';
const DAY = 24 * 3_600_000;

let installation: Installation;
beforeEach(() => {
  installation = createInstallation({ env: { RATE_LIMITS: 'off' } });
});
afterEach(() => installation.dispose());

const written = (body: string, rest: object = {}) => ({
  page: { url: `https://${SITE}.example/1` },
  author: { name: 'Zarathoustrian', email: EMAIL },
  body,
  ...rest,
});

const totalOf = async (api: Api, status: string): Promise<number> => {
  const path = `/v1/moderation/queue?site=${SITE}&status=${status}&limit=1`;
  return jsonOf<{ total: number }>(await api.asAdmin({ path })).total;
};

const postMany = (api: Api, count: number, rest: object = {}) =>
  inParallel([...Array(count).keys()], 12, (i) =>
    api.posted(SITE, written(`An unmistakableword, number ${'abcdefghij'[i % 10]} of ${i}`, rest)),
  );

async function leftovers(words: string[]): Promise<string[]> {
  const outlets = await storedBytes(installation);
  return words.flatMap((word) =>
    outlets.flatMap(({ from, bytes }) => (bytes.includes(word) ? [`${word} in ${from}`] : [])),
  );
}

test('an erasure that a kill cuts off is finished by the next start', async () => {
  const first = await installation.start();
  const api = createApi(first);
  await api.createSite(SITE, { policy: { moderation: 'none' } });
  await postMany(api, 250);
  await first.stop();

  const journal = join(installation.dataDir, 'erasures.jsonl');
  const body = { email: EMAIL, site: SITE, mode: 'delete' };
  // Killed between the file and its first line, it had not begun, and nobody finishes it.
  const hasBegun = () => existsSync(journal) && readFileSync(journal, 'utf8').endsWith('}\n');
  // What else is written at a start counts, too: later and later, until the erasure has begun.
  for (let nth = isSqlite ? 2 : 60; !hasBegun(); nth += isSqlite ? 2 : 20) {
    const env = { PROOF_FAILPOINT: `before-store:${nth}` };
    const doomed = await installation.start({ env, nodeArgs: ['--require', FAILPOINT] });
    const asked = createApi(doomed).asAdmin({ method: 'POST', path: '/v1/admin/privacy/erase', body });
    await asked.catch(() => undefined);
    expect(await doomed.ended).toMatchObject({ signal: 'SIGKILL' });
  }
  expect(readFileSync(journal, 'utf8')).not.toContain('"end"');

  const third = await installation.start();
  await until('nobody is left', async () => (await totalOf(createApi(third), 'all')) === 0);
  const words = ['zar.erasable', 'arathoustrian', 'unmistakableword'];
  await until('not a byte is left', async () => (await leftovers(words)).length === 0);
  await third.stop();
  await expectNoDifferences(installation);
  expect(readFileSync(journal, 'utf8')).not.toContain('erasable');
});

test('retention that a kill cuts off goes on at the next start', async () => {
  const first = await installation.start();
  const api = createApi(first);
  await api.createSite(SITE, { policy: { moderation: 'none' } });
  await postMany(api, 230, { website2: 'filled in by a machine' });
  expect(await totalOf(api, 'spam')).toBe(230);
  await first.stop();

  const later = { PROOF_SHIFT: String(31 * DAY) };
  const killed = { ...later, PROOF_FAILPOINT: `before-store:${isSqlite ? 2 : 60}` };
  const nodeArgs = ['--require', SHIFTED];
  const second = await installation.start({ env: killed, nodeArgs: [...nodeArgs, '--require', FAILPOINT] });
  // Messages count from the first POST on.
  await createApi(second)
    .send({ method: 'POST', path: `/v1/sites/${SITE}/preview`, body: { body: 'x' } })
    .catch(() => undefined);
  expect(await second.ended).toMatchObject({ signal: 'SIGKILL' });

  const third = await installation.start({ env: later, nodeArgs });
  await until('no spam is left', async () => (await totalOf(createApi(third), 'spam')) === 0);
  const metrics = (await createApi(third).send({ path: '/metrics' })).text;
  expect(
    Number(/gatehouse_retention_comments_total\{status="spam"\} (\d+)/.exec(metrics)?.[1]),
  ).toBeGreaterThan(0);
  await third.stop();
  await expectNoDifferences(installation);
});

/** Copies what is stored as its operator would, and tells how to put the copy back, with no service running. */
async function backUp(folder: string): Promise<() => Promise<void>> {
  const { MONGODB_URI: uri } = installation.env;
  if (uri !== undefined) return dump(uri);
  const file = join(folder, 'copy');
  expect(await gatehouse('backup', file)).toMatchObject({ code: 0 });
  return async () => {
    expect(await gatehouse('restore', file, '--yes')).toMatchObject({ code: 0 });
    rmSync(join(installation.dataDir, 'gatehouse.db.before-restore'));
  };
}

async function gatehouse(...args: string[]) {
  const launched = launch(args, installation.env);
  const { code } = await launched.ended;
  return { code, stdout: launched.stdout(), stderr: launched.stderr() };
}

test('what was erased since a backup is erased once more after it was put back', async () => {
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite(SITE, { policy: { moderation: 'none' } });
  const { comment } = await api.posted(SITE, written('An unmistakableword of a person'));
  const other = { author: { name: 'Otto', email: 'otto@readers.example' } };
  const kept = await api.posted(SITE, written('Another one’s', other));
  const own = await api.posted(SITE, written('An ownremovedword, too', other));
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-backup-'));
  try {
    const putBack = await backUp(folder);
    const body = { email: EMAIL, site: SITE, mode: 'delete' };
    const erased = await api.asAdmin({ method: 'POST', path: '/v1/admin/privacy/erase', body });
    expect(jsonOf(erased)).toMatchObject({ comments: 1 });
    const authorization = `Bearer ${own.editToken}`;
    const path = `/v1/comments/${own.comment.id}`;
    expect((await api.send({ method: 'DELETE', path, headers: { authorization } })).status).toBe(204);
    await service.stop();

    await putBack();
    expect(await leftovers(['unmistakableword', 'ownremovedword'])).not.toEqual([]);
    const replayed = await gatehouse('privacy', 'replay', '--json');
    expect({ ...replayed, stdout: JSON.parse(replayed.stdout) as unknown }).toEqual({
      code: 0,
      stdout: { erasures: 2, comments: 2 },
      stderr: '',
    });
    expect(await gatehouse('privacy', 'replay', '--json')).toMatchObject({
      stdout: '{"erasures":0,"comments":0}\n',
    });
    expect(await leftovers(['unmistakableword', 'ownremovedword', 'arathoustrian', 'zar.erasable'])).toEqual(
      [],
    );
    await expectNoDifferences(installation);
    const again = createApi(await installation.start());
    const statusOf = async (id: string) => (await again.send({ path: `/v1/comments/${id}` })).status;
    expect([
      await statusOf(kept.comment.id),
      await statusOf(comment.id),
      await statusOf(own.comment.id),
    ]).toEqual([200, 404, 404]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
