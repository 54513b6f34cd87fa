import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { layoutAfter } from '../../../src/storage/sqlite/layout.ts';
import { migrate } from '../../../src/storage/sqlite/migrate.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/migrations.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { buildWriter } from '../../support/build-writer.ts';
import { freshSite, page, post } from '../../support/builders.ts';
import { openElsewhere } from '../../support/sqlite-process.ts';

let dataDir: string;
let file: string;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-open-'));
  file = join(dataDir, 'gatehouse.db');
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const open = () => openSqlite({ dataDir, writerPath: buildWriter() });

describe('a data file', () => {
  it('is made with a log, full sync, strict tables and the newest version', async () => {
    const storage = await open();
    const db = openDatabase(file, { readonly: true });
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('user_version', { simple: true })).toBe(MIGRATIONS.length);
    const tables = db.pragma('table_list') as { name: string; type: string; strict: number }[];
    const ours = tables.filter((table) => table.type === 'table' && !table.name.startsWith('sqlite_'));
    expect(ours.length).toBeGreaterThan(8);
    expect(ours.filter((table) => table.strict === 0)).toEqual([]);
    db.close();
    await storage.close();
    expect(existsSync(`${file}.before-v${MIGRATIONS.length}`)).toBe(false);
  });

  it('of a newer release is refused, both versions named, and left as it was', async () => {
    await (await open()).close();
    const db = openDatabase(file);
    db.pragma('user_version = 999');
    db.close();
    await expect(open()).rejects.toThrow(/data version 999.*versions up to \d+/s);
    const after = openDatabase(file);
    expect(after.pragma('user_version', { simple: true })).toBe(999);
    after.pragma(`user_version = ${MIGRATIONS.length}`);
    after.close();
    // The refusal left nothing locked.
    await (await open()).close();
  });

  it.each(['DROP TABLE likeness', 'DROP INDEX replies'])(
    'of a layout between two releases is named, with what to do (%s)',
    async (sql) => {
      await (await open()).close();
      const db = openDatabase(file);
      db.exec(sql);
      db.prepare("DELETE FROM meta WHERE name = 'search-words'").run();
      db.close();
      await expect(open()).rejects.toThrow(
        `${file} has a layout that no release has: a build from between two releases wrote it. Start that build again`,
      );
    },
  );

  // The first of each is asked for by the writer alone, which begins with the first write; without the last it is slow.
  it.each(['DROP INDEX deleted_comments', 'DROP TABLE marks', 'DROP INDEX queue_page_risk'])(
    'that lacks what only writing wants, or only speed, is refused before it is served (%s)',
    async (sql) => {
      await (await open()).close();
      const db = openDatabase(file);
      db.exec(sql);
      db.close();
      const [, kind = '', name = ''] = sql.split(' ');
      await expect(open()).rejects.toThrow(
        new RegExp(`has a layout that no release has: .*no such ${kind.toLowerCase()}: ${name}`),
      );
    },
  );

  it.each([
    'DROP INDEX thread',
    'ALTER TABLE comments DROP COLUMN pinned',
    'ALTER TABLE deliveries DROP COLUMN lease',
  ])('of a build before a release is left for that build to open (%s)', async (sql) => {
    const earlier = openDatabase(file);
    for (const step of MIGRATIONS.slice(0, 2)) earlier.exec(step.sql);
    earlier.exec(sql);
    earlier.pragma('application_id = 0x47415445');
    earlier.pragma('user_version = 2');
    earlier.close();
    await expect(open()).rejects.toThrow(/has a layout that no release has: .*no such (?:index|column): /);
    const after = openDatabase(file);
    expect(after.pragma('user_version', { simple: true })).toBe(2);
    after.close();
    expect(existsSync(`${file}.before-v${MIGRATIONS.length}`)).toBe(false);
  });

  it('may have an index more than this program made', async () => {
    await (await open()).close();
    const db = openDatabase(file);
    db.exec('CREATE INDEX of_mine ON comments (status)');
    db.close();
    await (await open()).close();
  });

  it('has just the layout that the steps are read to make', () => {
    const db = openDatabase(file);
    migrate(db, file, MIGRATIONS);
    const shadows = (db.pragma('table_list') as { name: string; type: string }[])
      .filter(({ type }) => type === 'shadow')
      .map(({ name }) => name);
    const there = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'");
    const made = there.pluck().all() as string[];
    db.close();
    expect([...layoutAfter(MIGRATIONS).keys()].sort()).toEqual(
      made.filter((name) => !shadows.includes(name)).sort(),
    );
  });

  it('that is damaged is named, with what to do', async () => {
    await (await open()).close();
    await writeFile(file, 'no database '.repeat(1000));
    await expect(open()).rejects.toThrow(
      `${file} is damaged, or no data of Gatehouse; put a backup in its place`,
    );
  });

  it('is not made where it has to be there, and neither is its folder', async () => {
    const nowhere = join(dataDir, 'nowhere');
    const opening = openSqlite({ dataDir: nowhere, inline: true, mustExist: true });
    await expect(opening).rejects.toThrow(`${nowhere} holds no data of Gatehouse`);
    expect(existsSync(nowhere)).toBe(false);
  });

  it('of another program is refused and left as it was', async () => {
    const db = openDatabase(file);
    db.exec("CREATE TABLE recipes (name TEXT); INSERT INTO recipes VALUES ('soup')");
    db.close();
    await expect(open()).rejects.toThrow(/not one that Gatehouse made/);
    const after = openDatabase(file, { readonly: true });
    expect(after.prepare('SELECT name FROM recipes').pluck().all()).toEqual(['soup']);
    after.close();
  });

  it('that is no database is refused', async () => {
    await writeFile(file, 'x'.repeat(8192));
    await expect(open()).rejects.toMatchObject({ code: 'SQLITE_NOTADB' });
  });
});

