import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { recordAct } from '../moderation/record.ts';
import type { Site } from '../sites/site.ts';
import { createAddresses } from './addresses.ts';
import { duplicatesSince } from './build-comment.ts';
import type { FileNames } from './file-names.ts';
import { READERS } from './formats.ts';
import { createHashSet } from './hash-set.ts';
import type { Import, ImportFailure, ImportState } from './import.ts';
import { MOST_IN_PART } from './import-store.ts';
import { createImportedPages } from './imported-pages.ts';
import { joinAliases } from './join-aliases.ts';
import { type Facts, type Found, MalformedFile, noFacts, sizeOf } from './legacy.ts';
import { linkAll } from './place-authors.ts';
import { createPlacing, type PlacedPart } from './place-comments.ts';
import { createRecordPlacing, type PlacedRecord } from './place-records.ts';
import { createProgressLog, LeftToAnother, type ProgressLogOptions, TELL_EVERY } from './progress-log.ts';
import { type SettingsReader, type SettledSite, settleSite } from './site-settings.ts';
import type { Spool } from './spool.ts';
import { type CountedRecord, countRecord, createImportTally } from './tally-import.ts';
import { createTellingPages, type TellingPages } from './telling-pages.ts';
import { createWaiting, type FileComment } from './waiting.ts';
import { rowsOf, type WouldBe } from './would-be.ts';

export type ImportDeps = Pick<
  Deps,
  | 'comments'
  | 'sites'
  | 'authors'
  | 'identities'
  | 'wordlists'
  | 'imports'
  | 'exports'
  | 'events'
  | 'audit'
  | 'keys'
  | 'ids'
  | 'clock'
>;

export interface RunOptions extends Pick<ProgressLogOptions, 'one' | 'isStopped' | 'onProgress'> {
  deps: ImportDeps;
  spool: Pick<Spool, 'read' | 'rehearse' | 'names'>;
  readSettings: SettingsReader;
  /** Comments that are written at once. */
  mostInPart?: number;
}

/** What the first reading of a file finds that the second needs. */
interface Checked {
  facts: Facts;
  telling: TellingPages;
}

/** How often a long reading says that it is alive. Milliseconds. */
const ALIVE_EVERY = 2000;

/** Characters of the comments that are written at once: few of the longest. */
const MOST_SIZE_OF_PART = 8 * 1024 * 1024;

/**
 * Brings an import to its end: reads the whole file once to see that it is one, then again to write what is
 * new, part by part. Cut off at any point, it goes on where it was. Resolves to the import as it then is;
 * rejects with what the store rejects with, and is then to be taken up again.
 */
export async function runImport(options: RunOptions): Promise<Import> {
  const { deps, one } = options;
  const run = createRun(options);
  try {
    const site = await deps.sites.find(one.site);
    if (!site) throw new AppError('site-not-found');
    const checked = await run.check(site);
    const { by, dryRun: isDryRun } = one;
    const told = { told: checked.facts.settings, read: options.readSettings, by, isDryRun };
    await run.write(await settleSite(deps, site, told), checked);
    if (!one.dryRun) await recordImport(deps, one);
    await run.finish('done', null);
  } catch (error) {
    if (error instanceof LeftToAnother) return one;
    const failure = failureOf(error);
    if (failure === null) {
      // What was on its way to the store has come there, or has not, before anybody takes it up again.
      await run.settled();
      throw error;
    }
    await run.finish('failed', failure);
  }
  return one;
}

function failureOf(error: unknown): ImportFailure | null {
  if (error instanceof MalformedFile) return { line: error.line, reason: error.reason };
  if (error instanceof AppError && error.code === 'site-not-found')
    return { line: null, reason: 'the site was removed' };
  return null;
}

export async function recordImport(
  deps: ImportDeps,
  { id, site, by, format, result }: Import,
): Promise<void> {
  const { added, unchanged, skipped } = result.comments;
  const note = `${format}: ${added} added, ${unchanged} unchanged, ${skipped} skipped`;
  await recordAct(deps, { id, by, action: 'comments-imported', site, note });
}

