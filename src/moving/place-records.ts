import type { ProblemOfImport, SiteRecord } from './legacy.ts';
import { type AuthorPlaceParts, createAuthorPlacing } from './place-authors.ts';
import { createPagePlacing, type PagePlaceParts } from './place-pages.ts';
import { createWordlistPlacing, type WordlistPlaceParts } from './place-wordlists.ts';

/** What a file says apart from its comments, and the line that says it. */
export type PlacedRecord = SiteRecord & { line: number };

export interface RecordPlaceParts extends PagePlaceParts, AuthorPlaceParts, WordlistPlaceParts {
  deps: PagePlaceParts['deps'] & AuthorPlaceParts['deps'] & WordlistPlaceParts['deps'];
  /** What is to be said of the file's settings, which the site has by now or will not get. */
  ofSettings: ProblemOfImport | null;
}

/** Writes what a file says of pages, authors and words. Doing it again changes nothing. */
export function createRecordPlacing(parts: RecordPlaceParts) {
  const { tally, ofSettings } = parts;
  const placePages = createPagePlacing(parts);
  const placeAuthors = createAuthorPlacing(parts);
  const placeWordlists = createWordlistPlacing(parts);
  return async (records: PlacedRecord[]): Promise<void> => {
    if (ofSettings !== null)
      for (const { kind, line } of records) if (kind === 'settings') tally.problem(line, null, ofSettings);
    await placeWordlists(records.filter((record) => record.kind === 'wordlist'));
    await placePages(records.filter((record) => record.kind === 'page' || record.kind === 'alias'));
    await placeAuthors(records.filter((record) => record.kind === 'author'));
  };
}
