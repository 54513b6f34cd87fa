import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { createApi } from '../../support/api-client.ts';
import { createInstallation, type Installation, launch } from '../../support/built-service.ts';

/** What SQLite itself finds wrong with the data file: the self-check asks it before it looks at a row. */

const SITE = 'damaged';
const SAID = 'gatehouse: DATA_DIR: the data file is damaged; put a backup in its place';

let installation: Installation;
const fileOf = (): string => join(installation.dataDir, 'gatehouse.db');

beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

async function verify(...args: string[]) {
  const { ended, stdout, stderr } = launch(['verify', ...args], installation.env);
  const { code } = await ended;
  return { code, stdout: stdout(), stderr: stderr() };
}

function onFile<Result>(work: (db: Database) => Result): Result {
  const db = openDatabase(fileOf());
  try {
    return work(db);
  } finally {
    db.close();
  }
}

test('verify says of a file that is damaged further in that it is, and ends with 78', async () => {
  await (await installation.start()).stop();
  const { size, root } = onFile((db) => {
    db.pragma('wal_checkpoint(TRUNCATE)');
    return {
      size: Number(db.pragma('page_size', { simple: true })),
      root: Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'tallies'").pluck().get()),
    };
  });
  const descriptor = openSync(fileOf(), 'r+');
  writeSync(descriptor, Buffer.alloc(size, 0xa5), 0, size, (root - 1) * size);
  closeSync(descriptor);
  const damaged = {
    code: 78,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`^${SAID} \\([^\\n]*Tree ${root} page ${root}\\b[^\\n]*\\)\\n$`),
    ),
  };
  expect(await verify()).toEqual(damaged);
  expect(await verify('--json')).toEqual(damaged);
  expect(await verify('--repair')).toEqual(damaged);
});

/** Has a row of the audit stand under another action than its index says: each of the two is whole by itself. */
function partIndexFromTable(): void {
  onFile((db) => {
    db.unsafeMode(true);
    db.pragma('writable_schema = ON');
    const version = Number(db.pragma('schema_version', { simple: true }));
    const index = "sqlite_schema WHERE name = 'audit_actor_action'";
    db.exec(`CREATE TEMP TABLE kept AS SELECT * FROM ${index}; DELETE FROM ${index}`);
    db.pragma(`schema_version = ${version + 1}`);
    expect(db.prepare("UPDATE audit SET action = 'another'").run().changes).toBeGreaterThan(0);
    db.exec('INSERT INTO sqlite_schema SELECT * FROM kept');
    db.pragma(`schema_version = ${version + 2}`);
  });
}

test('verify --file finds beside the service what only SQLite can, and verify before it looks at a row', async () => {
  const service = await installation.start();
  await createApi(service).createSite(SITE);
  expect(await verify('--file')).toEqual({ code: 0, stdout: 'SQLite finds the file sound.\n', stderr: '' });
  expect(await verify('--file', '--json')).toEqual({
    code: 0,
    stdout: '{"differences":[],"count":0}\n',
    stderr: '',
  });
  await service.stop();
  expect(await verify()).toMatchObject({ code: 0 });

  partIndexFromTable();
  const again = await installation.start();
  const found = '\\([^\\n]*missing from index audit_actor_action[^\\n]*\\)\\n$';
  expect(await verify('--file')).toEqual({
    code: 78,
    stdout: '',
    stderr: expect.stringMatching(
      new RegExp(`^gatehouse: ${fileOf()} is damaged; put a backup in its place ${found}`),
    ),
  });
  await again.stop();
  expect(await verify()).toEqual({
    code: 78,
    stdout: '',
    stderr: expect.stringMatching(new RegExp(`^${SAID} ${found}`)),
  });
});
