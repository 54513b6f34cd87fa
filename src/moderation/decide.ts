import type { CurrentState, Refusal } from '../comments/changes/plan.ts';
import type { DecideCommand, UndoCommand } from '../comments/commands.ts';
import type { Comment, DecisionAction } from '../comments/comment.ts';
import type { ChangeResult } from '../comments/comment-store.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { COMMENT_ID_LENGTH, commentOfDecision, isIdOf, SHORT_ID_LENGTH } from '../ids.ts';
import type { Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, seesSite } from '../staff/principal.ts';
import { countCharacters, normalizeLine, normalizeText } from '../text/normalize.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';
import { secondReviewOf } from './second-review.ts';

const NOTE_LIMIT = 1000;

export interface DecisionInput {
  action: DecisionAction;
  version?: number;
  reason?: string | null;
  note?: string | null;
}

export interface DecisionAnswer {
  comment: ModeratedComment;
  decisionId: string;
}

/** A comment within the caller's scope, with its site. Throws `comment-not-found`. */
export async function findInScope(
  deps: Deps,
  principal: Principal,
  id: string,
): Promise<{ comment: Comment; site: Site }> {
  const comment = await deps.comments.find(id);
  const site = comment && seesSite(principal, comment.site) ? await deps.sites.find(comment.site) : null;
  if (!comment || !site) throw new AppError('comment-not-found');
  return { comment, site };
}

/** What stands, as those are told who saw something else. */
export const presentCurrent = ({ status, version, by, at }: CurrentState) => ({
  status,
  version,
  by,
  at: timestamp(at),
});

/** The problem that a refused change is for its caller. */
export function problemOf(refusal: Refusal): AppError {
  switch (refusal.refused) {
    case 'not-found':
      return new AppError('not-found');
    case 'conflict':
      return new AppError('conflict', { extra: { current: presentCurrent(refusal.current) } });
    case 'not-counted':
    case 'repeated':
    case 'decided':
    case 'stale':
      // Only reports and verdicts are refused so, and acts that are sent again on purpose; to none it is a problem.
      throw new Error(`a decision was refused as ${refusal.refused}`);
    default:
      return new AppError(refusal.refused);
  }
}

export interface CheckedReasons {
  reason: string | null;
  note: string | null;
  errors: FieldError[];
}

type Note = Pick<CheckedReasons, 'note' | 'errors'>;

/** A person's note, as it will be stored, and what is wrong with it. */
export function checkNote(given: unknown): Note {
  const note = typeof given === 'string' ? normalizeText(given) : null;
  const errors: FieldError[] = [];
  if (typeof given === 'string' && note === null) errors.push({ pointer: '/note', code: 'invalid' });
  if (note !== null && countCharacters(note) > NOTE_LIMIT) {
    errors.push({ pointer: '/note', code: 'too-long', params: { limit: NOTE_LIMIT } });
  }
  return { note: note === '' ? null : note, errors };
}

/** What a person gives along with a decision, as it will be stored, and what is wrong with it: one of the sites must know the reason. */
export function checkReasons(sites: Site[], input: Pick<DecisionInput, 'reason' | 'note'>): CheckedReasons {
  const errors: FieldError[] = [];
  const reason = typeof input.reason === 'string' ? normalizeLine(input.reason) : null;
  const known = reason !== null && sites.some(({ policy }) => policy.reasons.includes(reason));
  if (typeof input.reason === 'string' && !known) errors.push({ pointer: '/reason', code: 'invalid' });
  const checked = checkNote(input.note);
  return { reason, note: checked.note, errors: [...errors, ...checked.errors] };
}

/** The comment after a change. Throws the problem of one that was refused. */
export async function presentChanged(deps: Deps, result: ChangeResult): Promise<ModeratedComment> {
  if (result.refused !== undefined) throw problemOf(result);
  // What was carried to the replies below may have moved replyCount, so the comment is read as it stands.
  const stored = (await deps.comments.find(result.next.id)) ?? result.next;
  const shown = stored.version === result.next.version ? stored : result.next;
  const [comment] = await presentModerated(deps, [shown]);
  if (!comment) throw new AppError('comment-not-found');
  return comment;
}

async function answer(deps: Deps, result: ChangeResult, decisionId: string): Promise<DecisionAnswer> {
  return { comment: await presentChanged(deps, result), decisionId };
}

/** An id for a decision about to be made; planned ahead so that a repeated request finds what it did. */
export function planDecisionId(deps: Pick<Deps, 'ids' | 'clock'>, commentId: string): string {
  return deps.ids.next(deps.clock.now()) + commentId;
}

/** A person decides. Of many at once on one version exactly one wins; the others get `conflict`. */
export async function decide(
  deps: Deps,
  principal: Principal,
  { id, decisionId, input }: { id: string; decisionId: string; input: DecisionInput },
): Promise<DecisionAnswer> {
  const { site } = await findInScope(deps, principal, id);
  const { reason, note, errors } = checkReasons([site], input);
  if (errors.length > 0) throw validationFailed(errors);
  const command: DecideCommand = {
    kind: 'decide',
    decisionId,
    at: deps.clock.now(),
    by: actorOf(principal),
    action: input.action,
    version: input.version,
    reason,
    note,
    secondReview: secondReviewOf([site]),
  };
  return answer(deps, await deps.comments.change(id, command), decisionId);
}

/** Takes a decision back: status and counts as before it, the version raised. */
export async function undo(
  deps: Deps,
  principal: Principal,
  { undoes, decisionId }: { undoes: string; decisionId: string },
): Promise<DecisionAnswer> {
  const id = commentOfUndo(undoes);
  const located = id === null ? null : await findInScope(deps, principal, id).catch(asNotFound);
  if (!located) throw new AppError('not-found');
  const command: UndoCommand = {
    kind: 'undo',
    decisionId,
    at: deps.clock.now(),
    by: actorOf(principal),
    undoes,
  };
  return answer(deps, await deps.comments.change(located.comment.id, command), decisionId);
}

/** The comment a decision id names, or null where it has not the shape of one. */
export function commentOfUndo(decisionId: string): string | null {
  if (!isIdOf(SHORT_ID_LENGTH + COMMENT_ID_LENGTH, decisionId)) return null;
  return commentOfDecision(decisionId);
}

function asNotFound(error: unknown): null {
  if (error instanceof AppError && error.code === 'comment-not-found') return null;
  throw error;
}
