import { join } from 'node:path';
import { type Clock, systemClock } from '../../clock.ts';
import { giveToFolderOwner } from '../../owner.ts';
import { createMemoryLimitStore } from '../../requests/memory-limit-store.ts';
import type { Change, Storage } from '../storage.ts';
import { createAuditStore } from './audit.ts';
import { createAuthorStore } from './authors.ts';
import { createBatchStore } from './batches.ts';
import { createClaimStore } from './claims.ts';
import { createCommentStore } from './comments.ts';
import { openForReading, openForWriting } from './connection.ts';
import { dataFileOf, existingFileIn, makeDataDir } from './data-file.ts';
import { createDirectory } from './directory.ts';
import { createEventLog } from './event-log.ts';
import { createExportStore } from './exports.ts';
import { createFilterStore } from './filters.ts';
import { createGroupCommit, type GroupCommit } from './group-commit.ts';
import { createIdempotencyStore } from './idempotency.ts';
import { createIdentityStore } from './identities.ts';
import { createImportStore } from './imports.ts';
import { assertWhole } from './layout.ts';
import { createLessonStore } from './lessons.ts';
import { lockDataDir } from './lock.ts';
import { migrate } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { DATA_KEY } from './operations/meta.ts';
import { createOutboxStore } from './outbox.ts';
import { createReadiness } from './readiness.ts';
import { createKeptTotals } from './reads/kept-totals.ts';
import { releaseHeld } from './release.ts';
import { createRetentionStore } from './retention.ts';
import { searchBacklog } from './search/backlog.ts';
import { createFiller } from './search/filler.ts';
import { refreshSearch } from './search/refresh.ts';
import { createSimilarStore } from './similar.ts';
import { createSiteStore } from './sites.ts';
import { inWords } from './sqlite-error.ts';
import { createStaffStore } from './staff.ts';
import { createStatsStore } from './stats.ts';
import { createSubscriptionStore } from './subscriptions.ts';
import { createTokenStore } from './tokens.ts';
import { verify } from './verify.ts';
import { createVoteStore } from './votes.ts';
import { createWebhookStore } from './webhooks.ts';
import { createWordlistStore } from './wordlists.ts';
import { createInlineWriter, startThreadWriter, type Writer } from './writer.ts';

export interface OpenSqliteOptions {
  /** Folder of the data file; made where it is missing. */
  dataDir: string;
  /** The built writer thread; by default sqlite-writer.cjs beside the running program. */
  writerPath?: string;
  /** Write in the calling thread instead, for tools. */
  inline?: boolean;
  /** Leave what is filled in behind the writes to the next opening: for a tool that has much to write. */
  isHurried?: boolean;
  /** Make nothing where no data is. */
  mustExist?: boolean;
  clock?: Clock;
}

/**
 * Opens the embedded store. Throws an Error whose message is meant for people where the folder is in use
 * by another process, or the file is newer than this program or not Gatehouse's.
 */
export async function openSqlite(options: OpenSqliteOptions): Promise<Storage> {
  const { dataDir, clock = systemClock, mustExist = false } = options;
  const file = mustExist ? existingFileIn(dataDir) : dataFileOf(dataDir);
  makeDataDir(dataDir);
  const lock = lockDataDir(dataDir);
  try {
    prepareFile(file, clock.now());
    return await assemble(options, { file, clock, release: () => lock.release() });
  } catch (error) {
    lock.release();
    throw inWords(error, file);
  }
}

/**
 * Before any other connection is open: makes the file, or brings it to this program's version, and frees what a
 * process that is gone had taken on.
 */
function prepareFile(file: string, now: number): void {
  const db = openForWriting(file);
  try {
    migrate(db, file, MIGRATIONS);
    assertWhole(db, MIGRATIONS);
    refreshSearch(db);
    releaseHeld(db, now);
  } finally {
    db.close();
  }
  giveToFolderOwner(file);
}

interface Surroundings {
  file: string;
  clock: Clock;
  release(): void;
}

