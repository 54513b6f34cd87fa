import type { Actor, CommentStatus } from '../../comments/comment.ts';
import { idFloor } from '../../ids.ts';
import type { AuditEntry, AuditQuery, AuditStore } from '../../moderation/audit.ts';
import type { Connections } from './comments.ts';
import { mergeSources } from './reads/merge.ts';
import { createStatementCache } from './reads/statement-cache.ts';
import { BOUND_LIMIT, type Bound } from './rows.ts';

interface AuditRow {
  id: string;
  at: number;
  site: string;
  actor: string;
  action: string;
  comment_id: string | null;
  from_status: CommentStatus | null;
  to_status: CommentStatus | null;
  reason: string | null;
  note: string | null;
  decision_id: string | null;
  batch_id: string | null;
}

const COLUMNS =
  'id, at, site, actor, action, comment_id, from_status, to_status, reason, note, decision_id, batch_id';

/** AuditStore on SQLite: one walk along one index for each site, merged. */
export function createAuditStore({ db, commits }: Connections): AuditStore {
  const cache = createStatementCache(db);

  function read(query: AuditQuery, site: string | null): AuditEntry[] {
    const { sql, binds } = auditSql(query, site);
    return cache<AuditRow>(sql)
      .all(...binds, query.limit)
      .map(entryOf);
  }

  return {
    record: (entry) => commits.execute('recordAudit', entry),
    list: async (query) => {
      const { sites, limit } = query;
      if (sites === null) return read(query, null);
      return mergeSources(
        [...new Set(sites)].map(
          (site) => (after: AuditEntry | undefined, count: number) =>
            read({ ...query, before: after?.id ?? query.before, limit: count }, site),
        ),
        { compare: (a, b) => (a.id < b.id ? 1 : -1), limit, most: 2 * limit + sites.length },
      );
    },
  };
}

/** The entries of a site, or of all; binds all but the limit, which comes last. */
export function auditSql(query: AuditQuery, site: string | null): { sql: string; binds: Bound[] } {
  const { by, action, commentId, since, until, before } = query;
  const where: string[] = [];
  const binds: Bound[] = [];
  const bind = (condition: string, value: Bound | undefined): void => {
    if (value === undefined) return;
    where.push(condition);
    binds.push(value);
  };
  bind('comment_id = ?', commentId);
  bind('site = ?', site ?? undefined);
  bind('actor_id = ?', by);
  bind('action = ?', action);
  bind('id >= ?', since === undefined ? undefined : idFloor(since));
  const ceilings = [before, until === undefined ? undefined : idFloor(until + 1)];
  bind('id < ?', ceilings.filter((ceiling) => ceiling !== undefined).sort()[0] ?? '~');
  const sql = `SELECT ${COLUMNS} FROM audit ${indexFor(query, site)}
    WHERE ${where.join(' AND ')} ORDER BY id DESC LIMIT ${BOUND_LIMIT}`;
  return { sql, binds };
}

function indexFor({ by, action, commentId }: AuditQuery, site: string | null): string {
  if (commentId !== undefined) return 'INDEXED BY audit_comment';
  if (site === null) return '';
  if (by !== undefined) return 'INDEXED BY audit_actor';
  return action === undefined ? 'INDEXED BY audit_site' : 'INDEXED BY audit_action';
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    by: JSON.parse(row.actor) as Actor,
    action: row.action,
    site: row.site === '' ? null : row.site,
    commentId: row.comment_id,
    from: row.from_status,
    to: row.to_status,
    reason: row.reason,
    note: row.note,
    decisionId: row.decision_id,
    batchId: row.batch_id,
  };
}
