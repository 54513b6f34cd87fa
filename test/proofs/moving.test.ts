import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { ImportView } from '../../src/moving/present-import.ts';
import { openDatabase } from '../../src/storage/sqlite/driver.ts';
import { createApi } from '../support/api-client.ts';
import { createInstallation, type Installation, launch } from '../support/built-service.ts';
import { jsonOf } from '../support/http-client.ts';
import { storeUnderTest } from '../support/lane.ts';
import { isLongRun } from '../support/long-run.ts';
import { until } from '../support/until.ts';

/** Comments on their way in and out by commands of the built program, and imports that are cut off. */

const FAILPOINT = join(__dirname, '../support/failpoint.cjs');
const isSqlite = storeUnderTest() === 'sqlite';

let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function gatehouse(...args: string[]): Promise<Ran> {
  const launched = launch(args, installation.env);
  const { code } = await launched.ended;
  return { code, stdout: launched.stdout(), stderr: launched.stderr() };
}

const sample = (name: string): string => join(__dirname, '../samples', name);
const at = (name: string): string => join(installation.dataDir, name);
const HOSTS = { pages: { hosts: ['example.tld', 'test.wordpress.org', 'example.com'] } };
const policy = (): string => JSON.stringify(HOSTS);
const makeSite = (id: string): Promise<Ran> =>
  gatehouse('site', 'create', id, '--name', id, '--origin', 'https://news.example', '--policy', policy());

test('a site comes in by a command, leaves beside the service, and comes back as the same bytes', async () => {
  for (const id of ['one', 'two']) expect(await makeSite(id)).toMatchObject({ code: 0 });
  const wordpress = ['--format', 'wordpress', sample('isso-wordpress.xml')];
  const rehearsed = await gatehouse('import', '--site', 'one', '--dry-run', ...wordpress);
  expect(rehearsed).toMatchObject({ code: 0, stderr: '' });
  expect(rehearsed.stdout).toMatch(/^8 comments would be added on 2 pages \(8 approved\), 0 known already/);
  const taken = await gatehouse('import', '--site', 'one', '--json', ...wordpress);
  expect(JSON.parse(taken.stdout)).toMatchObject({ state: 'done', comments: { added: 8 } });

  const service = await installation.start();
  const file = at('one.jsonl');
  expect(await gatehouse('export', '--site', 'one', file)).toEqual({
    code: 0,
    stdout: '',
    stderr: '8 comments, 2 pages\n',
  });
  expect(statSync(file).mode & 0o077).toBe(0);
  const sealed = readFileSync(file, 'utf8');
  const readable = await gatehouse('export', '--site', 'one', '--emails');
  expect(readable).toMatchObject({ code: 0 });
  expect(sealed).not.toMatch(/"email":"/);
  expect(readable.stdout).toMatch(/"email":"[^"]+@/);
  // SQLite has one process at a time; on MongoDB it comes in while the service runs.
  const beside = await gatehouse('import', '--site', 'two', '--format', 'generic', file);
  expect(beside).toMatchObject({ code: isSqlite ? 75 : 0 });
  const { text } = await createApi(service).asAdmin({
    path: '/v1/moderation/audit?action=comments-exported',
  });
  const notes = (JSON.parse(text) as { items: { note: string }[] }).items.map(({ note }) => note);
  expect(notes).toEqual(['generic, addresses readable', 'generic, addresses sealed']);
  await service.stop();

  const alone = await gatehouse('import', '--site', 'two', '--format', 'generic', file);
  expect(alone).toMatchObject({ code: 0 });
  expect(alone.stdout).toMatch(isSqlite ? /^8 comments added .* 0 known/ : /^0 comments added .* 8 known/);
  expect((await gatehouse('export', '--site', 'two', '-')).stdout).toBe(sealed);
  expect((await gatehouse('export', '--site', 'two', '--emails')).stdout).toBe(readable.stdout);
  const forWordpress = await gatehouse('export', '--site', 'two', '--format', 'wordpress');
  expect(forWordpress.stdout).toContain('<wp:wxr_version>1.2</wp:wxr_version>');
});

