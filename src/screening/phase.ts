import type { EmailAddress } from '../authors/email.ts';
import type { Standing } from '../authors/standing.ts';
import type { PhaseOutcome } from '../comments/comment.ts';
import type { Site } from '../sites/site.ts';
import type { Past } from './past.ts';
import type { Matcher } from './wordlist/matcher.ts';

/** What phases may read. Each phase declares in its own signature which part of it it needs. */
export interface ScreeningInput extends Past {
  site: Site;
  /** Of the comment, new ones included. */
  id: string;
  /** The body as it will be stored: the author's own address is masked in it, as in the name. */
  body: string;
  name: string | null;
  url: string | null;
  /** For word lists alone; nothing of it may get into an outcome. */
  email: EmailAddress | null;
  /** Whether the site's people marked the author as one whose links and words need no look. */
  trusted: boolean;
  /** Whether the author's own address stood in the name, text or title before it was masked. */
  ownAddressShown: boolean;
  /** Whether the text as sent turned the direction of letters, which is gone in the text as stored. */
  turnedLetters: boolean;
  /** Whether the field that people do not see was filled in. */
  trapFilled: boolean;
  /** Milliseconds from the form's showing to its sending; null where nothing trustworthy said so. */
  elapsedMs: number | null;
  /** The site's word lists; null where it has none. */
  words: Matcher | null;
  /**
   * Who the author is to the site. `new` also where nobody asked whether they are known: only a site that
   * lets known authors through does.
   */
  standing: Standing;
  /** Whose name the author's is taken for; null for nobody's. */
  nameOf: 'moderator' | 'reserved' | null;
  /** Set when an edit is screened, absent for a new comment. */
  edit: boolean;
}

export type PhaseVerdict = Pick<PhaseOutcome, 'outcome' | 'code' | 'detail' | 'score' | 'matches'>;

/** One rule: pure, named as the contract names it. */
export interface Phase {
  name: string;
  judge(input: ScreeningInput): PhaseVerdict;
}

export const PASS: PhaseVerdict = { outcome: 'pass', code: null, detail: null, score: null };

/** What a rule does not look at, and why. */
export const skipped = (detail: string): PhaseVerdict => ({
  outcome: 'skipped',
  code: null,
  detail,
  score: null,
});

/** A person has to look; `matches` say where. */
export function hold(code: string, detail: string, matches?: PhaseOutcome['matches']): PhaseVerdict {
  return {
    outcome: 'hold',
    code,
    detail,
    score: null,
    ...(matches && { matches: matches.slice(0, MOST_MATCHES) }),
  };
}

/** Places shown of one phase: more would bury the text, and are kept with every comment. */
export const MOST_MATCHES = 20;

/** Places in a field as an outcome carries them. */
export function matchesIn(
  field: 'body' | 'name' | 'url',
  spans: readonly { start: number; end: number }[],
): NonNullable<PhaseOutcome['matches']> {
  return spans.map(({ start, end }) => ({ field, start, end, weight: 1 }));
}
