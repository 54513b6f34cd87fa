import { AppError } from '../errors.ts';
import { codeOf, systemErrorOf } from '../system-error.ts';
import { countAsAdded, type Import } from './import.ts';
import { createProgressLog } from './progress-log.ts';
import { type ImportDeps, recordImport } from './run-import.ts';

/** So many tries may meet a fault: what passes by itself has passed by then. */
const MOST_FAULTS = 3;

/** Whether it was given up, and nothing is wrong with its file. */
export const isGivenUp = ({ state, faults }: Import): boolean => state === 'failed' && faults >= MOST_FAULTS;

/** Whether the store or the disk is away, or full: that is waited for, however long it takes. */
export function isPassing(error: unknown): boolean {
  if (error instanceof AppError) return error.code === 'store-unavailable';
  // What a dry run keeps for itself lies in a file of SQLite's (https://sqlite.org/rescode.html).
  return systemErrorOf(error) !== null || /^SQLITE_(BUSY|CANTOPEN|FULL|IOERR|READONLY)/.test(codeOf(error));
}

/**
 * Notes that a try at an import has met a fault of ours. The last try ends it as `failed`: what it has added stays
 * and is counted, and the same file may be sent again. Resolves to whether that was the last.
 */
export async function endAfterFaults(
  deps: ImportDeps,
  { id, holder }: Pick<Import, 'id' | 'holder'>,
  onProgress?: (one: Import) => void,
): Promise<boolean> {
  const one = await deps.imports.noteFault(id, holder);
  if (!one || one.faults < MOST_FAULTS) return false;
  await giveUp(deps, one, {
    reason: 'the service met a fault of its own, which its log tells of',
    onProgress,
  });
  return true;
}

/** Ends an import that is the caller's and whose file is nowhere any more, as after a restore, in the same way. */
export function endWithoutFile(
  deps: ImportDeps,
  one: Import,
  onProgress?: (one: Import) => void,
): Promise<void> {
  const reason = 'its file is gone, as after a restore: send the file again';
  return giveUp(deps, Object.assign(one, { faults: MOST_FAULTS }), { reason, onProgress });
}

async function giveUp(
  deps: ImportDeps,
  one: Import,
  { reason, onProgress }: { reason: string; onProgress?: (one: Import) => void },
): Promise<void> {
  countAsAdded(one.result, await deps.comments.findMany(one.pending));
  Object.assign(one, {
    state: 'failed',
    failure: { line: null, reason },
    finishedAt: deps.clock.now(),
  });
  if (one.result.comments.added > 0 && !one.dryRun) await recordImport(deps, one);
  await createProgressLog({ deps, one, isStopped: () => false, onProgress }).save([]);
}
