import type { SiteRecord } from './legacy.ts';
import { type AuthorPlaceParts, createAuthorPlacing } from './place-authors.ts';
import { createPagePlacing, type PagePlaceParts } from './place-pages.ts';
import { createWordlistPlacing, type WordlistPlaceParts } from './place-wordlists.ts';

/** What a file says apart from its comments, and the line that says it. */
export type PlacedRecord = SiteRecord & { line: number };

/** Writes what a file says of pages, authors and words. Doing it again changes nothing. */
export function createRecordPlacing(parts: PagePlaceParts & AuthorPlaceParts & WordlistPlaceParts) {
  const placePages = createPagePlacing(parts);
  const placeAuthors = createAuthorPlacing(parts);
  const placeWordlists = createWordlistPlacing(parts);
  return async (records: PlacedRecord[]): Promise<void> => {
    await placeWordlists(records.filter((record) => record.kind === 'wordlist'));
    await placePages(records.filter((record) => record.kind === 'page' || record.kind === 'alias'));
    await placeAuthors(records.filter((record) => record.kind === 'author'));
  };
}
