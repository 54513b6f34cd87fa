import { join } from 'node:path';
import { giveToFolderOwner } from '../../owner.ts';
import { DataInUse } from '../../startup-error.ts';
import { openDatabase } from './driver.ts';
import { inWords, sayingWhy, sqliteFault } from './sqlite-error.ts';

/**
 * Keeps a second process off the data folder: a transaction held open on a small file beside the data.
 * The system frees its lock with the process, whichever way that ends, so nothing is left to clean up.
 * Throws an Error for people where another process holds it.
 */
export function lockDataDir(dataDir: string): { release(): void } {
  const file = join(dataDir, 'gatehouse.lock');
  const db = sayingWhy(file, () => openDatabase(file, { timeout: 0 }));
  try {
    giveToFolderOwner(file);
    db.pragma('journal_mode = MEMORY');
    db.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    db.close();
    if (sqliteFault(error)?.code.startsWith('SQLITE_BUSY')) {
      throw new DataInUse(
        `${dataDir} is in use by another Gatehouse process. One data folder serves one process.`,
      );
    }
    throw inWords(error, file);
  }
  return { release: () => db.close() };
}
