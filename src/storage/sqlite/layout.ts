import type { Database } from 'better-sqlite3';
import { openDatabase } from './driver.ts';
import type { Migration } from './migrations.ts';

/** What steps make, take away and rename. Tables of `temp` are none of the file's. */
const MAKING =
  /\b(?:CREATE (?:UNIQUE |VIRTUAL )?(TABLE|INDEX) (\w+)(?:\s+ON (\w+))?|DROP TABLE (\w+)|ALTER TABLE (\w+) RENAME TO (\w+))/g;

/** The tables and indexes that a file has after these steps, by name; with an index the table that it is of. */
export function layoutAfter(migrations: readonly Migration[]): Map<string, string | null> {
  const layout = new Map<string, string | null>();
  for (const { sql } of migrations) {
    for (const [, , made, of, dropped, former, renamed] of sql.matchAll(MAKING)) {
      if (made !== undefined) layout.set(made, of ?? null);
      if (renamed !== undefined) layout.set(renamed, null);
      const gone = dropped ?? former;
      if (gone === undefined) continue;
      layout.delete(gone);
      for (const [name, table] of layout) {
        if (table !== gone) continue;
        if (renamed === undefined) layout.delete(name);
        else layout.set(name, renamed);
      }
    }
  }
  return layout;
}

/**
 * Throws, as SQLite does of a statement, where the file lacks a table or an index: a start would else be in vain, the
 * writer, which begins with the first write, can't do without most of them. What it has besides is nobody's concern.
 */
export function assertWhole(db: Database, migrations: readonly Migration[]): void {
  const there = new Set(db.prepare<[], string>('SELECT name FROM sqlite_schema').pluck().all());
  for (const [name, table] of layoutAfter(migrations)) {
    if (there.has(name)) continue;
    const kind = table === null ? 'table' : 'index';
    throw Object.assign(new Error(`no such ${kind}: ${name}`), { code: 'SQLITE_ERROR' });
  }
}

/**
 * As `assertWhole`, of columns too: before a file is brought on, which takes it from the build that wrote it. Where that
 * is no release's, that build must still open it: its export is the only way on.
 */
export function assertOfRelease(db: Database, migrations: readonly Migration[]): void {
  assertWhole(db, migrations);
  const there = new Set(columnsOf(db));
  const model = openDatabase(':memory:');
  try {
    for (const { sql } of migrations) model.exec(sql);
    const missing = columnsOf(model).find((column) => !there.has(column));
    if (missing === undefined) return;
    throw Object.assign(new Error(`no such column: ${missing}`), { code: 'SQLITE_ERROR' });
  } finally {
    model.close();
  }
}

/** `table.column` of every table. */
function columnsOf(db: Database): string[] {
  return db
    .prepare<[], string>(
      `SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'`,
    )
    .pluck()
    .all();
}