function createRun({ deps, spool, one, mostInPart = MOST_IN_PART, isStopped, onProgress }: RunOptions) {
  const { imports, clock } = deps;
  const log = createProgressLog({ deps, one, isStopped, onProgress });

  /** Reads the file once; hands on what each piece of it holds. */
  async function read(site: Site, facts: Facts, each: (found: Found[]) => Promise<void>): Promise<void> {
    const reader = READERS[one.format]({ origin: site.origins[0] ?? '', timeZone: site.timeZone }, facts);
    one.read = 0;
    for await (const bytes of spool.read(one.id)) {
      reader.write(bytes);
      // What is read of another system's database is longer than the file.
      one.read = Math.min(one.read + bytes.length, one.bytes);
      await each(reader.take());
      if (isStopped() || log.sinceSaved() > ALIVE_EVERY) await log.save([]);
    }
    reader.end();
    await each(reader.take());
  }

  const addressesOf = (site: Site) => createAddresses({ keys: deps.keys, site, opensSeals: one.opensSeals });

  async function check(site: Site): Promise<Checked> {
    const facts = noFacts();
    const telling = createTellingPages(addressesOf(site));
    await read(site, facts, async (found) => {
      for (const record of found) if (record.kind === 'comment') telling.note(record.comment);
    });
    if (one.state === 'checking') {
      one.state = 'writing';
      await log.save([]);
    }
    return { facts, telling };
  }

  async function write(settled: SettledSite, { facts, telling }: Checked): Promise<void> {
    const rehearsal = one.dryRun ? spool.rehearse(one.id) : null;
    const names = spool.names(one.id);
    try {
      await writeAll(settled, facts, { rehearsal, names, telling });
    } finally {
      rehearsal?.close();
      names.close();
    }
  }

  async function writeAll(
    { site, problem: ofSettings }: SettledSite,
    facts: Facts,
    { rehearsal, names, telling }: { rehearsal: WouldBe | null; names: FileNames; telling: TellingPages },
  ): Promise<void> {
    const tally = createImportTally(one.result);
    const waiting = createWaiting();
    const pages = createImportedPages(deps, site, telling);
    const foreign = createHashSet();
    const addresses = addressesOf(site);
    const placeRecords = createRecordPlacing({
      ...{ deps, site, pages, tally, foreign, addresses },
      ...{ by: one.by, isDryRun: one.dryRun, ofSettings },
    });
    const place = createPlacing({
      deps,
      imports,
      site,
      pages,
      telling,
      tally,
      waiting,
      foreign,
      addresses,
      duplicatesSince: duplicatesSince(site, clock.now()),
      met: createHashSet(),
      pending: new Set(one.pending),
      rehearsal,
      names,
    });
    let isMissing = false;
    let passAdded = 0;

    /** The part before is in the store when this one sets out; the next may be placed meanwhile. */
    async function keep({ comments, refs, aliases, links }: PlacedPart): Promise<void> {
      passAdded += comments.length;
      const before = log.saved();
      if (rehearsal) {
        rehearsal.keep(comments.flatMap((made, i) => rowsOf(made, refs[i] ?? made.comment.id)));
        // Nothing could be gone on from: what is kept is for those who watch.
        if (log.sinceSaved() > TELL_EVERY) log.save([]);
      } else {
        // Before it is said that these were handled: cut off in between they are joined again.
        log.save(comments, async () => {
          await linkAll(deps, links);
          await joinAliases(deps, site, aliases);
        });
      }
      await before;
    }

    /** Places what is ahead, and then what waited for it. */
    async function placeAll(comments: FileComment[], handled: number): Promise<void> {
      const ahead = [...comments];
      while (ahead.length > 0) {
        const part = ahead.splice(0, mostInPart);
        const placed = await place(part);
        isMissing ||= placed.isMissing;
        ahead.push(...placed.released);
        one.handled = Math.max(one.handled, handled);
        await keep(placed);
      }
      one.handled = Math.max(one.handled, handled);
    }

    async function pass(): Promise<void> {
      let ordinal = 0;
      let part: FileComment[] = [];
      let records: PlacedRecord[] = [];
      let others: CountedRecord[] = [];
      /** Characters of the part. */
      let size = 0;
      /** Counted no sooner than it is said that they were handled: after a crash they are counted once. */
      async function placeGathered(): Promise<void> {
        for (const record of others) countRecord(tally, record);
        await placeRecords(records);
        await placeAll(part, ordinal);
        [part, records, others] = [[], [], []];
        size = 0;
      }
      await read(site, facts, async (found) => {
        for (const record of found) {
          const isAgain = ordinal < one.handled;
          ordinal += 1;
          if (record.kind === 'comment') part.push({ legacy: record.comment, line: record.line, isAgain });
          else if (isAgain) continue;
          else if (record.kind === 'left' || record.kind === 'problem') others.push(record);
          else records.push(record);
          if (record.kind === 'comment') size += sizeOf(record.comment);
          const most = Math.max(part.length, records.length, others.length);
          if (most >= mostInPart || size >= MOST_SIZE_OF_PART) await placeGathered();
        }
      });
      await placeGathered();
    }

    async function letOrphansGo(): Promise<void> {
      for (let some = waiting.some(); some.length > 0; some = waiting.some())
        await placeAll(
          some.map((comment) => ({ ...comment, isOrphan: true as const })),
          one.handled,
        );
    }

    do {
      isMissing = false;
      passAdded = 0;
      waiting.clear();
      await pass();
      // While another reading may still find what they answer, they can wait.
      if (!isMissing || passAdded === 0) await letOrphansGo();
      await log.saved();
    } while (isMissing && passAdded > 0);
  }

  async function finish(state: ImportState, failure: ImportFailure | null): Promise<void> {
    one.state = state;
    one.failure = failure;
    one.finishedAt = clock.now();
    await log.save([]);
  }

  const settled = (): Promise<void> => log.saved().catch(() => undefined);

  return { check, write, finish, settled };
}
