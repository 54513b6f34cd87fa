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

/** The entry of an act, to be written together with what the act changes. */
export function entryOf(
  deps: Pick<Deps, 'ids' | 'clock'>,
  { by, action, site, note, subject, reason = null, id }: Act,
): AuditEntry {
  const at = deps.clock.now();
  return {
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
}

/** Writes an act that changes nothing else into the audit. Durable once fulfilled. */
export async function recordAct(
  deps: Pick<Deps, 'ids' | 'clock'> & { audit: Pick<AuditStore, 'record'> },
  act: Act,
): Promise<void> {
  await deps.audit.record(entryOf(deps, act));
}
