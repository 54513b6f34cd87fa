import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { countAsUnchanged, type Import, type ImportProgress } from './import.ts';
import type { ImportedComment } from './import-store.ts';

/** Milliseconds that a worker is believed to be at work after it last said so. */
export const IMPORT_LEASE = 15_000;
/** How often who watches is told. Milliseconds. */
export const TELL_EVERY = 500;

/** Another has it, or it is to be left for now. */
export class LeftToAnother extends Error {}

/** How far an import is, written down part by part, and told to who watches. */
export interface ProgressLog {
  /**
   * Keeps the comments together with how far the import is at this moment; one after another, `before` right before
   * its own. Rejects with LeftToAnother where the rest is not this worker's.
   */
  save(comments: ImportedComment[], before?: () => Promise<void>): Promise<void>;
  /** What was saved, or is being saved, last. */
  saved(): Promise<void>;
  /** How long ago a save last began, in milliseconds; also where the clock was set back since. */
  sinceSaved(): number;
}

export interface ProgressLogOptions {
  deps: Pick<Deps, 'imports' | 'events' | 'ids' | 'clock'>;
  one: Import;
  /** Asked between two parts: whether to leave the rest to another life of the process. */
  isStopped(): boolean;
  /** Called with every step. */
  onProgress?(one: Import): void;
}

export function createProgressLog({ deps, one, isStopped, onProgress }: ProgressLogOptions): ProgressLog {
  const { imports, clock } = deps;
  let toldAt = Number.NEGATIVE_INFINITY;
  let savedAt = clock.now();
  let saves = Promise.resolve();

  async function tell(): Promise<void> {
    toldAt = clock.now();
    const { id: importId, site, state, bytes, read, result } = one;
    const { pages, comments } = result;
    await deps.events.append({
      id: deps.ids.next(toldAt),
      type: 'import',
      at: toldAt,
      site,
      import: { importId, state, bytes, read, pages, comments },
    });
  }

  /** What was there already when it was to be kept, through another import of the same at the same time. */
  const found: Comment[] = [];

  async function saveNow(comments: ImportedComment[], progress: ImportProgress): Promise<void> {
    const { state } = progress;
    savedAt = clock.now();
    const isOver = state === 'done' || state === 'failed';
    const heldUntil = isOver || isStopped() ? 0 : savedAt + IMPORT_LEASE;
    const there = await imports.write(one.id, one.holder, { comments, progress, heldUntil });
    if (there === null) throw new LeftToAnother();
    if (there.length > 0) {
      const late = comments.flatMap(({ comment }) => (there.includes(comment.id) ? [comment] : []));
      countAsUnchanged(one.result, late);
      found.push(...late);
    }
    onProgress?.(one);
    // Also where the clock was set back since.
    if (isOver || Math.abs(savedAt - toldAt) >= TELL_EVERY) await tell();
    if (isStopped() && !isOver) throw new LeftToAnother();
  }

  return {
    save(comments, before) {
      const progress = progressOf(one);
      const known = found.length;
      saves = saves.then(async () => {
        await before?.();
        // Of the parts that were being written when this one was counted.
        countAsUnchanged(progress.result, found.slice(known));
        await saveNow(comments, progress);
      });
      // Whoever waits for it, sooner or later, hears of it.
      saves.catch(() => undefined);
      return saves;
    },
    saved: () => saves,
    sinceSaved: () => Math.abs(clock.now() - savedAt),
  };
}

/** As it is now: what goes on meanwhile is not in it. */
function progressOf({ state, read, handled, result, failure, finishedAt, faults }: Import): ImportProgress {
  return structuredClone({ state, read, handled, result, failure, finishedAt, faults });
}