async function assemble(
  options: OpenSqliteOptions,
  { file, clock, release }: Surroundings,
): Promise<Storage> {
  const db = openForReading(file);
  const heard = createListeners<Change>();
  const died = createListeners<Error>();
  const totals = createKeptTotals();
  let newestEvent = -1;
  const commits: GroupCommit = createGroupCommit({
    writer: openWriter,
    onInvalidation: heard.tell,
    onCommit: (newest) => {
      events.committed(newest);
      if (newest !== newestEvent) totals.drop();
      newestEvent = newest;
      search.nudge();
    },
  });
  let writer: Writer | null = null;
  /** Begun with the first write: a start that only reads need not wait for a thread. */
  function openWriter(): Writer {
    writer ??= startWriter(options, file, (error) => {
      commits.fail(error);
      died.tell(error);
    });
    return writer;
  }
  const events = createEventLog({ db, commits }, clock);
  const search = createFiller({ commits, backlog: options.isHurried ? () => 0 : searchBacklog(db) });
  const directory = createDirectory({ db, commits });
  const sites = createSiteStore({ db, commits, directory });
  const batches = createBatchStore({ db, commits });
  const authors = createAuthorStore({ db, commits, directory, batches });
  const tokens = createTokenStore({ db, commits });
  heard.add(totals.drop);
  const wordlists = createWordlistStore({ db, commits });
  const filters = createFilterStore({ db, commits });
  heard.add((change) => {
    sites.drop(change);
    if (change.kind === 'tokens') tokens.drop();
    if (change.kind === 'filters') filters.drop();
    if (change.kind === 'wordlist' || change.kind === 'site') wordlists.drop(change.site);
    if (change.kind === 'standings') authors.drop(change.site);
  });
  // A service that was killed in the removal of a large site answers while it goes on; a command finds it done.
  if (options.inline || options.isHurried) await sites.resume();
  else sites.resumeBehind();
  search.nudge();
  if (!options.isHurried) directory.start();
  const dataKey = db.prepare<[string], string>('SELECT value FROM meta WHERE name = ?').pluck();

  return {
    comments: createCommentStore({ db, commits }, totals),
    sites,
    tokens,
    wordlists,
    filters,
    authors,
    audit: createAuditStore({ db, commits }),
    batches,
    claims: createClaimStore({ db, commits }),
    stats: createStatsStore(db),
    votes: createVoteStore({ db, commits }),
    lessons: createLessonStore({ db, commits }),
    similar: createSimilarStore(db),
    events,
    staff: createStaffStore({ db, commits }),
    webhooks: createWebhookStore({ db, commits }),
    outbox: createOutboxStore({ db, commits }),
    imports: createImportStore({ db, commits }),
    exports: createExportStore(db),
    subscriptions: createSubscriptionStore({ db, commits }),
    identities: createIdentityStore({ db, commits }),
    retention: createRetentionStore({ db, commits }),
    idempotency: createIdempotencyStore({ db, commits }, clock),
    limits: createMemoryLimitStore(),
    readDataKey: async () => dataKey.get(DATA_KEY) ?? null,
    writeDataKey: (wrapped, expected) => commits.execute('writeDataKey', { wrapped, expected }),
    verify: (options) => verify({ file, commits }, options),
    onInvalidation: heard.add,
    onFatal: died.add,
    ready: createReadiness({ db, commits, clock }),
    async close() {
      events.stop();
      await search.stop();
      await directory.stop();
      await sites.stop();
      await commits.drain();
      db.close();
      await writer?.close();
      release();
    },
  };
}

function startWriter(options: OpenSqliteOptions, file: string, onDeath: (error: Error) => void): Writer {
  if (options.inline) return createInlineWriter(file);
  return startThreadWriter({
    file,
    isHurried: options.isHurried,
    writerPath: options.writerPath ?? join(__dirname, 'sqlite-writer.cjs'),
    onDeath,
  });
}

function createListeners<Value>(): { add(listener: (value: Value) => void): void; tell(value: Value): void } {
  const listeners: ((value: Value) => void)[] = [];
  return {
    add: (listener) => listeners.push(listener),
    tell: (value) => {
      for (const listener of listeners) listener(value);
    },
  };
}
