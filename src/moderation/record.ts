import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { AuditEntry, AuditStore, OTHER_ACTIONS } from './audit.ts';

/** The service itself: what it does unasked, such as the demo's sites. */
export const SERVICE: Actor = { kind: 'system', id: 'service', name: 'service' };

/** An act on anything but a comment. */
export interface Act {
  by: Actor;
  action: (typeof OTHER_ACTIONS)[number];
  /** Null for what concerns no one site. */
  site: string | null;
  /** What it was done to, in words, or what the person said of it. Never anything secret. */
  note: string | null;
  /** Its key, where it has one: an author's, a page's. */
  subject?: string;
  /** One of the site's reasons. */
  reason?: string | null;
  /** Planned ahead by an act that may be repeated, so that it is recorded once. */
  id?: string;
}

/** Writes an act into the audit. Durable once fulfilled. */
export async function recordAct(
  deps: Pick<Deps, 'ids' | 'clock'> & { audit: Pick<AuditStore, 'record'> },
  { by, action, site, note, subject, reason = null, id }: Act,
): Promise<void> {
  const at = deps.clock.now();
  const entry: AuditEntry = {
    id: id ?? deps.ids.next(at),
    at,
    by,
    action,
    site,
    commentId: null,
    ...(subject !== undefined && { subject }),
    from: null,
    to: null,
    reason,
    note,
    decisionId: null,
    batchId: null,
  };
  await deps.audit.record(entry);
}
