import type { Database } from 'better-sqlite3';
import type { Filter } from '../../../filters/filter.ts';
import type { Moderator } from '../../../staff/moderator.ts';
import type { BatchContext } from './batch-context.ts';

interface Row {
  id: string;
  body: string;
}

/**
 * Takes a site out of what names sites. What is of this site alone ends: tokens, filters and webhooks; accounts stay,
 * for a person. Gives the ids of those that ended and have deliveries.
 */
export function createScopeEnd(db: Database): (site: string, context: BatchContext) => string[] {
  // All are few, and read whole: nothing is ever asked for by its site but here.
  const naming = (table: 'filters' | 'moderators') =>
    db.prepare<[string], Row>(
      `SELECT id, body FROM ${table} t WHERE EXISTS (SELECT 1 FROM json_each(t.body, '$.sites') WHERE value = ?)`,
    );
  const filters = naming('filters');
  const moderators = naming('moderators');
  const write = (table: 'filters' | 'moderators') =>
    db.prepare<[number, string, string]>(`UPDATE ${table} SET version = ?, body = ? WHERE id = ?`);
  const writeFilter = write('filters');
  const writeModerator = write('moderators');
  const removeFilter = db.prepare<[string]>('DELETE FROM filters WHERE id = ?');
  const tokens = db.prepare<[string], { id: string; sites: string }>(
    'SELECT id, sites FROM tokens t WHERE EXISTS (SELECT 1 FROM json_each(t.sites) WHERE value = ?)',
  );
  const writeToken = db.prepare<[string, string]>('UPDATE tokens SET sites = ? WHERE id = ?');
  const removeToken = db.prepare<[string]>('DELETE FROM tokens WHERE id = ?');
  const removeWebhooks = db
    .prepare<[string], string>("DELETE FROM webhooks WHERE body ->> '$.site' = ? RETURNING id")
    .pluck();

  return (site, context) => {
    const without = (sites: string[]): string[] => sites.filter((one) => one !== site);
    const ended = removeWebhooks.all(site);
    for (const { id, sites } of tokens.all(site)) {
      const left = without(JSON.parse(sites) as string[]);
      if (left.length === 0) removeToken.run(id);
      else writeToken.run(JSON.stringify(left), id);
    }
    for (const { id, body } of filters.all(site)) {
      const filter = JSON.parse(body) as Filter;
      const next = { ...filter, sites: without(filter.sites), version: filter.version + 1 };
      if (next.sites.length > 0) writeFilter.run(next.version, JSON.stringify(next), id);
      else {
        removeFilter.run(id);
        ended.push(id);
      }
    }
    for (const { id, body } of moderators.all(site)) {
      const account = JSON.parse(body) as Moderator;
      const next = { ...account, sites: without(account.sites), version: account.version + 1 };
      writeModerator.run(next.version, JSON.stringify(next), id);
    }
    context.invalidate({ kind: 'tokens' });
    context.invalidate({ kind: 'filters' });
    return ended;
  };
}
