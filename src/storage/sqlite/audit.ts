import type { Database } from 'better-sqlite3';
import type { Actor, CommentStatus } from '../../comments/comment.ts';
import { idFloor } from '../../ids.ts';
import type { AuditAction, AuditEntry, AuditQuery, AuditStore } from '../../moderation/audit.ts';
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
  subject: string | null;
}

const COLUMNS =
  'id, at, site, actor, action, comment_id, from_status, to_status, reason, note, decision_id, batch_id, subject';

/** What stands for entries of no site. */
const NO_SITE = '';

/**
 * AuditStore on SQLite: one walk along one index for each site, merged. All entries in their order are the
 * table itself; narrowed, they are merged of all sites, those that were removed and no site among them.
 */
export function createAuditStore({ db, commits }: Connections): AuditStore {
  const list = createAuditList(db);
  return {
    record: (entry) => commits.execute('recordAudit', entry),
    list: async (query) => list(query),
  };
}

/** In one snapshot: what is merged was true at one moment. */
export function createAuditList(db: Database): (query: AuditQuery) => AuditEntry[] {
  const cache = createStatementCache(db);

  function read(query: AuditQuery, site: string | null): AuditEntry[] {
    const { sql, binds } = auditSql(query, site);
    return cache<AuditRow>(sql)
      .all(...binds, query.limit)
      .map(entryOf);
  }

  const everySite = db.prepare<[], string>(auditedSitesSql()).pluck();
  const siteOf = db.prepare<[string], string>(auditedSiteSql()).pluck();

  /** The sites whose walks are merged; null: the one walk through all. */
  function walked({ sites, by, action, commentId }: AuditQuery): string[] | null {
    if (commentId !== undefined) {
      const site = siteOf.get(commentId);
      return site !== undefined && (sites === null || sites.includes(site)) ? [site] : [];
    }
    if (sites !== null) return [...new Set(sites)];
    return by === undefined && action === undefined ? null : everySite.all();
  }

  return db.transaction((query: AuditQuery): AuditEntry[] => {
    const { limit } = query;
    const sites = walked(query);
    if (sites === null) return read(query, null);
    return mergeSources(
      sites.map(
        (site) => (after: AuditEntry | undefined, count: number) =>
          read({ ...query, before: after?.id ?? query.before, limit: count }, site),
      ),
      { compare: (a, b) => (a.id < b.id ? 1 : -1), limit, most: 2 * limit + sites.length },
    );
  });
}

/** Every site that there is an entry of, NO_SITE too: from each to the next greater one, an entry visited for each. */
export function auditedSitesSql(): string {
  return `WITH RECURSIVE each_site (site) AS (
      SELECT min(site) FROM audit INDEXED BY audit_site
      UNION ALL
      SELECT (SELECT min(site) FROM audit INDEXED BY audit_site WHERE site > each_site.site) FROM each_site
      WHERE each_site.site IS NOT NULL
    ) SELECT site FROM each_site WHERE site IS NOT NULL`;
}

/** The site that a comment's entries are of; binds the comment. */
export function auditedSiteSql(): string {
  return 'SELECT site FROM audit INDEXED BY audit_comment WHERE comment_id = ? LIMIT 1';
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
  if (site === null) return 'NOT INDEXED';
  if (by !== undefined) return `INDEXED BY audit_actor${action === undefined ? '' : '_action'}`;
  return action === undefined ? 'INDEXED BY audit_site' : 'INDEXED BY audit_action';
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.id,
    at: row.at,
    by: JSON.parse(row.actor) as Actor,
    action: row.action as AuditAction,
    site: row.site === NO_SITE ? null : row.site,
    commentId: row.comment_id,
    ...(row.subject !== null && { subject: row.subject }),
    from: row.from_status,
    to: row.to_status,
    reason: row.reason,
    note: row.note,
    decisionId: row.decision_id,
    batchId: row.batch_id,
  };
}
