import type { Database } from 'better-sqlite3';

/** Frees what an earlier process had in hand when it ended: none but this one has the file open. */
export function releaseHeld(db: Database, now: number): void {
  const deliveries = db.prepare<[number]>(
    `UPDATE deliveries SET next_at = ?, lease = NULL WHERE status = 'waiting' AND lease IS NOT NULL`,
  );
  const imports = db.prepare<[]>('UPDATE imports SET held_until = 0 WHERE open = 1 AND held_until > 0');
  db.transaction(() => {
    deliveries.run(now);
    imports.run();
  }).immediate();
}
