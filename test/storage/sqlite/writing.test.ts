import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { AppError } from '../../../src/errors.ts';
import { createBatchRunner } from '../../../src/storage/sqlite/batch.ts';
import { openForReading, openForWriting } from '../../../src/storage/sqlite/connection.ts';
import { createGroupCommit } from '../../../src/storage/sqlite/group-commit.ts';
import { migrate } from '../../../src/storage/sqlite/migrate.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/migrations.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import type { Call } from '../../../src/storage/sqlite/operations/operations.ts';
import type { Writer } from '../../../src/storage/sqlite/writer.ts';
import type { Invalidation } from '../../../src/storage/storage.ts';
import { buildWriter } from '../../support/build-writer.ts';
import {
  comment,
  freshSite,
  page,
  post,
  postApproved,
  site,
  submission,
  token,
} from '../../support/builders.ts';
import { eventually } from '../../support/eventually.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-write-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A writing connection on a migrated file, its commits counted. */
function writing(): { db: Database; commits: () => number } {
  const file = join(dataDir, 'gatehouse.db');
  const db = openForWriting(file);
  migrate(db, file, MIGRATIONS);
  let commits = 0;
  const prepare = db.prepare.bind(db);
  db.prepare = ((sql: string) => {
    const statement = prepare(sql);
    if (sql !== 'COMMIT') return statement;
    const run = statement.run.bind(statement);
    statement.run = () => {
      commits += 1;
      return run();
    };
    return statement;
  }) as Database['prepare'];
  return { db, commits: () => commits };
}

/** A writer in this thread that answers later, as a thread would. */
function slowWriter(db: Database, batches: number[]): Writer {
  const run = createBatchRunner(db);
  return {
    run(calls, done) {
      batches.push(calls.length);
      setImmediate(() => done(run(calls)));
    },
    close: async () => undefined,
  };
}

it('takes nothing while its file is not in its folder, and goes on once it is back', async () => {
  const { db } = writing();
  const run = createBatchRunner(db);
  const probe: Call[] = [['probe', 1]];
  expect(run(probe)).toMatchObject({ committed: true });
  await rename(dataDir, `${dataDir}-away`);
  try {
    const failure = { message: expect.stringContaining('no longer in its folder'), problem: null };
    expect(run(probe)).toMatchObject({ committed: false, failure });
  } finally {
    await rename(`${dataDir}-away`, dataDir);
  }
  expect(run(probe)).toMatchObject({ committed: true });
  await rm(join(dataDir, 'gatehouse.db'));
  expect(run(probe)).toMatchObject({ committed: false });
  db.close();
});

it('takes nothing while its log is not in its folder, and what it has taken is in the file', async () => {
  const { db } = writing();
  const run = createBatchRunner(db);
  const add = (): Call[] => [['createToken', { token: token() }]];
  expect(run(add())).toMatchObject({ committed: true });
  const log = join(dataDir, 'gatehouse.db-wal');
  await rename(log, `${log}.away`);
  const failure = { message: expect.stringContaining('the log of the data file'), problem: null };
  expect(run(add())).toMatchObject({ committed: false, failure });
  const copy = join(dataDir, 'copy.db');
  await copyFile(join(dataDir, 'gatehouse.db'), copy);
  const alone = openForReading(copy);
  expect(alone.prepare('SELECT count(*) FROM tokens').pluck().get()).toBe(1);
  alone.close();
  await rename(`${log}.away`, log);
  expect(run(add())).toMatchObject({ committed: true });
  db.close();
});

