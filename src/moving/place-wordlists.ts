import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { checkTerms, MOST_TERM, MOST_TERMS, replaceWordlists } from '../screening/edit-wordlists.ts';
import type { Site } from '../sites/site.ts';
import { countCharacters } from '../text/normalize.ts';
import type { SiteRecord } from './legacy.ts';
import { lineOf } from './stored-lines.ts';
import type { ImportTally } from './tally-import.ts';

type WordlistRecord = Extract<SiteRecord, { kind: 'wordlist' }> & { line: number };

export interface WordlistPlaceParts {
  deps: Pick<Deps, 'wordlists' | 'ids' | 'clock'>;
  site: Site;
  tally: ImportTally;
  by: Actor;
  isDryRun: boolean;
}

/** As a call's are: lines in their normal form. What is too long stays so, and is refused. */
const stored = (terms: string[]): string[] => terms.map((term) => lineOf(term, MOST_TERM + 1) ?? '');

const fits = ({ hold, reject }: Pick<WordlistRecord, 'hold' | 'reject'>): boolean =>
  [hold, reject].every(
    (terms) => terms.length <= MOST_TERMS && terms.every((term) => countCharacters(term) <= MOST_TERM),
  );

/** Sets the word lists of a site that never had any. What somebody has set here stays. */
export function createWordlistPlacing({ deps, site, tally, by, isDryRun }: WordlistPlaceParts) {
  /** By a dry run: of two in one file the first counts. */
  let wouldBeSet = false;

  return async (records: WordlistRecord[]): Promise<void> => {
    for (const { hold, reject, ...rest } of records) {
      const record = { ...rest, hold: stored(hold), reject: stored(reject) };
      if (!fits(record)) tally.problem(record.line, null, 'invalid-terms');
      else if (!wouldBeSet && (await deps.wordlists.find(site.id)) === null) await set(record);
    }
  };

  async function set({ hold, reject, line }: WordlistRecord): Promise<void> {
    try {
      if (isDryRun) {
        await checkTerms({ hold, reject });
        wouldBeSet = hold.length + reject.length > 0;
      } else await replaceWordlists(deps, site, { hold, reject, by, version: 0 });
    } catch (error) {
      const code = error instanceof AppError ? error.code : null;
      if (code === 'validation-failed') tally.problem(line, null, 'invalid-terms');
      // Somebody set them a moment ago.
      else if (code !== 'conflict') throw error;
    }
  }
}
