import type { Comment } from '../comments/comment.ts';
import { createHashSet } from './hash-set.ts';
import type { KnownComment } from './import-store.ts';

/** A comment that a dry run would have written. */
export const WOULD_BE: KnownComment = { id: '', legacyId: null, createdAt: 0, ancestors: [], pageKey: '' };

/** What a comment says under an id that the file has used before. */
export type SaidAgain = 'the-same' | 'otherwise' | 'of-another-day';

/** What a dry run keeps of the comments that it would have written: seven bytes for each of three things. */
export interface WouldBe {
  keep(ref: string, comment: Pick<Comment, 'createdAt' | 'text'>): void;
  has(ref: string): boolean;
  /** Null for a ref that is new, or of which only that is kept. */
  saidAgain(ref: string, comment: { createdAt: number; text: string | null }): SaidAgain | null;
}

/** Of so many comments what they say is kept, so that a file of any size is looked through in little memory. */
const MOST_TOLD = 300_000;
/** Milliseconds. Moments are kept by the quarter of a day: two of less than a day are at most four apart. */
const QUARTER = 6 * 60 * 60 * 1000;
const OF_A_DAY = 4;

export function createWouldBe(most = MOST_TOLD): WouldBe {
  const refs = createHashSet();
  // Refs are lines of their own: neither kind of entry looks like the other.
  const told = createHashSet();
  const moment = (ref: string, quarter: number): string => `${ref}\nat ${quarter}`;
  const saying = (ref: string, text: string | null): string => `${ref}\nsays ${text ?? ''}`;
  const quarterOf = (at: number): number => Math.floor(at / QUARTER);

  function isOfDay(ref: string, createdAt: number): boolean {
    const first = quarterOf(createdAt) - OF_A_DAY;
    return Array.from({ length: 2 * OF_A_DAY + 1 }, (_, i) => first + i).some((quarter) =>
      told.has(moment(ref, quarter)),
    );
  }

  return {
    keep(ref, { createdAt, text }) {
      refs.add(ref);
      if (refs.size > most) return;
      told.add(moment(ref, quarterOf(createdAt)));
      told.add(saying(ref, text));
    },
    has: refs.has,
    saidAgain(ref, { createdAt, text }) {
      if (!refs.has(ref)) return null;
      if (isOfDay(ref, createdAt)) return told.has(saying(ref, text)) ? 'the-same' : 'otherwise';
      return refs.size > most ? null : 'of-another-day';
    },
  };
}
