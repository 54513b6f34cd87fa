import type { Database } from 'better-sqlite3';
import type { StandingEvent } from '../../../authors/standing.ts';
import type { CommentEvent } from '../../../comments/event.ts';
import { auditEntryOf } from '../../../moderation/audit.ts';
import { type LooseEvent, loggedEvent } from '../../../moderation/event-log.ts';
import { createAuditWriter } from './audit.ts';

/** Writes what happened in the transaction it happened in: for the live stream, and acts for the audit. */
export interface EventWriter {
  /** Gives the event's number. */
  append(event: CommentEvent): number;
  /** What changes no comment, and whose audit is another's. */
  appendOther(event: LooseEvent | StandingEvent): void;
}

export function createEventWriter(db: Database): EventWriter {
  const insert = db.prepare<[number, string]>('INSERT INTO events (at, body) VALUES (?, ?)');
  const audit = createAuditWriter(db);
  return {
    append(event) {
      const { lastInsertRowid } = insert.run(event.at, JSON.stringify(loggedEvent(event)));
      const entry = auditEntryOf(event);
      if (entry) audit(entry);
      return Number(lastInsertRowid);
    },
    appendOther: (event) => void insert.run(event.at, JSON.stringify(event)),
  };
}
