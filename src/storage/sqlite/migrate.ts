import { closeSync, constants, copyFileSync, fsyncSync, openSync, renameSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { assertOfRelease } from './layout.ts';
import type { Migration } from './migrations.ts';

/** Marks the file as ours ("GATE"), so that another program's file is not taken for an empty one. */
const APPLICATION_ID = 0x47415445;

/**
 * Brings the file to the newest version, all steps in one transaction: were one of them kept where the next is
 * cut off, the copy that the next start makes would replace the one of the file as it was. An older file that has
 * data is copied to `{file}.before-v{newest}` first. Throws an Error for people where the file is newer
 * than this program or is not Gatehouse's, and SQLite's where no release laid it out so; then nothing was changed.
 * `db` is the only connection.
 */
export function migrate(db: Database, file: string, migrations: readonly Migration[]): void {
  const found = versionOf(db);
  const newest = migrations.length;
  refuseForeign(db, file, found);
  if (found > newest) throw newerFile(file, { found, newest });
  if (found === newest) return;
  if (found > 0) {
    assertOfRelease(db, migrations.slice(0, found));
    copyAside(db, file, newest);
  }
  const run = db.transaction(() => {
    for (const { sql } of migrations.slice(found)) db.exec(sql);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${newest}`);
  });
  run.exclusive();
}

/** That this program could open the file as its own. Throws an Error for people where it is another's, empty, or newer. */
export function assertOurs(db: Database, file: string, newest: number): void {
  const found = versionOf(db);
  refuseForeign(db, file, found);
  if (found === 0) throw new Error(`${file} holds no data of Gatehouse.`);
  if (found > newest) throw newerFile(file, { found, newest });
}

const newerFile = (file: string, { found, newest }: { found: number; newest: number }): Error =>
  new Error(
    `${file} has data version ${found}, and this Gatehouse knows versions up to ${newest}: ` +
      'it was last opened by a newer release. Start that release, or restore an older copy of the file.',
  );

/** The layout that the file has (PRAGMA user_version). */
export function versionOf(db: Database): number {
  return Number(db.pragma('user_version', { simple: true }));
}

function refuseForeign(db: Database, file: string, version: number): void {
  const id = Number(db.pragma('application_id', { simple: true }));
  const tables = Number(db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get());
  if (id === APPLICATION_ID || (id === 0 && version === 0 && tables === 0)) return;
  throw new Error(`${file} is a SQLite file, but not one that Gatehouse made.`);
}

function copyAside(db: Database, file: string, newest: number): void {
  // The log is folded in first, so that the one file is the whole data.
  db.pragma('wal_checkpoint(TRUNCATE)');
  const copy = `${file}.before-v${newest}`;
  const unfinished = `${copy}.part`;
  copyFileSync(file, unfinished, constants.COPYFILE_FICLONE);
  const handle = openSync(unfinished, 'r+');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(unfinished, copy);
}
