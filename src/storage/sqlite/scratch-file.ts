import { rmSync } from 'node:fs';
import type { Database } from 'better-sqlite3';
import { openDatabase } from './driver.ts';

/** Nothing of it outlives the process: no journal, no waiting for the disk, and 4 MB in memory. */
const SETTINGS = [
  'journal_mode = OFF',
  'synchronous = OFF',
  'locking_mode = EXCLUSIVE',
  'temp_store = MEMORY',
  'cache_size = -4096',
];

export interface ScratchFile {
  db: Database;
  /** Closes and removes it. */
  close(): void;
}

/**
 * A file of its own at that path for one table of what is too much for memory. Where the system lets it, the file has
 * lost its name by the time it is used: whatever becomes of the process, nothing of it stays.
 */
export function openScratch(path: string, table: string): ScratchFile {
  const remove = (): void => rmSync(path, { force: true });
  remove();
  const db = openDatabase(path);
  for (const setting of SETTINGS) db.pragma(setting);
  db.exec(table);
  if (process.platform !== 'win32') remove();
  return {
    db,
    close() {
      db.close();
      remove();
    },
  };
}
