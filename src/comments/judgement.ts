import type { CommentStatus, PhaseOutcome } from './comment.ts';

/** How an outcome weighs on the status. */
export type Effect = 'pass' | 'hold' | 'spam' | 'reject';

/** The status that each effect asks for, the mildest first. */
const STATUS_OF = {
  pass: 'approved',
  hold: 'pending',
  spam: 'spam',
  reject: 'rejected',
} as const satisfies Record<Effect, CommentStatus>;
const SEVERITY: readonly CommentStatus[] = Object.values(STATUS_OF);

/**
 * What an outcome asks for. A rule that broke must not publish what it could not judge; of a filter that has
 * not answered, or failed, its admin said how that counts.
 */
export function effectOf({ outcome, filter }: Pick<PhaseOutcome, 'outcome' | 'filter'>): Effect {
  switch (outcome) {
    case 'skipped':
      return 'pass';
    case 'waiting':
    case 'error':
      return filter?.onFailure === 'publish' ? 'pass' : 'hold';
    default:
      return outcome;
  }
}

/** The harder of two statuses that screening gives. */
export function worse(one: CommentStatus, other: CommentStatus): CommentStatus {
  return SEVERITY.indexOf(other) > SEVERITY.indexOf(one) ? other : one;
}

export interface Judgement {
  status: CommentStatus;
  /** The greatest score, 0 without one. */
  risk: number;
}

/** What all phases together make of a comment: the worst of what they ask for. */
export function judge(screening: readonly PhaseOutcome[]): Judgement {
  let status: CommentStatus = 'approved';
  let risk = 0;
  for (const outcome of screening) {
    status = worse(status, STATUS_OF[effectOf(outcome)]);
    risk = Math.max(risk, outcome.score ?? 0);
  }
  return { status, risk };
}
