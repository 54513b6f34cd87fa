import type { Database } from 'better-sqlite3';
import type { AuditEntry, Audited } from '../../../moderation/audit.ts';
import type { Bound } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';

/** Adds an entry; there is nothing here that changes or removes one. */
export function createAuditWriter(db: Database): (entry: AuditEntry) => void {
  const insert = db.prepare<Bound[]>(
    `INSERT INTO audit VALUES (${Array(14).fill('?').join(', ')}) ON CONFLICT DO NOTHING`,
  );
  return (entry) => {
    insert.run(
      entry.id,
      entry.at,
      entry.site ?? '',
      entry.by.id,
      JSON.stringify(entry.by),
      entry.action,
      entry.commentId,
      entry.from,
      entry.to,
      entry.reason,
      entry.note,
      entry.decisionId,
      entry.batchId,
      entry.subject ?? null,
    );
  };
}

/** Writes the entry of an act that has just been carried out, in the transaction that carries it out. */
export function createActWriter(db: Database): (audited: Audited) => void {
  const write = createAuditWriter(db);
  return ({ act }) => {
    if (act) write(act);
  };
}

/** The operation behind AuditStore.record. */
export function createAudit(db: Database) {
  const write = createAuditWriter(db);
  return {
    recordAudit(_context: BatchContext, entry: AuditEntry): void {
      write(entry);
    },
  };
}