test('a command that can’t be carried out says why by its exit code', async () => {
  await makeSite('one');
  const file = at('cut.xml');
  writeFileSync(file, readFileSync(sample('isso-wordpress.xml')).subarray(0, 3000));
  const from = ['import', '--site', 'one', '--format', 'wordpress'];
  expect(await gatehouse(...from, file)).toMatchObject({
    code: 65,
    stdout: '',
    stderr: expect.stringMatching(/line \d+: .*malformed-file/),
  });
  expect(await gatehouse(...from, at('nothing.xml'))).toMatchObject({ code: 66 });
  expect(await gatehouse('import', '--site', 'none', '--format', 'generic', file)).toMatchObject({
    code: 66,
  });
  expect(await gatehouse('import', '--site', 'one', '--format', 'csv', file)).toMatchObject({ code: 64 });
  expect(await gatehouse('export', '--site', 'none')).toMatchObject({ code: 66, stdout: '' });
  expect(await gatehouse('export', '--site', 'one', file)).toMatchObject({ code: 1 });
  expect(await gatehouse('export')).toMatchObject({ code: 64 });
});

/** Isso's own data: isso/db/comments.py and threads.py. */
function issoFile(fill: (db: Database) => void): string {
  const file = at('comments.db');
  const db = openDatabase(file);
  fill(db);
  db.close();
  return file;
}

test('Isso’s own file comes in with its threads; a foreign one is named', async () => {
  await makeSite('one');
  const file = issoFile((db) => {
    db.exec(`CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
      CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL,
        modified FLOAT, mode INTEGER, remote_addr VARCHAR, text VARCHAR NOT NULL, author VARCHAR, email VARCHAR,
        website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL, notification INTEGER);
      INSERT INTO threads VALUES (1, '/a', 'سلام'), (2, '/b', NULL);
      INSERT INTO comments VALUES
        (1, 1, NULL, 1400000000.5, NULL, 1, '10.0.0.7', 'First', 'Mina', 'mina@example.org', NULL, 3, 1, x'00', 0),
        (1, 2, 1, 1400000001, 1400000100, 2, '10.0.0.7', 'Waits', NULL, NULL, 'https://me.example', 0, 0, x'00', 0),
        (2, 3, NULL, 1400000002, NULL, 4, '10.0.0.7', '', NULL, NULL, NULL, 0, 0, x'00', 0)`);
  });
  const taken = await gatehouse('import', '--site', 'one', '--format', 'isso', '--json', file);
  expect(JSON.parse(taken.stdout)).toMatchObject({
    comments: { added: 3 },
    byStatus: { approved: 1, pending: 1, deleted: 1 },
    problems: [],
  });
  const { stdout } = await gatehouse('export', '--site', 'one', '--emails');
  expect(stdout).not.toContain('10.0.0.7');
  const [first] = stdout.split('\n').filter((line) => line.includes('"First"'));
  expect(JSON.parse(first ?? '')).toMatchObject({
    legacyId: 'isso-/a#1',
    createdAt: '2014-05-13T16:53:20.500Z',
    author: { name: 'Mina', email: 'mina@example.org' },
    votes: { up: 3, down: 1 },
  });
  const foreign = issoFile((db) =>
    db.exec('DROP TABLE comments; CREATE VIEW comments AS SELECT 1 AS tid, randomblob(1000000000) AS text'),
  );
  expect(await gatehouse('import', '--site', 'one', '--format', 'isso', foreign)).toMatchObject({
    code: 65,
    stderr: expect.stringContaining('not the data of Isso'),
  });
  writeFileSync(foreign, readFileSync(foreign).fill(0xff, 100));
  expect(await gatehouse('import', '--site', 'one', '--format', 'isso', foreign)).toMatchObject({ code: 65 });
});

