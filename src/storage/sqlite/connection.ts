import type { Database } from 'better-sqlite3';
import { openDatabase } from './driver.ts';

/** How the data file is opened. Figures are in KiB where negative, as SQLite takes them. */
const WRITER_CACHE = -16_000;
/** Small: every commit empties it, and the system keeps the file's pages anyway. */
const READER_CACHE = -4_000;
/** Milliseconds that a statement waits for another connection's lock; only a checkpoint ever holds one. */
const BUSY_TIMEOUT = 5000;
/** Pages in the log before it is folded into the file: 16 MiB, so that hot pages are folded once for many commits. */
const CHECKPOINT_PAGES = 4000;
const HURRIED_CHECKPOINT_PAGES = 16_000;
/** The log is cut to this many bytes after it was folded in. */
const LOG_LIMIT = 64 * 1024 * 1024;

export interface WritingOptions {
  /** For a tool that has much to write, while nobody else has the file: fewer and larger foldings of the log. */
  isHurried?: boolean;
}

/** The connection that writes. There is one, in the writer. */
export function openForWriting(file: string, { isHurried = false }: WritingOptions = {}): Database {
  const db = openDatabase(file, { timeout: BUSY_TIMEOUT });
  db.pragma('journal_mode = WAL');
  // Every commit is on the disk before it is answered.
  db.pragma('synchronous = FULL');
  // Deleted text must not linger in free pages.
  db.pragma('secure_delete = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = ${WRITER_CACHE}`);
  db.pragma(`wal_autocheckpoint = ${isHurried ? HURRIED_CHECKPOINT_PAGES : CHECKPOINT_PAGES}`);
  db.pragma(`journal_size_limit = ${LOG_LIMIT}`);
  return db;
}

/**
 * Folds the log into the file. What the file can't take, as on a full disk, stays in the log: that is part of the data,
 * and the next opening folds it in.
 */
export function foldLog(db: Database): void {
  try {
    db.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // All that was committed is kept: whoever is told that it failed would do it again.
  }
}

/** Folds the log into the file, where that has room, and closes the connection that wrote. */
export function closeForWriting(db: Database): void {
  foldLog(db);
  db.close();
}

/** The connection that reads, in the main thread: it sees every commit at its next statement. */
export function openForReading(file: string): Database {
  const db = openDatabase(file, { readonly: true, timeout: BUSY_TIMEOUT });
  db.pragma('query_only = ON');
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = ${READER_CACHE}`);
  return db;
}
