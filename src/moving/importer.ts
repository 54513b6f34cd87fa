import { createHash } from 'node:crypto';
import type { Actor } from '../comments/comment.ts';
import type { Site } from '../sites/site.ts';
import type { ImportFormat } from './formats.ts';
import { type Import, noResult } from './import.ts';
import { endAfterFaults, endWithoutFile, isPassing } from './import-faults.ts';
import { IMPORT_LEASE } from './progress-log.ts';
import { type ImportDeps, runImport } from './run-import.ts';
import type { SettingsReader } from './site-settings.ts';
import type { Spool } from './spool.ts';

/** A file that was taken in. */
export interface TakenFile {
  /** The id of the import that it is for. */
  id: string;
  /** How many it has, unpacked. */
  bytes: number;
  /** SHA-256 of its bytes as they came, in hex. */
  digest: string;
}

export interface ImportRequest {
  site: Site;
  format: ImportFormat;
  dryRun: boolean;
  /** See Import. */
  opensSeals: boolean;
  by: Actor;
  file: TakenFile;
}

/** Takes files in and sees them to their end, those of an earlier life of this process too. */
export interface Importer {
  /** Takes a file in. Throws `too-large`, `malformed-file`, and what the file's sender breaks off with. */
  take(file: AsyncIterable<Uint8Array>): Promise<TakenFile>;
  /** Begins with a file that was taken in. */
  begin(request: ImportRequest): Promise<Import>;
  /** Takes a file away that no import has begun with. */
  drop(file: TakenFile): Promise<void>;
  /** The import once it is at its end, or as it is after so many milliseconds, if given; null where there is none. */
  settled(id: string, ms?: number): Promise<Import | null>;
  /** Looks for what was cut off, now and again and again; files that nobody will ask for are removed. */
  start(): void;
  /** Waits for a part under way; the rest goes on when the service is there again. */
  stop(): Promise<void>;
}

/** Milliseconds between two looks for imports that nobody works on. */
const LOOK_EVERY = 5000;
/** And for files that were left behind. */
const SWEEP_EVERY = 3_600_000;
/** For so long an upload to another process may stand still before its file counts as left behind. */
const STANDS_STILL = 3_600_000;

/** Keeps the process's memory small while there is work that makes much that is soon forgotten. */
export interface Heap {
  /** Until `release` was called as often. */
  tighten(): void;
  release(): void;
}

export interface ImporterParts {
  deps: ImportDeps;
  spool: Spool;
  readSettings: SettingsReader;
  /** No other process takes files into the spool. */
  isAlone?: boolean;
  heap?: Heap;
  /** Comments that are written at once; MOST_IN_PART by itself. A dry run keeps to that. */
  mostInPart?: number;
  report: (error: unknown) => void;
  onProgress?(one: Import): void;
}

export function createImporter(parts: ImporterParts): Importer {
  const { deps, spool, readSettings, isAlone = false, heap, mostInPart, report, onProgress } = parts;
  const { imports, clock, ids } = deps;
  const holder = ids.next(clock.now());
  const running = new Map<string, Promise<void>>();
  /** Files that no import has begun with yet, those that are still coming in among them. */
  const unclaimed = new Set<string>();
  const timers: NodeJS.Timeout[] = [];
  /** One look after another. */
  let looking = Promise.resolve();
  let isStopped = false;

  function run(one: Import): void {
    heap?.tighten();
    const work = runImport({
      ...{ deps, spool, readSettings, one, isStopped: () => isStopped, onProgress },
      ...(!one.dryRun && { mostInPart }),
    })
      .then(async ({ id, state }) => {
        if (state === 'done' || state === 'failed') await spool.remove(id);
      })
      // It is taken up again: at once where it goes on elsewhere, else once its lease has ended.
      .catch(async (error) => {
        report(error);
        if (isPassing(error) || !(await endAfterFaults(deps, one, onProgress))) return;
        await spool.remove(one.id);
      })
      .catch(report)
      .finally(() => {
        running.delete(one.id);
        heap?.release();
      });
    running.set(one.id, work);
  }

  async function look(): Promise<void> {
    for (const id of await imports.unfinished()) {
      if (isStopped || running.has(id)) continue;
      const hasFile = await spool.has(id);
      // Beside other processes it lies in another's folder.
      if (!hasFile && !isAlone) continue;
      const now = clock.now();
      const one = await imports.take(id, holder, { now, heldUntil: now + IMPORT_LEASE });
      // Of a dry run nothing is kept that could be gone on from.
      if (one?.dryRun) Object.assign(one, { handled: 0, result: noResult() });
      if (one && !hasFile) await endWithoutFile(deps, one, onProgress);
      else if (one && !running.has(id)) run(one);
    }
  }

  /** Whether an import will never ask for a file: it is at its end, or was never begun. */
  async function isLeft({ id, writtenAt }: { id: string; writtenAt: number }): Promise<boolean> {
    if (unclaimed.has(id)) return false;
    const one = await imports.find(id);
    if (one) return one.state === 'done' || one.state === 'failed';
    return isAlone || writtenAt + STANDS_STILL < clock.now();
  }

  /** A crash leaves what had come in of an upload, and what an import was just done with. */
  async function sweep(): Promise<void> {
    for (const file of await spool.list()) {
      if (isStopped) return;
      if (await isLeft(file)) await spool.remove(file.id);
    }
  }

  function every(ms: number, work: () => Promise<void>): void {
    const now = (): void => {
      looking = looking.then(work).catch(report);
    };
    now();
    timers.push(setInterval(now, ms).unref());
  }

  return {
    async take(file) {
      const id = ids.next(clock.now());
      const hash = createHash('sha256');
      async function* hashed(): AsyncGenerator<Uint8Array> {
        for await (const bytes of file) {
          hash.update(bytes);
          yield bytes;
        }
      }
      unclaimed.add(id);
      try {
        const bytes = await spool.take(id, hashed());
        return { id, bytes, digest: hash.digest('hex') };
      } catch (error) {
        unclaimed.delete(id);
        throw error;
      }
    },
    async begin({ site, format, dryRun, opensSeals, by, file: { id, bytes } }) {
      const startedAt = clock.now();
      const one: Import = {
        id,
        site: site.id,
        format,
        dryRun,
        opensSeals,
        by,
        startedAt,
        finishedAt: null,
        state: 'checking',
        bytes,
        read: 0,
        handled: 0,
        holder,
        heldUntil: clock.now() + IMPORT_LEASE,
        pending: [],
        result: noResult(),
        failure: null,
        faults: 0,
      };
      await imports.begin(one);
      unclaimed.delete(id);
      run(structuredClone(one));
      return one;
    },
    async drop({ id }) {
      if (unclaimed.delete(id)) await spool.remove(id);
    },
    async settled(id, ms) {
      const work = running.get(id);
      if (work && ms === undefined) await work;
      else if (work) {
        let late: NodeJS.Timeout | undefined;
        const patience = new Promise<void>((resolve) => {
          late = setTimeout(resolve, ms);
        });
        await Promise.race([work, patience]);
        clearTimeout(late);
      }
      return imports.find(id);
    },
    start() {
      every(LOOK_EVERY, look);
      every(SWEEP_EVERY, sweep);
    },
    async stop() {
      isStopped = true;
      timers.forEach(clearInterval);
      await looking;
      await Promise.all(running.values());
    },
  };
}
