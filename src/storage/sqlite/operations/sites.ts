import type { Database } from 'better-sqlite3';
import { siteScope } from '../../../comments/counts.ts';
import type { Audited } from '../../../moderation/audit.ts';
import { EVERY_SITE } from '../../../screening/learner/lesson-store.ts';
import type { Site } from '../../../sites/site.ts';
import { BOUND_LIMIT } from '../rows.ts';
import type { SearchIndex } from '../search/search-index.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';
import { createLessonRemoval } from './lessons.ts';
import { createMovesEnd } from './moves.ts';
import type { OperationParts } from './parts.ts';
import { createScopeEnd } from './site-scopes.ts';

export interface ReplaceSiteArgs extends Audited {
  site: Site;
  expected: number;
}

export type ReplaceSiteResult = { replaced: true } | { replaced: false; version: number | null };

/** Rows that one step of a removal takes, so that other writes come in between; comments stand in many lists. */
const STEP = 500;
const COMMENTS = 200;
export const removalMark = (site: string): string => `removing/${site}`;

/** The operations behind SiteStore.create, replace and remove. */
export function createSites(db: Database, { search }: Pick<OperationParts, 'search'>) {
  const isTaken = db
    .prepare<[string, string], number>(
      'SELECT 1 WHERE EXISTS (SELECT 1 FROM sites WHERE id = ? AND body IS NOT NULL) OR EXISTS (SELECT 1 FROM meta WHERE name = ?)',
    )
    .pluck();
  const insert = db.prepare<[string, number, number, string]>(
    `INSERT INTO sites (id, created_at, version, body) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET created_at = excluded.created_at, version = excluded.version, body = excluded.body`,
  );
  const versionOf = db
    .prepare<[string], number>('SELECT version FROM sites WHERE id = ? AND body IS NOT NULL')
    .pluck();
  const update = db.prepare<[number, string, string]>('UPDATE sites SET version = ?, body = ? WHERE id = ?');
  const forget = db.prepare<[string]>('UPDATE sites SET body = NULL WHERE id = ? AND body IS NOT NULL');
  const mark = db.prepare<[string]>("INSERT INTO meta (name, value) VALUES (?, '')");
  const unmark = db.prepare<[string]>('DELETE FROM meta WHERE name = ?');
  const unlearn = db.prepare<[string]>('DELETE FROM learnt WHERE site = ?');
  const purge = createPurge(db, search);
  const audit = createActWriter(db);
  const endScopes = createScopeEnd(db);
  const endMoves = createMovesEnd(db);

  return {
    createSite(context: BatchContext, { site, act }: { site: Site } & Audited): boolean {
      if (isTaken.get(site.id, removalMark(site.id)) !== undefined) return false;
      insert.run(site.id, site.createdAt, site.version, JSON.stringify(site));
      audit({ act });
      context.invalidate({ kind: 'site', site: site.id });
      return true;
    },

    replaceSite(context: BatchContext, { site, expected, act }: ReplaceSiteArgs): ReplaceSiteResult {
      const version = versionOf.get(site.id) ?? null;
      if (version !== expected) return { replaced: false, version };
      update.run(site.version, JSON.stringify(site), site.id);
      audit({ act });
      context.invalidate({ kind: 'site', site: site.id });
      return { replaced: true };
    },

    /**
     * Takes the site away and marks what it leaves for `purgeSite`. Gives the webhooks and filters that end with it;
     * null where there is no such site.
     */
    removeSite(context: BatchContext, { id, act }: { id: string } & Audited): string[] | null {
      if (forget.run(id).changes === 0) return null;
      mark.run(removalMark(id));
      audit({ act });
      context.invalidate({ kind: 'site', site: id });
      context.invalidate({ kind: 'standings', site: id });
      return endScopes(id, context);
    },

    /** Takes away the next rows of a removed site; true when none is left. */
    purgeSite(context: BatchContext, id: string): boolean {
      context.ledger.flush();
      context.erased();
      if (purge(id) > 0) return false;
      unlearn.run(EVERY_SITE);
      endMoves(id);
      unmark.run(removalMark(id));
      context.invalidate({ kind: 'site', site: id });
      context.invalidate({ kind: 'standings', site: id });
      return true;
    },
  };
}

/** Removes up to COMMENTS comments, or STEP rows, of a site from the first table that still has some; tells how many. */
function createPurge(db: Database, search: Pick<SearchIndex, 'goes'>): (site: string) => number {
  const ids = (index: string, condition: string) =>
    db
      .prepare<[string, number], string>(
        `SELECT id FROM comments INDEXED BY ${index} WHERE site = ? AND ${condition} LIMIT ${BOUND_LIMIT}`,
      )
      .pluck();
  const live = ids('queue_all', 'deleted_at IS NULL');
  const deleted = ids('deleted_comments', 'deleted_at IS NOT NULL');
  const removeComment = db.prepare<[string]>('DELETE FROM comments WHERE id = ?');
  const removeHistory = db.prepare<[string]>('DELETE FROM history WHERE comment_id = ?');
  const removeReports = db.prepare<[string]>('DELETE FROM reports WHERE comment_id = ?');
  const removeVotes = db.prepare<[string]>('DELETE FROM votes WHERE comment_id = ?');
  const tables = [
    'marks',
    'tallies',
    'pages',
    'page_references',
    'aliases',
    'authors',
    'standings',
    'page_facts',
    'directory_todo',
    'wordlists',
    'learnt',
    'imports',
    'copies',
    'subscriptions',
    'identity_secrets',
    'identity_links',
  ].map((table) => db.prepare<[string]>(`DELETE FROM ${table} WHERE site = ? LIMIT ${STEP}`));
  const removeLessons = createLessonRemoval(db);
  const counters = db.prepare<[string, string]>(
    `DELETE FROM counters WHERE scope >= ? AND scope < ? LIMIT ${STEP}`,
  );
  const counter = db.prepare<[string]>('DELETE FROM counters WHERE scope = ?');

  return (site) => {
    const standing = live.all(site, COMMENTS);
    const found = [...standing, ...deleted.all(site, COMMENTS - standing.length)];
    for (const id of found) {
      removeHistory.run(id);
      removeReports.run(id);
      removeVotes.run(id);
      search.goes(id);
      removeComment.run(id);
    }
    if (found.length > 0) return found.length;
    const lessons = removeLessons(site, STEP);
    if (lessons > 0) return lessons;
    for (const statement of tables) {
      const { changes } = statement.run(site);
      if (changes > 0) return changes;
    }
    for (const kind of ['p', 'a']) {
      // '0' follows '/' in the order of bytes: the range is every scope that begins with kind/site/.
      const { changes } = counters.run(`${kind}/${site}/`, `${kind}/${site}0`);
      if (changes > 0) return changes;
    }
    return counter.run(siteScope(site)).changes;
  };
}
