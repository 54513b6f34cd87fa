import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Database } from 'better-sqlite3';
import { giveToFolderOwner } from '../../owner.ts';
import { linkWhereThereAreLinks, nameWhole, partOf, syncPath } from '../../part-file.ts';
import { openForReading } from './connection.ts';
import { dataFileOf, existingFileIn, makeDataDir } from './data-file.ts';
import { openDatabase } from './driver.ts';
import { assertOfRelease } from './layout.ts';
import { lockDataDir } from './lock.ts';
import { assertOurs, versionOf } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { DATA_KEY, LOG_EPOCH } from './operations/meta.ts';
import { damageIn } from './soundness.ts';
import { inWords, sayingWhy } from './sqlite-error.ts';

/** What a backup says of itself. */
export interface Copy {
  /** The wrapped data key that it was sealed under; null where no service ever ran on it. */
  wrappedKey: string | null;
}

/** Pages copied at once: the process that runs the command has nothing else to do. */
const PAGES_AT_ONCE = 10_000;

/** Throws an Error for people where SQLite finds the file damaged. */
function assertWhole(db: Database, file: string): void {
  if (damageIn(db) !== null) throw new Error(`${file} is damaged: SQLite's own check of it failed.`);
}

/** Takes away what a copy that was cut off left behind. */
const removePart = (part: string): void => {
  for (const name of [part, `${part}-journal`, `${part}-wal`, `${part}-shm`]) rmSync(name, { force: true });
};

/** Runs on a file that must be there and whole, and only reads it. */
function looking<Result>(file: string, look: (db: Database) => Result): Result {
  const db = openDatabase(file, { readonly: true, fileMustExist: true });
  try {
    return look(db);
  } finally {
    db.close();
  }
}

/**
 * Copies a file into a part, as it is at this moment: with what stands in its log, beside whatever process has it open.
 * What is checked and on the disk in the end is one file. Throws an Error for people.
 */
async function copyWhole(source: string, part: string): Promise<void> {
  removePart(part);
  const db = sayingWhy(source, () => openForReading(source));
  try {
    sayingWhy(source, () => {
      // The one state that is copied: without it each commit of a service would begin the copy anew.
      db.exec('BEGIN');
      assertOurs(db, source, MIGRATIONS.length);
    });
    await db.backup(part, { progress: () => PAGES_AT_ONCE });
    db.exec('COMMIT');
  } catch (error) {
    removePart(part);
    // Of the copy, not of its source: that it is full, most of all.
    throw inWords(error, part);
  } finally {
    db.close();
  }
  const copy = openDatabase(part);
  try {
    // One file is the whole of it, wherever it is carried.
    copy.pragma('journal_mode = DELETE');
    assertWhole(copy, part);
  } finally {
    copy.close();
  }
  syncPath(part);
}

/**
 * Copies the data of a folder into a new file, beside whatever process serves it: what was committed when the copy
 * began is in it, all of it and nothing else. Throws an Error for people where the file is there already.
 */
export async function backUp(dataDir: string, target: string): Promise<void> {
  if (existsSync(target)) throw new Error(`${target} is there already; a backup never writes over a file.`);
  const part = partOf(target);
  await copyWhole(existingFileIn(dataDir), part);
  try {
    nameWhole(part, target);
  } finally {
    rmSync(part, { force: true });
  }
  syncPath(dirname(target));
}

/**
 * Looks at a backup. Throws an Error for people where it is damaged, newer than this program, of a build from between
 * two releases, or no backup.
 */
export function inspectBackup(file: string): Copy {
  if (!existsSync(file)) throw new Error(`${file} is not there.`);
  return sayingWhy(file, () =>
    looking(file, (db) => {
      assertOurs(db, file, MIGRATIONS.length);
      assertWhole(db, file);
      // Which no start could open.
      assertOfRelease(db, MIGRATIONS.slice(0, versionOf(db)));
      const key = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck().get(DATA_KEY);
      return { wrappedKey: key ?? null };
    }),
  );
}

/** Folds the log into the file it belongs to, so that it can't be taken for the log of what comes in its place. */
function settleLog(file: string): void {
  try {
    const db = openDatabase(file);
    try {
      db.pragma('wal_checkpoint(TRUNCATE)');
    } finally {
      db.close();
    }
  } catch {
    // Damaged: a reason to restore. File and log are kept beside each other.
  }
  const kept = `${file}.before-restore`;
  for (const name of [kept, `${kept}-wal`]) rmSync(name, { force: true });
  if (!linkWhereThereAreLinks(file, kept)) {
    copyFileSync(file, kept);
    syncPath(kept);
  }
  if (existsSync(`${file}-wal`)) renameSync(`${file}-wal`, `${kept}-wal`);
  rmSync(`${file}-shm`, { force: true });
}

/** The log goes on from the backup's numbers: whoever has heard greater ones has heard of other events. */
function beginEpoch(part: string): void {
  const db = openDatabase(part);
  try {
    db.prepare('INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)').run(LOG_EPOCH, randomUUID());
  } finally {
    db.close();
  }
  syncPath(part);
}

/**
 * Puts a backup in the place of a folder's data, whose former file stays as `gatehouse.db.before-restore`. Throws a
 * DataInUse where a process serves the folder. Cut off anywhere it has happened wholly or not at all.
 */
export async function restore(dataDir: string, backup: string): Promise<void> {
  makeDataDir(dataDir);
  const lock = lockDataDir(dataDir);
  try {
    const file = dataFileOf(dataDir);
    const part = `${file}.restoring`;
    // Not the file alone: in a data folder that was copied as a whole the newest of it stands in the log beside.
    await copyWhole(backup, part);
    sayingWhy(part, () => beginEpoch(part));
    giveToFolderOwner(part);
    if (existsSync(file)) settleLog(file);
    renameSync(part, file);
    syncPath(dataDir);
  } finally {
    lock.release();
  }
}
