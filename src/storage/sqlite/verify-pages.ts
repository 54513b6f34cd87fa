import type { Database } from 'better-sqlite3';
import type { Found } from './verify-found.ts';

/** Pages that comments stand on, or that an address or id leads to, and that are not there. */
export function* lostPages(db: Database): Generator<Found> {
  const lost = db.prepare<[], { site: string; key: string }>(
    `SELECT site, key FROM (
       SELECT DISTINCT site, page_key AS key FROM comments INDEXED BY queue_page WHERE deleted_at IS NULL
       UNION SELECT site, key FROM page_references
     ) AS known
     WHERE NOT EXISTS (SELECT 1 FROM pages WHERE site = known.site AND key = known.key)`,
  );
  for (const { site, key } of lost.iterate())
    yield {
      difference: { what: 'lost-page', where: `${site}/${key}`, kept: false, due: true },
      mending: { what: 'lost-page', site, key },
    };
}

/** Addresses and ids of pages that lead nowhere. */
export function* lostReferences(db: Database): Generator<Found> {
  const lost = db.prepare<[], { site: string; key: string; reference: string }>(
    `SELECT site, key, reference FROM (
       SELECT site, key, 'u:' || url AS reference FROM pages WHERE url IS NOT NULL
       UNION ALL SELECT site, key, 'i:' || page_id FROM pages WHERE page_id IS NOT NULL
     ) AS named
     WHERE NOT EXISTS (
       SELECT 1 FROM page_references WHERE site = named.site AND reference = named.reference)`,
  );
  for (const { site, key, reference } of lost.iterate())
    yield {
      difference: { what: 'reference', where: `${site}/${key} ${reference}`, kept: false, due: true },
      mending: { what: 'reference', site, key, reference },
    };
}
