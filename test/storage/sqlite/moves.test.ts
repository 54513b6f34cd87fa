import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { storeUnavailable } from '../../../src/errors.ts';
import type { Page } from '../../../src/sites/site.ts';
import { urlReference } from '../../../src/sites/site-store.ts';
import { type BatchRunner, createBatchRunner } from '../../../src/storage/sqlite/batch.ts';
import { openForReading, openForWriting } from '../../../src/storage/sqlite/connection.ts';
import { createGroupCommit, type GroupCommit } from '../../../src/storage/sqlite/group-commit.ts';
import { createMover } from '../../../src/storage/sqlite/mover.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { MOVED_AT_ONCE } from '../../../src/storage/sqlite/operations/moves.ts';
import type { Call } from '../../../src/storage/sqlite/operations/operations.ts';
import { COUNTER_CHECKS } from '../../../src/storage/sqlite/verify-sql.ts';
import { buildWriter } from '../../support/build-writer.ts';
import { alias, apply, freshSite, page, postApproved, removal, site } from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';
import { expectTrue } from '../../support/recount.ts';

/** Comments that an alias takes along go in steps, so that no post waits for all of them. */

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-moves-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const file = (): string => join(dataDir, 'gatehouse.db');

/** Posts to each page as many as it says, and deletes every fiftieth; ids in the order of posting. */
async function filled(pages: [at: Page, comments: number][]): Promise<string[]> {
  const storage = await openSqlite({ dataDir, inline: true });
  const ids: string[] = [];
  for (const [at, comments] of pages) {
    const made = await Promise.all(Array.from({ length: comments }, () => postApproved(storage, at)));
    const gone = made.filter((_, i) => i % 50 === 0);
    await Promise.all(gone.map((one) => apply(storage, one, removal(one))));
    ids.push(...made.map(({ id }) => id));
  }
  await storage.close();
  return ids;
}

const joined = (from: Page, to: Page): Call => [
  'addAlias',
  { alias: alias(from.site, from.url ?? '', to.url ?? ''), target: to },
];
const STEP: Call = ['moveComments', null];

function outcomes(run: BatchRunner, calls: Call[]): unknown[] {
  const result = run(calls);
  if (!result.committed) throw new Error(result.failure.message);
  return result.outcomes.map((outcome) => (outcome.ok ? outcome.value : outcome.failure.message));
}

const standingAt = (db: Database, { key }: Page): number =>
  db.prepare<[string], number>('SELECT count(*) FROM comments WHERE page_key = ?').pluck().get(key) ?? 0;
const wrongCounters = (db: Database): unknown[] => COUNTER_CHECKS.flatMap((sql) => db.prepare(sql).all());

/** A file that is written by hand, transaction by transaction. */
function writing<Result>(work: (run: BatchRunner, db: Database) => Result): Result {
  const db = openForWriting(file());
  try {
    return work(createBatchRunner(db), db);
  } finally {
    db.close();
  }
}

test('an alias moves no more comments in one transaction than a step, and counters are true after each', async () => {
  const id = freshSite();
  const [old, now] = [page(id, 'https://a.example/old', { title: 'Old' }), page(id, 'https://a.example/now')];
  await filled([[old, 3 * MOVED_AT_ONCE + 10]]);
  writing((run, db) => {
    // Deleted ones go along, and are not counted.
    const moved = 3 * MOVED_AT_ONCE + 10 - 31;
    expect(outcomes(run, [joined(old, now)])).toEqual([{ result: 'added', moved }]);
    expect(standingAt(db, now)).toBe(MOVED_AT_ONCE);
    expect(wrongCounters(db)).toEqual([]);
    for (const steps of [2, 3]) {
      expect(outcomes(run, [STEP])).toEqual([false]);
      expect(standingAt(db, now)).toBe(steps * MOVED_AT_ONCE);
      expect(wrongCounters(db)).toEqual([]);
    }
    expect(outcomes(run, [STEP, STEP])).toEqual([true, true]);
    expect([standingAt(db, old), standingAt(db, now)]).toEqual([0, 3 * MOVED_AT_ONCE + 10]);
    expect(wrongCounters(db)).toEqual([]);
    const marks = db.prepare("SELECT count(*) FROM meta WHERE name LIKE 'moving/%'").pluck();
    expect(marks.get()).toBe(0);
  });
});

test('aliases of one transaction share what it may move: the others wait, and so do those after them', async () => {
  const id = freshSite();
  const now = page(id, 'https://a.example/now');
  const old = [1, 2, 3, 4].map((n) => page(id, `https://a.example/old-${n}`));
  await filled(old.map((at): [Page, number] => [at, 200]));
  writing((run, db) => {
    const all = old.map((at) => joined(at, now));
    const empty = joined(page(id, 'https://a.example/short'), now);
    const added = { result: 'added', moved: 196 };
    // The third had room for half of its page.
    expect(outcomes(run, [...all, empty])).toEqual([added, added, added, 'waits', 'waits']);
    expect(standingAt(db, now)).toBe(MOVED_AT_ONCE);
    const removed: Call = ['removeAlias', { own: page(id, 'https://a.example/old-1') }];
    expect(outcomes(run, [...all.slice(3), empty, removed])).toEqual(['waits', 'waits', 'waits']);
    expect(outcomes(run, [STEP, ...all.slice(3), empty, removed])).toEqual([
      true,
      added,
      { result: 'added', moved: 0 },
      true,
    ]);
    expect(standingAt(db, now)).toBe(800);
    expect(wrongCounters(db)).toEqual([]);
  });
});