const MANY = isLongRun && isSqlite ? 20_000 : 3000;
/** On MongoDB it goes on once the lease of whoever was killed has ended. */
const KILLS = isLongRun ? (isSqlite ? 25 : 8) : 1;

function manyComments(): string {
  return Array.from({ length: MANY }, (_, i) =>
    JSON.stringify({
      id: `c-${i}`,
      page: { url: `https://one.example/${i % 50}`, title: `Page ${i % 50}` },
      parentId: i < 200 ? null : `c-${(i % 50) + 50 * (i % 3)}`,
      author: { name: `Name ${i % 97}`, email: `name${i % 97}@example.org` },
      text: `Comment number ${i}`,
      status: i % 7 === 0 ? 'pending' : 'approved',
      createdAt: new Date(Date.UTC(2015, 0, 1) + i * 60_000).toISOString(),
    }),
  ).join('\n');
}

test('an import that is killed goes on by itself, and brings every comment once', async () => {
  let service = await installation.start();
  await createApi(service).createSite('one');
  const path = '/v1/admin/sites/one/imports';
  const look = async (id = ''): Promise<ImportView> =>
    jsonOf<ImportView>(await createApi(service).asAdmin({ path: `${path}/${id}` }));
  const headers = { 'Content-Type': 'application/x-ndjson' };
  // It is cut off before it is answered.
  const sent = createApi(service)
    .asAdmin({ method: 'POST', path: `${path}?format=generic`, headers, body: manyComments() })
    .catch(() => undefined);
  const written = async (): Promise<number> => {
    const { pending, approved } = await createApi(service).counts('one');
    return pending + approved;
  };
  for (let kill = 0; kill < KILLS; kill++) {
    const least = Math.min(MANY, (await written()) + 1);
    await until('a part to be written', async () => (await written()) >= least);
    await service.kill9();
    service = await installation.start();
  }
  await sent;
  const [importId] = readdirSync(at('imports'));
  const done = await until('the import to be done', async () => {
    const one = await look(importId);
    return one.state === 'done' && one;
  });
  const pending = Math.ceil(MANY / 7);
  expect(done).toMatchObject({
    pages: 50,
    comments: { added: MANY, unchanged: 0, skipped: 0 },
    byStatus: { pending, approved: MANY - pending },
    problems: [],
  });
  await service.stop();
  expect(await gatehouse('verify')).toMatchObject({ code: 0 });
});

test('an import by a command that is killed is finished by the service that starts next', async () => {
  await makeSite('one');
  const file = at('many.jsonl');
  writeFileSync(file, manyComments());
  const written = async (): Promise<number> => {
    const { code, stderr } = await gatehouse('export', '--site', 'one');
    expect(code).toBe(0);
    return Number.parseInt(stderr, 10);
  };
  const command = ['import', '--site', 'one', '--format', 'generic', file];
  const nodeArgs = ['--require', FAILPOINT];
  // What comes before its first part counts, too: later and later, until that is written, and only the last goes on.
  for (let nth = isSqlite ? 2 : 300; (await written()) === 0; nth += isSqlite ? 1 : 50) {
    rmSync(at('imports'), { recursive: true, force: true });
    const env = { ...installation.env, PROOF_FAILPOINT: `after-store:${nth}` };
    expect(await launch(command, env, { nodeArgs }).ended).toEqual({ code: null, signal: 'SIGKILL' });
  }
  expect(await written()).toBeLessThan(MANY);
  expect(readdirSync(at('imports'))).toHaveLength(1);

  const service = await installation.start();
  const pending = Math.ceil(MANY / 7);
  await until('the file to be done with', () => readdirSync(at('imports')).length === 0);
  expect(await createApi(service).counts('one')).toMatchObject({ pending, approved: MANY - pending });
  await service.stop();
  expect(await gatehouse('verify')).toMatchObject({ code: 0 });
});
