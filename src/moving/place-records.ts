import type { SiteRecord } from './legacy.ts';
import { type AuthorPlaceParts, createAuthorPlacing } from './place-authors.ts';
import { createPagePlacing, type PagePlaceParts } from './place-pages.ts';

/** What a file says apart from its comments, and the line that says it. */
export type PlacedRecord = SiteRecord & { line: number };

/** Writes what a file says of pages and authors. Doing it again changes nothing. */
export function createRecordPlacing(parts: PagePlaceParts & AuthorPlaceParts) {
  const placePages = createPagePlacing(parts);
  const placeAuthors = createAuthorPlacing(parts);
  return async (records: PlacedRecord[]): Promise<void> => {
    await placePages(records.filter((record) => record.kind !== 'author'));
    await placeAuthors(records.filter((record) => record.kind === 'author'));
  };
}
