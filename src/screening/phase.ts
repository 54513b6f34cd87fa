import type { PhaseOutcome } from '../comments/comment.ts';
import type { Site } from '../sites/site.ts';

/** What phases may read. Each phase declares in its own signature which part of it it needs. */
export interface ScreeningInput {
  site: Site;
  /** Whether the author's own address stood in the name, text or title before it was masked. */
  ownAddressShown: boolean;
  /** Set when an edit is screened, absent for a new comment. */
  edit: boolean;
}

export type PhaseVerdict = Pick<PhaseOutcome, 'outcome' | 'code' | 'detail' | 'score'>;

/** One rule: pure, named as the contract names it. */
export interface Phase {
  name: string;
  judge(input: ScreeningInput): PhaseVerdict;
}

export const PASS: PhaseVerdict = { outcome: 'pass', code: null, detail: null, score: null };