describe('a migration', () => {
  const steps = [
    { name: 'first', sql: 'CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT' },
    { name: 'second', sql: "ALTER TABLE notes ADD COLUMN mood TEXT NOT NULL DEFAULT 'calm'" },
    { name: 'third', sql: "UPDATE notes SET mood = 'glad' WHERE text = 'hello'" },
  ];

  function older(): void {
    const db = openDatabase(file);
    db.pragma('journal_mode = WAL');
    migrate(db, file, steps.slice(0, 1));
    db.exec("INSERT INTO notes (text) VALUES ('hello'), ('bye')");
    db.close();
  }

  it('brings an older file step by step to the newest version and keeps a copy of it as it was', () => {
    older();
    const db = openDatabase(file);
    migrate(db, file, steps);
    expect(db.prepare('SELECT text, mood FROM notes').all()).toEqual([
      { text: 'hello', mood: 'glad' },
      { text: 'bye', mood: 'calm' },
    ]);
    expect(db.pragma('user_version', { simple: true })).toBe(3);
    db.close();
    const copy = openDatabase(`${file}.before-v3`);
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    expect(copy.prepare('SELECT * FROM notes').all()).toEqual([
      { id: 1, text: 'hello' },
      { id: 2, text: 'bye' },
    ]);
    copy.close();
  });

  it('copies what stands in the log too', () => {
    older();
    const db = openDatabase(file);
    db.exec("INSERT INTO notes (text) VALUES ('late')");
    migrate(db, file, steps);
    db.close();
    const copy = openDatabase(`${file}.before-v3`, { readonly: true });
    expect(copy.prepare('SELECT count(*) FROM notes').pluck().get()).toBe(3);
    copy.close();
  });

  it('that fails leaves the file as it was, and run again keeps a copy of just that', () => {
    older();
    const db = openDatabase(file);
    const broken = [
      ...steps.slice(0, 2),
      { name: 'broken', sql: "UPDATE notes SET mood = 'x'; SELECT nonsense" },
    ];
    expect(() => migrate(db, file, broken)).toThrow(/nonsense/);
    expect(db.pragma('user_version', { simple: true })).toBe(1);
    expect(db.prepare('SELECT * FROM notes').all()).toEqual([
      { id: 1, text: 'hello' },
      { id: 2, text: 'bye' },
    ]);
    migrate(db, file, steps);
    expect(db.pragma('user_version', { simple: true })).toBe(3);
    db.close();
    const copy = openDatabase(`${file}.before-v3`, { readonly: true });
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    copy.close();
  });
});

describe('a data folder', () => {
  it('that is open serves no second opening, in this process or another', async () => {
    const storage = await open();
    await expect(open()).rejects.toThrow(/in use by another Gatehouse process/);
    const other = await openElsewhere(dataDir);
    expect(other.said).toMatch(/in use by another Gatehouse process/);
    await other.kill();
    await storage.close();
    const free = await openElsewhere(dataDir);
    expect(free.said).toBe('open');
    await expect(open()).rejects.toThrow(/in use/);
    await free.kill();
  });

  it('is free again once the process that held it was killed', async () => {
    const other = await openElsewhere(dataDir);
    expect(other.said).toBe('open');
    await other.kill();
    const storage = await open();
    const at = page(freshSite(), 'https://a.example/1');
    const kept = await post(storage, at);
    expect(await storage.comments.find(kept.id)).toEqual(kept);
    await storage.close();
  });
});