describe('group commit', () => {
  it('lets what waits share one commit: a thousand writes at once take a handful', async () => {
    const { db, commits } = writing();
    const batches: number[] = [];
    const writer = slowWriter(db, batches);
    const group = createGroupCommit({ writer: () => writer, onInvalidation: () => undefined });
    const writes = Array.from({ length: 1000 }, () => group.execute('createToken', { token: token() }));
    await Promise.all(writes);
    expect(commits()).toBe(2);
    expect(batches).toEqual([512, 488]);
    expect(db.prepare('SELECT count(*) FROM tokens').pluck().get()).toBe(1000);
    db.close();
  });

  it('sends a single write at once, and gathers what arrives while it is under way', async () => {
    const { db } = writing();
    const batches: number[] = [];
    const writer = slowWriter(db, batches);
    const group = createGroupCommit({ writer: () => writer, onInvalidation: () => undefined });
    const first = group.execute('createToken', { token: token() });
    await new Promise((resolve) => setImmediate(resolve));
    const others = Array.from({ length: 30 }, () => group.execute('createToken', { token: token() }));
    await Promise.all([first, ...others]);
    expect(batches).toEqual([1, 30]);
    db.close();
  });

  it('leaves out only the write that fails, and tells of its changes to nobody', async () => {
    const { db } = writing();
    const told: Invalidation[] = [];
    const writer = slowWriter(db, []);
    const group = createGroupCommit({ writer: () => writer, onInvalidation: (change) => told.push(change) });
    const one = token();
    const probe = group.execute('probe', 1);
    await group.execute('createToken', { token: one });
    told.length = 0;
    const twin = group.execute('createToken', { token: { ...token(), hash: one.hash } });
    const results = await Promise.allSettled([
      probe,
      twin,
      group.execute('probe', 2),
      group.execute('writeDataKey', { wrapped: 'k', expected: null }),
    ]);
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const reason = (results[1] as PromiseRejectedResult).reason as Error;
    expect(reason).not.toBeInstanceOf(AppError);
    expect(reason.message).toContain('UNIQUE constraint failed');
    expect(told).toEqual([]);
    expect(db.prepare('SELECT count(*) FROM tokens').pluck().get()).toBe(1);
    expect(db.prepare('SELECT at FROM probe').pluck().get()).toBe(2);
    db.close();
  });

  it('counts a comment of a batch that had to be run again once', async () => {
    const storage = await openSqlite({ dataDir, writerPath: buildWriter() });
    const at = page(freshSite(), 'https://a.example/1');
    const first = await postApproved(storage, at);
    const reply = (): ReturnType<typeof comment> =>
      comment(at, { parentId: first.id, ancestors: [first.id], status: 'approved' });
    const twin = { ...comment(at), id: first.id };
    const results = await Promise.allSettled(
      [reply(), twin, reply(), twin, reply()].map((one) => storage.comments.submit(submission(at, one))),
    );
    expect(results.map((result) => result.status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect((await storage.comments.find(first.id))?.replyCount).toBe(3);
    const counts = await storage.comments.counts([`s/${at.site}`]);
    expect(counts.get(`s/${at.site}`)).toMatchObject({ approved: 4, visible: 4, pending: 0 });
    await storage.close();
  });
});

describe('a disk that is full', () => {
  it('fails the whole batch as store-unavailable, writes nothing of it, and heals unaided', async () => {
    const { db } = writing();
    const writer = slowWriter(db, []);
    const group = createGroupCommit({ writer: () => writer, onInvalidation: () => undefined });
    await group.execute('createToken', { token: token() });
    const pages = Number(db.pragma('page_count', { simple: true }));
    db.pragma(`max_page_count = ${pages}`);
    const big = { ...token(), name: 'n'.repeat(100_000) };
    const results = await Promise.allSettled([
      group.execute('createToken', { token: token() }),
      group.execute('createToken', { token: big }),
    ]);
    for (const result of results) {
      expect(result.status).toBe('rejected');
      expect((result as PromiseRejectedResult).reason).toMatchObject({
        code: 'store-unavailable',
        status: 503,
      });
    }
    expect(group.isAiling()).toBe(true);
    expect(db.prepare('SELECT count(*) FROM tokens').pluck().get()).toBe(1);
    await expect(group.execute('probe', 1)).rejects.toMatchObject({ code: 'store-unavailable' });
    db.pragma('max_page_count = 1000000');
    await group.execute('createToken', { token: big });
    expect(group.isAiling()).toBe(false);
    expect(db.prepare('SELECT count(*) FROM tokens').pluck().get()).toBe(2);
    db.close();
  });
});

describe('the writer thread', () => {
  /** A writer that ends by itself when a batch holds a token of that name. */
  async function mortalWriter(): Promise<string> {
    const path = join(dataDir, 'mortal-writer.cjs');
    await writeFile(
      path,
      `const { parentPort } = require('node:worker_threads');
       parentPort.on('message', (calls) => {
         if (Array.isArray(calls) && calls.some((call) => call[1]?.token?.name === 'deadly')) process.exit(7);
       });
       require(${JSON.stringify(buildWriter())});`,
    );
    return path;
  }

  it('that dies fails whoever waits and whoever comes, and is reported once as fatal', async () => {
    const storage = await openSqlite({ dataDir, writerPath: await mortalWriter() });
    const fatal: Error[] = [];
    storage.onFatal((error) => fatal.push(error));
    const at = page(freshSite(), 'https://a.example/1');
    const kept = await post(storage, at);
    await expect(storage.ready()).resolves.toBeUndefined();
    const waiting = [storage.tokens.create(token({ name: 'deadly' })), storage.tokens.create(token())];
    const results = await Promise.allSettled(waiting);
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'store-unavailable' } });
    await eventually(() => expect(fatal).toHaveLength(1));
    expect(fatal[0]?.message).toContain('ended with code 7');
    await expect(post(storage, at)).rejects.toMatchObject({ code: 'store-unavailable' });
    await expect(storage.ready()).rejects.toMatchObject({ code: 'store-unavailable' });
    expect(await storage.comments.find(kept.id)).toEqual(kept);
    await storage.close();
  });

  it('that can not open the file says why', async () => {
    const writerPath = join(dataDir, 'lost-writer.cjs');
    await writeFile(
      writerPath,
      `require('node:worker_threads').workerData.file = ${JSON.stringify(dataDir)};
       require(${JSON.stringify(buildWriter())});`,
    );
    const storage = await openSqlite({ dataDir, writerPath });
    const fatal: Error[] = [];
    storage.onFatal((error) => fatal.push(error));
    await expect(storage.tokens.create(token())).rejects.toMatchObject({ code: 'store-unavailable' });
    await eventually(() => expect(fatal).toHaveLength(1));
    expect(fatal[0]?.message).toContain('SQLITE_CANTOPEN: unable to open database file');
    await storage.close();
  });

  it('does the same as a writer in the calling thread', async () => {
    const storage = await openSqlite({ dataDir, inline: true });
    const at = page(freshSite(), 'https://a.example/1');
    const kept = await Promise.all(Array.from({ length: 40 }, () => postApproved(storage, at)));
    await storage.close();
    const again = await openSqlite({ dataDir, writerPath: buildWriter() });
    expect(await again.comments.findMany(kept.map((one) => one.id))).toEqual(kept);
    await again.close();
  });
});

describe('a removed site', () => {
  it('is cleared away after a restart where the process ended in the middle', async () => {
    const at = page(freshSite(), 'https://a.example/1');
    const storage = await openSqlite({ dataDir, inline: true });
    await storage.sites.create(site(at.site));
    const kept = await Promise.all(Array.from({ length: 30 }, () => post(storage, at)));
    await storage.close();
    // Only the first step of the removal, as if the process had ended there.
    const cut = openForWriting(join(dataDir, 'gatehouse.db'));
    const steps: Call[] = [['removeSite', { id: at.site }]];
    expect(createBatchRunner(cut)(steps)).toMatchObject({ committed: true });
    cut.close();
    const again = await openSqlite({ dataDir, inline: true });
    expect(await again.comments.findMany(kept.map((one) => one.id))).toEqual([]);
    expect(await again.sites.create(site(at.site))).toBe(true);
    await again.close();
  });

  it('takes no more comments', async () => {
    const storage = await openSqlite({ dataDir, inline: true });
    const at = page(freshSite(), 'https://a.example/1');
    await storage.sites.create(site(at.site));
    await storage.sites.remove(at.site);
    await expect(post(storage, at)).rejects.toMatchObject({ code: 'site-not-found' });
    await storage.close();
  });
});