test('comments that a process left on their way have arrived when the store is open again', async () => {
  const id = freshSite();
  const [old, now] = [page(id, 'https://a.example/old'), page(id, 'https://a.example/now')];
  const ids = await filled([
    [old, 2 * MOVED_AT_ONCE],
    [now, 3],
  ]);
  writing((run, db) => {
    outcomes(run, [joined(old, now)]);
    expect(standingAt(db, old)).toBe(MOVED_AT_ONCE);
  });
  const again = await openSqlite({ dataDir, inline: true });
  const found = await expectTrue(again, ids);
  expect(new Set(found.map(({ pageKey }) => pageKey))).toEqual(new Set([now.key]));
  expect((await again.sites.findPage(id, urlReference('https://a.example/old')))?.key).toBe(now.key);
  expect(await again.sites.removeAlias(old)).toBe(true);
  expect((await postApproved(again, old)).pageKey).toBe(old.key);
  await again.close();
});

test('comments go on where the store failed in between, without being asked for', async () => {
  const id = freshSite();
  const [old, now] = [page(id, 'https://a.example/old'), page(id, 'https://a.example/now')];
  await filled([[old, 2 * MOVED_AT_ONCE]]);
  const db = openForWriting(file());
  const run = createBatchRunner(db);
  outcomes(run, [joined(old, now)]);
  const writer = {
    run: (calls: Call[], done: (result: ReturnType<BatchRunner>) => void) => done(run(calls)),
    close: async () => undefined,
  };
  const real = createGroupCommit({ writer: () => writer, onInvalidation: () => undefined });
  let failures = 1;
  const execute = (async (...call: Parameters<GroupCommit['execute']>) => {
    failures -= 1;
    if (failures >= 0) throw storeUnavailable(new Error('the disk is full'));
    return real.execute(...call);
  }) as GroupCommit['execute'];
  const reading = openForReading(file());
  const mover = createMover({ db: reading, commits: { ...real, execute } });
  await expect(mover.settled()).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(standingAt(db, old)).toBe(MOVED_AT_ONCE);
  await eventually(() => expect(standingAt(db, now)).toBe(2 * MOVED_AT_ONCE));
  await mover.settled();
  await mover.stop();
  reading.close();
  db.close();
});

test('a site that is removed while its comments are on their way leaves none of them and no mark', async () => {
  const id = freshSite();
  const [old, now] = [page(id, 'https://a.example/old'), page(id, 'https://a.example/now')];
  const ids = await filled([[old, 2 * MOVED_AT_ONCE]]);
  const storage = await openSqlite({ dataDir, inline: true });
  await storage.sites.create(site(id));
  await storage.close();
  writing((run, db) => {
    outcomes(run, [joined(old, now), ['removeSite', { id }]]);
    while (outcomes(run, [['purgeSite', id], STEP])[0] === false);
    const left = db.prepare("SELECT name FROM meta WHERE name LIKE 'moving/%' OR name LIKE 'removing/%'");
    expect(left.all()).toEqual([]);
  });
  const again = await openSqlite({ dataDir, inline: true });
  expect(await again.comments.findMany(ids)).toEqual([]);
  await again.close();
});

test('a service opens while a removal that was cut off goes on, a command when it is through', async () => {
  const id = freshSite();
  const filledPage = page(id, 'https://a.example/1');
  await filled([[filledPage, 2 * MOVED_AT_ONCE]]);
  const storage = await openSqlite({ dataDir, inline: true });
  await storage.sites.create(site(id));
  await storage.close();
  writing((run) => outcomes(run, [['removeSite', { id }]]));
  const reading = openForReading(file());
  const service = await openSqlite({ dataDir, writerPath: buildWriter() });
  expect(await service.sites.find(id)).toBeNull();
  expect(standingAt(reading, filledPage)).toBe(2 * MOVED_AT_ONCE);
  await eventually(() => expect(standingAt(reading, filledPage)).toBeLessThan(2 * MOVED_AT_ONCE));
  await service.close();
  const command = await openSqlite({ dataDir, inline: true });
  expect(standingAt(reading, filledPage)).toBe(0);
  await command.close();
  reading.close();
});

test('what came to a page while its way ended at no page, as earlier versions left them, goes along once it leads on', async () => {
  const id = freshSite();
  const old = page(id, 'https://a.example/old');
  const middle = page(id, 'https://a.example/middle');
  const [one, two] = [page(id, 'https://a.example/1'), page(id, 'https://a.example/2')];
  const ids = await filled([[old, 2]]);
  writing((run, db) => {
    const former: Call[] = [joined(middle, one), joined(old, middle), ['removeAlias', { own: middle }]];
    outcomes(run, former);
    db.prepare('DELETE FROM pages WHERE key = ?').run(middle.key);
    db.prepare('DELETE FROM page_references WHERE key = ?').run(middle.key);
    db.prepare('UPDATE pages SET moved_to = NULL WHERE key = ?').run(old.key);
  });
  const store = await openSqlite({ dataDir, inline: true });
  const late = await postApproved(store, old);
  expect(late.pageKey).toBe(old.key);
  // What comes along from behind is not of the alias's own address.
  const led = alias(id, 'https://a.example/middle', 'https://a.example/2');
  expect(await store.sites.addAlias(led, two)).toEqual({ result: 'added', moved: 0 });
  expect((await store.comments.find(late.id))?.pageKey).toBe(two.key);
  await expectTrue(store, [...ids, late.id]);
  await store.close();
});
