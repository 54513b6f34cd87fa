import type { Database } from 'better-sqlite3';
import type { Found } from './verify-found.ts';

/** Aliases that lead on to no other alias and to no page: what is written there nobody finds. */
export function* wrongAliases(db: Database): Generator<Found> {
  const lost = db.prepare<[], { site: string; alias: string; page: string }>(
    `SELECT a.site, a.alias, a.page FROM aliases AS a
     WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE site = a.site AND alias = a.page)
       AND NOT EXISTS (SELECT 1 FROM page_references AS r JOIN pages AS p ON p.site = r.site AND p.key = r.key
         WHERE r.site = a.site AND r.reference = 'u:' || a.page)`,
  );
  for (const { site, alias, page } of lost.iterate())
    yield {
      difference: { what: 'alias', where: `${site} ${alias}`, kept: false, due: true },
      mending: { what: 'alias', site, page },
    };
}
