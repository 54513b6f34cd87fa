import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../clock.ts';
import type { BatchStore } from '../../moderation/batch-store.ts';
import { inTime } from '../../requests/in-time.ts';
import type { StaffStore } from '../../staff/staff-store.ts';
import type { Storage } from '../storage.ts';
import { createActs } from './acts.ts';
import { createAliases } from './aliases.ts';
import { createAudit } from './audit.ts';
import { createAuthors } from './authors.ts';
import { createBatches } from './batches.ts';
import { createCarry } from './carry.ts';
import { createChange } from './change.ts';
import { createClaims } from './claims.ts';
import { createCountReader } from './counters.ts';
import { connect, type Database, ensureIndexes, mendIndexes } from './database.ts';
import { createDirectory } from './directory.ts';
import { createDuplicates } from './duplicates.ts';
import { createEventLog } from './event-log.ts';
import { createExports } from './exports.ts';
import { asDomainError, asStartFailure, createGate, reaching } from './failures.ts';
import { createFilters } from './filters.ts';
import { createFold } from './fold.ts';
import { createFolder } from './folder.ts';
import { createForgetting } from './forgetting.ts';
import { dropFormerIndexes } from './former-indexes.ts';
import { createIdempotency } from './idempotency.ts';
import { createIdentities } from './identities.ts';
import { createImports } from './imports.ts';
import { createIndexMender } from './index-mender.ts';
import { createJournalReader } from './journal.ts';
import { createLease } from './lease.ts';
import { createLessons } from './lessons.ts';
import { createLimits } from './limits.ts';
import { createLinkReader } from './links.ts';
import { checkExists, checkName, checkServer, checkVersion, createDataKey } from './meta.ts';
import { createMoves } from './moves.ts';
import { createOutbox } from './outbox.ts';
import { createPageList } from './page-list.ts';
import { createPageTitles } from './page-titles.ts';
import { createPages } from './pages.ts';
import { createQueue } from './queue.ts';
import { createCommentReader } from './reads.ts';
import { watchReign } from './reign.ts';
import { createTrueReader } from './reply-counts.ts';
import { createRetention } from './retention.ts';
import { createFiller } from './search/filler.ts';
import { createFilteredQueue } from './search/filtered-queue.ts';
import { createLessonKeys } from './search/lesson-keys.ts';
import { createReadiness } from './search/readiness.ts';
import { createTerms } from './search/terms.ts';
import { createLikenesses, createSimilar } from './similar.ts';
import { createSiteRemoval } from './site-removal.ts';
import { createSites } from './sites.ts';
import { createStaff } from './staff.ts';
import { createStamps } from './stamps.ts';
import { createStandings } from './standings.ts';
import { createSubmit } from './submit.ts';
import { createSubscriptions } from './subscriptions.ts';
import { createStats } from './tallies.ts';
import { createTokens } from './tokens.ts';
import { createTraces } from './traces.ts';
import { verify } from './verify.ts';
import { createVotes } from './votes.ts';
import { createWebhooks } from './webhooks.ts';
import { createWordlists } from './wordlists.ts';

export interface MongoOptions {
  /** With the database's name. */
  uri: string;
  /** Refuses a database that holds no data of Gatehouse with a DataUnfit, and makes nothing there. */
  mustExist?: boolean;
  clock?: Clock;
  /** A name of this process; a new one at each start. */
  instance?: string;
  /** Told of what goes wrong behind the answers: the server away during a fold, a poll, a stamp. */
  log?: (event: { message: string; error: unknown }) => void;
  /** For tests: called at named steps; what it throws happens there, and a promise is waited for. */
  failpoint?: (name: string) => Promise<void> | void;
  /** For tests: every command that goes to the server. */
  onCommand?: (event: { commandName: string; command: Record<string, unknown> }) => void;
}

/** Whoever asks whether the store can be read and written has to know soon. Milliseconds. */
const READY_MS = 5000;
/** A move that stands open so long, in milliseconds, was left by an instance that died. */
const LEFT_MS = 4000;

/**
 * Opens the database, makes its indexes and begins to fold. Rejects with `store-unavailable` where no server answers,
 * with a DataUnfit where the connection string, the user's rights or the data's version is in the way.
 */
export async function openMongo(options: MongoOptions): Promise<Storage> {
  return reaching(async () => {
    try {
      return await openDatabase(options);
    } catch (error) {
      throw asStartFailure(error);
    }
  });
}

async function openDatabase({
  uri,
  onCommand,
  mustExist = false,
  ...options
}: MongoOptions): Promise<Storage> {
  const database = await connect(uri, onCommand !== undefined);
  try {
    const client = database.connection.getClient();
    if (onCommand) client.on('commandStarted', onCommand);
    checkName(database);
    await checkServer(database);
    if (mustExist) await checkExists(database);
    await checkVersion(database);
    await ensureIndexes(database);
    await dropFormerIndexes(database);
    return await assemble(database, options);
  } catch (error) {
    await database.connection.close();
    throw error;
  }
}

