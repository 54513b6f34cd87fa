import type { Database } from 'better-sqlite3';
import type { Stores } from '../../deps.ts';
import { storeUnavailable } from '../../errors.ts';
import type { AuditEntry } from '../../moderation/audit.ts';
import { createAuthorStore } from './authors.ts';
import { createBatchStore } from './batches.ts';
import { createCommentStore } from './comments.ts';
import { openForReading, openForWriting } from './connection.ts';
import { existingFileIn } from './data-file.ts';
import { createDirectory } from './directory.ts';
import { createExportStore } from './exports.ts';
import type { GroupCommit } from './group-commit.ts';
import { assertOurs, versionOf } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { createAuditWriter } from './operations/audit.ts';
import { DATA_KEY } from './operations/meta.ts';
import { createKeptTotals } from './reads/kept-totals.ts';
import { createSiteStore } from './sites.ts';
import { sayingWhy } from './sqlite-error.ts';
import { createWordlistStore } from './wordlists.ts';

/** The data as it is at one moment, for a process beside the one that serves it. */
export interface Snapshot extends Pick<Stores, 'comments' | 'sites' | 'authors' | 'wordlists' | 'exports'> {
  readDataKey(): Promise<string | null>;
  close(): void;
}

/** Nobody writes into what was. */
const NO_COMMITS: GroupCommit = {
  execute: () => Promise.reject(storeUnavailable()),
  isAiling: () => false,
  crowd: () => 0,
  drain: async () => undefined,
  fail: () => undefined,
};

/** A file that was just restored has no log yet: without one the audit could not be written beside a reader. */
function openWithLog(file: string): Database {
  const db = openForReading(file);
  if (db.pragma('journal_mode', { simple: true }) === 'wal') return db;
  assertOurs(db, file, MIGRATIONS.length);
  db.close();
  openForWriting(file).close();
  return openForReading(file);
}

/**
 * Opens the data of a folder as it is now, beside whatever process serves it, by one read transaction that lasts
 * until it is closed. Throws an Error for people where the file is not Gatehouse's, or of another release.
 */
export function openSnapshot(dataDir: string): Snapshot {
  const file = existingFileIn(dataDir);
  return sayingWhy(file, () => openFile(file));
}

function openFile(file: string): Snapshot {
  const db = openWithLog(file);
  try {
    db.exec('BEGIN');
    assertOurs(db, file, MIGRATIONS.length);
    if (versionOf(db) < MIGRATIONS.length)
      throw new Error(`${file} is of an older release: start this one once, so that it is brought up.`);
    const connections = { db, commits: NO_COMMITS };
    const directory = createDirectory(connections);
    const dataKey = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();
    return {
      comments: createCommentStore(connections, createKeptTotals()),
      sites: createSiteStore({ ...connections, directory }),
      authors: createAuthorStore({ ...connections, directory, batches: createBatchStore(connections) }),
      wordlists: createWordlistStore(connections),
      exports: createExportStore(db),
      readDataKey: async () => dataKey.get(DATA_KEY) ?? null,
      close: () => db.close(),
    };
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * Adds an entry to the audit beside the process that serves the folder: one statement, which waits for its turn
 * as that process's batches do. Throws an Error for people where the file is not Gatehouse's.
 */
export function recordBeside(dataDir: string, entry: AuditEntry): void {
  const file = existingFileIn(dataDir);
  sayingWhy(file, () => {
    const db = openForWriting(file);
    try {
      assertOurs(db, file, MIGRATIONS.length);
      createAuditWriter(db)(entry);
    } finally {
      db.close();
    }
  });
}
