import type { Actor } from '../../src/comments/comment.ts';
import type { AuditEntry, AuditQuery } from '../../src/moderation/audit.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { EPOCH, freshId } from './builders.ts';
import { SITES } from './skewed-comments.ts';

const actor = (id: string): Actor => ({ kind: 'moderator', id, name: `Moderator ${id}` });
/** One does nearly everything, one little. */
const BUSY = actor('busy');
const RARE = actor('rare');
export const AUDIT_COMMENTS = Array.from({ length: 40 }, (_, i) => `comment-${i}`);

/** Skewed as a newsroom is: most by one person, most decisions of one kind, most on one site. */
function entryOf(i: number): AuditEntry {
  const at = EPOCH + i * 1000;
  const site = i % 40 === 0 ? null : i % 4 ? (SITES[0] ?? '') : (SITES[(i >> 2) % SITES.length] ?? '');
  const onOne = i % 400 < AUDIT_COMMENTS.length && site === SITES[0];
  return {
    id: freshId(at),
    at,
    by: i % 50 === 3 ? RARE : BUSY,
    action: i % 60 === 7 ? 'reveal' : i % 30 === 3 ? 'site-updated' : 'approve',
    site,
    commentId: onOne ? (AUDIT_COMMENTS[i % 400] ?? null) : null,
    from: 'pending',
    to: 'approved',
    reason: null,
    note: null,
    decisionId: null,
    batchId: null,
  };
}

/** That many entries, oldest first. */
export const auditEntries = (rows: number): AuditEntry[] =>
  Array.from({ length: rows }, (_, i) => entryOf(i));

/** Records that many entries; gives them oldest first. */
export async function fillAudit(storage: Storage, rows: number): Promise<AuditEntry[]> {
  const entries = auditEntries(rows);
  for (let start = 0; start < rows; start += 500) {
    await Promise.all(entries.slice(start, start + 500).map((entry) => storage.audit.record(entry)));
  }
  return entries;
}

const since = EPOCH + 1_000_000;
const span = { since, until: since + 6_000_000 };

/** Every combination of filters but that of a comment, alone and within a span; each finds something on SITES[0]. */
export const AUDIT_QUERIES: [string, Partial<AuditQuery>][] = [
  ['everything', {}],
  ['by one who does nearly all', { by: 'busy' }],
  ['by one who does little', { by: 'rare' }],
  ['of the usual action', { action: 'approve' }],
  ['of a rare action', { action: 'reveal' }],
  ['of a rare action by one who does nearly all', { by: 'busy', action: 'reveal' }],
  ['of a rare action by one who does little', { by: 'rare', action: 'site-updated' }],
  ['in a span', span],
  ['by one in a span', { by: 'rare', ...span }],
  ['of an action in a span', { action: 'reveal', ...span }],
  ['of an action by one in a span', { by: 'busy', action: 'reveal', ...span }],
  ['of a comment', { commentId: AUDIT_COMMENTS[1] }],
  ['of a comment in a span', { commentId: AUDIT_COMMENTS[1], ...span }],
];
