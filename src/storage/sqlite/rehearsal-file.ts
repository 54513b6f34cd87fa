import type { NamedRow, WouldBe } from '../../moving/would-be.ts';
import { openScratch } from './scratch-file.ts';

/** WouldBe in a scratch file at that path. */
export function openRehearsal(path: string): WouldBe {
  const { db, close } = openScratch(
    path,
    'CREATE TABLE comments (name TEXT PRIMARY KEY, createdAt INTEGER NOT NULL, depth INTEGER NOT NULL, said TEXT NOT NULL) STRICT, WITHOUT ROWID',
  );
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
    close,
  };
}