async function assemble(
  database: Database,
  options: Omit<MongoOptions, 'uri' | 'onCommand' | 'mustExist'>,
): Promise<Storage> {
  const { clock = systemClock, failpoint = () => undefined, log = () => undefined } = options;
  const instance = options.instance ?? randomBytes(9).toString('hex');
  const tell = (error: unknown): void =>
    log({ message: 'the store will try again', error: asDomainError(error) });
  const mender = createIndexMender({ make: () => mendIndexes(database), report: tell });
  const report = (error: unknown): void => {
    tell(error);
    mender.heard(error);
  };

  const gate = createGate(mender.heard);
  const stamps = createStamps(database, report);
  const titles = createPageTitles(database);
  const pages = createPages(database, { fresh: stamps.fresh, titles });
  const journals = createJournalReader(database);
  const counts = createCountReader(database, journals);
  const likenesses = createLikenesses();
  const trueReader = createTrueReader(database, { journals, likenesses });
  const reader = createCommentReader(database, trueReader);
  const queue = createQueue(database, trueReader);
  const terms = createTerms(database);
  const readiness = createReadiness(database);
  const lessonKeys = createLessonKeys(database);
  const filtered = createFilteredQueue({ database, queue, trueReader, terms, readiness });
  const links = createLinkReader(database);
  const carry = createCarry(database, instance);
  const moves = createMoves(database, instance);
  const duplicates = createDuplicates(database);
  const limits = createLimits(database, instance);
  const idempotency = createIdempotency(database, clock);
  const acts = createActs(database, { stamps, failpoint });
  const tokens = createTokens(database, { stamps, acts, report });
  const staff = createStaff(database, { acts, report });
  const wordlists = createWordlists(database, { stamps, acts });
  const filters = createFilters(database, { stamps, acts });
  const removal = createSiteRemoval({ database, stamps, terms, acts });
  const sites = createSites(database, { pages, stamps, removal, acts });
  const directory = createDirectory(database, counts);
  const aliases = createAliases({ database, pages, moves, stamps, directory, acts });
  const pageList = createPageList({ database, pages, titles, directory, stamps, acts });
  const batches = createBatches(database, instance);
  const standings = createStandings({ database, stamps, acts, batches });
  const fold = createFold({
    ...{ database, instance, carry, moves, pages, removal, failpoint },
    restamp: stamps.restamp,
  });
  const folder = createFolder({
    fold,
    directory,
    lease: createLease(database, 'fold', instance),
    recover: async () => {
      // A batch that a crash cut off first: a removal waits for it.
      await fold.step();
      await removal.resume();
      await aliases.resume();
      await directory.begin();
    },
    resume: async () => {
      await removal.resume();
      await aliases.resume(LEFT_MS);
    },
    tend: async () => {
      await acts.sweep();
      await titles.sweep();
      await standings.tellUntold();
    },
    report,
  });
  const planning = createLease(database, 'webhooks', instance);
  const filler = createFiller({
    database,
    lease: createLease(database, 'search', instance),
    readiness,
    lessonKeys,
    terms,
    report,
  });
  const nudge = (): void => {
    folder.nudge();
    filler.nudge();
  };
  const events = createEventLog({ database, nudge, report });
  const writing = { database, instance, duplicates, links, carry, stamps, nudge, failpoint };
  const submits = createSubmit({ ...writing, pages, moves });
  const changes = createChange({ ...writing, reader, terms });
  const checking = { ...writing, still: folder.still, pages, directory, terms, readiness, lessonKeys };

  // First of all listeners: whoever hears of a change next must not find the old state kept here.
  stamps.onInvalidation(createForgetting({ sites, pages, tokens, filters, wordlists, standings, journals }));
  // What another instance has stamped it has left to fold as well.
  stamps.onInvalidation(folder.nudge);
  const unwatch = watchReign(database.connection.getClient(), stamps.restart);
  await stamps.start();
  folder.start();
  filler.start();

  return {
    comments: {
      ...gate.port({
        submit: submits.submit,
        ...changes,
        counts: counts.read,
        ...reader,
        oldestPending: queue.oldestPending,
        ...filtered,
      }),
      givesAgain: false,
    },
    sites: gate.port({ ...sites, ...aliases, ...pageList }),
    tokens: gate.port(tokens),
    wordlists: gate.port(wordlists),
    filters: gate.port(filters),
    authors: gate.port(
      createAuthors({ database, standings, directory, traces: createTraces(database), stamps }),
    ),
    audit: gate.port(createAudit(database)),
    batches: gate.port<BatchStore>(batches),
    claims: gate.port(createClaims(database)),
    stats: gate.port(createStats(database, journals)),
    votes: gate.port(createVotes(database, stamps)),
    lessons: gate.port(createLessons(database)),
    similar: gate.port(createSimilar(database, likenesses)),
    events: gate.port(events),
    staff: gate.port<StaffStore>(staff),
    webhooks: gate.port(createWebhooks(database, acts)),
    outbox: gate.port(createOutbox(database, { lease: planning, acts })),
    imports: gate.port(createImports({ ...writing, pages })),
    exports: gate.port(createExports(database)),
    subscriptions: gate.port(createSubscriptions(database)),
    identities: gate.port(createIdentities(database, acts)),
    retention: gate.port(createRetention(database, createLease(database, 'retention', instance))),
    idempotency: gate.port(idempotency),
    limits: gate.port(limits),
    ...gate.port(createDataKey(database)),
    verify: (options) => verify(checking, options),
    onInvalidation: stamps.onInvalidation,
    ready: () =>
      inTime(
        READY_MS,
        reaching(() => checkReady(database)),
      ),
    // A lost server comes back; there is nothing here that only a new process could mend.
    onFatal: () => undefined,
    async close() {
      await gate.empty();
      removal.stop();
      await events.stop();
      await filler.stop();
      await folder.stop();
      await planning.release().catch(report);
      await tokens.flush().catch(report);
      await staff.flush();
      unwatch();
      await stamps.stop();
      await mender.stop();
      await database.connection.close();
    },
  };
}

/** Readable and writable: a primary that the majority follows. */
async function checkReady({ leases }: Database): Promise<void> {
  await leases.updateOne(
    { _id: 'ready' },
    { $currentDate: { until: true } },
    { upsert: true, writeConcern: { w: 'majority', wtimeoutMS: 2000 } },
  );
}
