import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportView } from '../../../src/moving/present-import.ts';
import { type Api, createApi } from '../../support/api-client.ts';
import { createInstallation, type Installation } from '../../support/built-service.ts';
import { jsonOf } from '../../support/http-client.ts';
import { expectNoDifferences } from '../../support/kill-checks.ts';
import { isLongRun } from '../../support/long-run.ts';
import { createRandom, seedOfRun } from '../../support/random.ts';
import { until } from '../../support/until.ts';

/**
 * What goes in many parts over MongoDB, an import and an erasure, is killed between any two messages to the server:
 * the self-check finds nothing afterwards, and what was cut off is finished, once.
 */

const FAILPOINT = join(__dirname, '../../support/failpoint.cjs');
const SITE = 'moved';
const EMAIL = 'zar@readers.example';
const COMMENTS = isLongRun ? 1500 : 400;
const SERIES = isLongRun ? 12 : 1;
/** Messages after which an import of so many is at its end, about. */
const MESSAGES = COMMENTS / 8;

const seed = seedOfRun();
const random = createRandom(seed);
process.stderr.write(`kills of imports and erasures: GATEHOUSE_SEED=${seed}\n`);

let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

/** A thread with histories and reports, every third comment by one person. */
const FILE = Array.from({ length: COMMENTS }, (_, i) =>
  JSON.stringify({
    ...{ id: `c-${i}`, page: `https://${SITE}.example/${i % 5}`, parentId: i < 20 ? null : `c-${i % 20}` },
    author: { name: 'Zar', email: i % 3 === 0 ? EMAIL : `name${i % 7}@example.org` },
    ...{ text: `Comment number ${i}`, status: i % 9 === 0 ? 'spam' : 'approved', version: 2 },
    createdAt: new Date(Date.UTC(2015, 0, 1) + i * 60_000).toISOString(),
    history: [
      { at: '2016-01-01T00:00:00Z', by: { kind: 'moderator', id: 'm', name: 'Ada' }, action: 'approve' },
    ],
    reports: i % 4 === 0 ? [{ reason: 'spam', at: '2016-01-02T00:00:00Z' }] : [],
  }),
).join('\n');

const importsPath = `/v1/admin/sites/${SITE}/imports`;
const bring = (api: Api) =>
  api.asAdmin({
    ...{ method: 'POST', path: `${importsPath}?format=generic`, body: FILE },
    headers: { 'Content-Type': 'application/x-ndjson' },
  });

/** Does it with a service that dies of its failpoint; false where it had done all before it came to that. */
async function isKilledIn(nth: number, act: (api: Api) => Promise<unknown>): Promise<boolean> {
  const point = random.pick(['before-store', 'after-store']);
  const env = { PROOF_FAILPOINT: `${point}:${nth}` };
  const doomed = await installation.start({ env, nodeArgs: ['--require', FAILPOINT] });
  const isOver = await act(createApi(doomed)).then(
    () => true,
    () => false,
  );
  if (isOver) await doomed.kill9();
  expect(await doomed.ended).toMatchObject({ signal: 'SIGKILL' });
  return !isOver;
}

test('an import and an erasure that kills cut off leave nothing for the self-check, and come to their end', async () => {
  const first = await installation.start();
  await createApi(first).createSite(SITE);
  await first.stop();
  let kills = 0;
  for (let round = 0; round < SERIES; round += 1) {
    if (await isKilledIn(random.between(8, MESSAGES), bring)) kills += 1;
    if (isLongRun) await expectNoDifferences(installation);
  }
  expect({ seed, kills }).not.toEqual({ seed, kills: 0 });

  const journal = join(installation.dataDir, 'erasures.jsonl');
  const body = { email: EMAIL, site: SITE, mode: 'delete' };
  const erase = (api: Api) => api.asAdmin({ method: 'POST', path: '/v1/admin/privacy/erase', body });
  // Other writes of a start count, too: later and later, until the erasure has begun.
  for (let nth = random.between(20, 50); !existsSync(journal); nth += 25) await isKilledIn(nth, erase);

  const last = createApi(await installation.start());
  const answer = await bring(last);
  const { importId } = jsonOf<ImportView>(answer);
  const done = await until('the import to be done', async () => {
    const one = jsonOf<ImportView>(await last.asAdmin({ path: `${importsPath}/${importId}` }));
    return one.state === 'done' && one;
  });
  expect(done.comments.added + done.comments.unchanged).toBe(COMMENTS);
  await until(
    'the person to be gone',
    async () => jsonOf<{ comments: number }>(await erase(last)).comments === 0,
  );
  const counts = await last.counts(SITE);
  const left = COMMENTS - Math.ceil(COMMENTS / 3);
  expect(counts.approved + counts.spam).toBe(left);
  await expectNoDifferences(installation);
});
