import type { Database } from 'better-sqlite3';
import { openForReading } from './connection.ts';
import { existingFileIn } from './data-file.ts';
import { assertOurs } from './migrate.ts';
import { MIGRATIONS } from './migrations.ts';
import { sayingWhy } from './sqlite-error.ts';

/** What SQLite's own check finds first, null where the file is sound: it reads every page, and looks for every row in every index. */
export function damageIn(db: Database): string | null {
  const found = String(db.pragma('integrity_check(1)', { simple: true }));
  return found === 'ok' ? null : found.replace(/\s+/g, ' ').trim();
}

/** Throws as SQLite does where it meets damage, with what its check found as the message. */
export function assertSound(db: Database): void {
  const damage = damageIn(db);
  if (damage !== null) throw Object.assign(new Error(damage), { code: 'SQLITE_CORRUPT' });
}

/**
 * Has SQLite check the data file of a folder as it is at this moment, beside whatever process serves it. Throws an
 * Error for people where it is damaged, or there is no data of Gatehouse.
 */
export function checkFile(dataDir: string): void {
  const file = existingFileIn(dataDir);
  const db = sayingWhy(file, () => openForReading(file));
  try {
    sayingWhy(file, () => {
      assertOurs(db, file, MIGRATIONS.length);
      assertSound(db);
    });
  } finally {
    db.close();
  }
}
