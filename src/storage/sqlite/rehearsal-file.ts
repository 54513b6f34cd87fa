import { rmSync } from 'node:fs';
import SqliteDatabase from 'better-sqlite3';
import type { NamedRow, WouldBe } from '../../moving/would-be.ts';

/** Nothing of it outlives the process: no journal, no waiting for the disk, and 4 MB in memory. */
const SETTINGS = [
  'journal_mode = OFF',
  'synchronous = OFF',
  'locking_mode = EXCLUSIVE',
  'temp_store = MEMORY',
  'cache_size = -4096',
];

/**
 * WouldBe in a file of its own at that path. Where the system lets it, the file has lost its name by the time it is
 * used: whatever becomes of the process, nothing of it stays.
 */
export function openRehearsal(path: string): WouldBe {
  const remove = (): void => rmSync(path, { force: true });
  remove();
  const db = new SqliteDatabase(path);
  for (const setting of SETTINGS) db.pragma(setting);
  db.exec(
    'CREATE TABLE comments (name TEXT PRIMARY KEY, createdAt INTEGER NOT NULL, depth INTEGER NOT NULL, said TEXT NOT NULL) STRICT, WITHOUT ROWID',
  );
  if (process.platform !== 'win32') remove();
  const insert = db.prepare<[string, number, number, string]>(
    'INSERT INTO comments (name, createdAt, depth, said) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
  );
  const select = db.prepare<[string], NamedRow>(
    'SELECT name, createdAt, depth, said FROM comments WHERE name IN (SELECT value FROM json_each(?))',
  );
  return {
    keep: db.transaction((rows: NamedRow[]) => {
      for (const { name, createdAt, depth, said } of rows) insert.run(name, createdAt, depth, said);
    }),
    find: (names) => select.all(JSON.stringify(names)),
    close() {
      db.close();
      remove();
    },
  };
}
