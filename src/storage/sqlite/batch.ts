import { statSync } from 'node:fs';
import type { Database, Statement } from 'better-sqlite3';
import { AppError, type ProblemCode } from '../../errors.ts';
import type { Change } from '../storage.ts';
import { foldLog } from './connection.ts';
import type { BatchContext } from './operations/batch-context.ts';
import { createLedger } from './operations/ledger.ts';
import { MOVED_AT_ONCE } from './operations/moves.ts';
import { type Call, createOperations, type Operations } from './operations/operations.ts';
import { createPages } from './operations/pages.ts';
import { createSearchIndex } from './search/search-index.ts';
import { sqliteFault } from './sqlite-error.ts';

/** Why an operation failed, in a form that crosses to another thread. */
export interface Failure {
  message: string;
  /** Of an AppError. */
  problem: ProblemCode | null;
  stack: string | undefined;
}

/** What became of one call. */
export type Outcome = { ok: true; value: unknown } | { ok: false; failure: Failure };

/** What became of a batch: committed as a whole, or nothing of it. */
export type BatchResult =
  | { committed: true; outcomes: Outcome[]; changes: Change[]; newestEvent: number }
  | { committed: false; failure: Failure };

export type BatchRunner = (calls: Call[]) => BatchResult;

/**
 * Runs batches of operations, each batch in one transaction: one commit, one sync to the disk. It first
 * runs them plainly, because operations look before they write and a failing one is a fault. Where one
 * fails all the same, the batch is rolled back and run again with a savepoint around each operation, so
 * that only the failing one is left out. (Savepoints on every operation of every batch would copy each
 * page that an operation touches.) Operations are pure on the database, so running them twice is safe.
 *
 * Where the store itself fails (disk full or read-only, I/O error, its file gone) nothing of the batch happened,
 * and the connection is as good as before for the next. `onErasure` hears of a commit that erased a text.
 */
export function createBatchRunner(db: Database, onErasure?: () => void): BatchRunner {
  const search = createSearchIndex(db);
  const pages = createPages(db, search);
  const operations = createOperations(db, { pages, search });
  const ledger = createLedger(db);
  const newestEvent = db.prepare<[], number | null>('SELECT max(number) FROM events').pluck();
  const changes = new Map<string, Change>();
  let erased = false;
  const context: BatchContext = {
    ledger,
    invalidate(change) {
      if (change.kind === 'site') pages.forget();
      changes.set(keyOf(change), change);
    },
    erased() {
      erased = true;
    },
    room: { left: MOVED_AT_ONCE },
  };
  const [begin, commit, rollback, savepoint, release, rollbackTo] = [
    'BEGIN IMMEDIATE',
    'COMMIT',
    'ROLLBACK',
    'SAVEPOINT operation',
    'RELEASE operation',
    'ROLLBACK TO operation',
  ].map((sql) => db.prepare<[]>(sql)) as [Stmt, Stmt, Stmt, Stmt, Stmt, Stmt];

  function together(calls: Call[]): Outcome[] {
    const outcomes = calls.map((call): Outcome => ({ ok: true, value: perform(operations, context, call) }));
    ledger.flush();
    return outcomes;
  }

  function each(calls: Call[]): Outcome[] {
    return calls.map((call): Outcome => {
      const before = [...changes];
      savepoint.run();
      try {
        const value = perform(operations, context, call);
        ledger.flush();
        release.run();
        return { ok: true, value };
      } catch (error) {
        if (isStoreFailure(error)) throw error;
        rollbackTo.run();
        release.run();
        ledger.reset();
        pages.forget();
        search.rolledBack();
        changes.clear();
        for (const [key, change] of before) changes.set(key, change);
        return { ok: false, failure: failureOf(error) };
      }
    });
  }

  function transact(run: (calls: Call[]) => Outcome[], calls: Call[]): BatchResult {
    changes.clear();
    erased = false;
    context.room.left = MOVED_AT_ONCE;
    try {
      begin.run();
      const outcomes = run(calls);
      const newest = newestEvent.get() ?? 0;
      commit.run();
      if (erased) onErasure?.();
      return { committed: true, outcomes, changes: [...changes.values()], newestEvent: newest };
    } catch (error) {
      ledger.reset();
      pages.forget();
      search.rolledBack();
      // Some failures (a full disk among them) have rolled back already.
      if (db.inTransaction) rollback.run();
      throw error;
    }
  }

  return (calls) => {
    if (isGone(db.name)) return { committed: false, failure: failureOf(new Error(GONE)) };
    if (isGone(`${db.name}-wal`)) {
      foldLog(db);
      return { committed: false, failure: failureOf(new Error(LOG_GONE)) };
    }
    try {
      return transact(together, calls);
    } catch (error) {
      if (isStoreFailure(error)) return { committed: false, failure: failureOf(error) };
    }
    try {
      return transact(each, calls);
    } catch (error) {
      return { committed: false, failure: failureOf(error) };
    }
  };
}

type Stmt = Statement<[]>;

const GONE = 'the data file is no longer in its folder: what is written would be lost with this process';

const LOG_GONE =
  'the log of the data file is no longer in its folder: what is written would be lost with this process. ' +
  'Start it anew where the log was removed';

/** SQLite goes on in a file or a log that was removed or carried away, and all that it takes ends with the process. */
function isGone(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false }) === undefined;
  } catch {
    // It can't be looked at, which says nothing of whether it is there.
    return false;
  }
}

function perform(operations: Operations, context: BatchContext, [name, args]: Call): unknown {
  // Name and arguments belong together by the type of Call; the compiler can't follow that through a union.
  const operation = operations[name] as (context: BatchContext, args: unknown) => unknown;
  return operation(context, args);
}

function keyOf(change: Change): string {
  if (change.kind === 'tokens' || change.kind === 'filters') return change.kind;
  return change.kind === 'page' ? `${change.site}/${change.pageKey}` : `${change.kind} ${change.site}`;
}

/** Codes by which SQLite blames the statement; every other one is the store's own trouble. */
const STATEMENT_FAULT = /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG|RANGE|ERROR)/;

function isStoreFailure(error: unknown): boolean {
  const fault = sqliteFault(error);
  return fault !== null && !STATEMENT_FAULT.test(fault.code);
}

function failureOf(error: unknown): Failure {
  const fault = sqliteFault(error);
  if (fault) return { message: `${fault.code}: ${fault.message}`, problem: null, stack: fault.stack };
  if (!(error instanceof Error)) return { message: String(error), problem: null, stack: undefined };
  return {
    message: error.message,
    problem: error instanceof AppError ? error.code : null,
    stack: error.stack,
  };
}
