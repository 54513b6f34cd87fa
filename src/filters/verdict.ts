import type { CommentStatus } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import { COMMENT_ID_LENGTH, isIdOf } from '../ids.ts';
import type { Word } from './answer.ts';
import { spokenOutcome } from './answer.ts';
import type { Filter } from './filter.ts';
import { filterActor, servesSite } from './filter.ts';
import { findOnItsWay } from './on-its-way.ts';

/** A verdict as a filter sends it. */
export interface VerdictInput extends Word {
  commentId: string;
  /** The revision that was judged; absent: the current one. */
  revision?: number;
}

export interface VerdictAnswer {
  applied: boolean;
  /** Why it was not. */
  cause?: 'decided' | 'stale' | 'deleted';
  comment: { id: string; status: CommentStatus; version: number };
}

export interface GivenVerdict {
  filter: Filter;
  input: VerdictInput;
  /** Planned ahead, so that a verdict that is sent again is known. */
  decisionId: string;
  /** The message's own moment, in seconds. */
  signedAt: number;
}

/** Throws `comment-not-found`, also for a comment that is none of the filter's business. */
async function findJudged(deps: Deps, filter: Filter, { commentId, revision }: VerdictInput) {
  const isId = isIdOf(COMMENT_ID_LENGTH, commentId);
  const comment = isId ? await findOnItsWay(deps, filter, { commentId, revision }) : null;
  if (!comment || !servesSite(filter, comment.site)) throw new AppError('comment-not-found');
  return comment;
}

/**
 * A filter's word on a comment, given later. It takes the place of what the filter's phase said before, and the
 * status is computed anew; where a person has decided, nothing changes.
 *
 * @throws AppError `comment-not-found`; `validation-failed` for a revision that never was.
 */
export async function applyVerdict(
  deps: Deps,
  { filter, input, decisionId, signedAt }: GivenVerdict,
): Promise<VerdictAnswer> {
  const { commentId, revision, ...word } = input;
  const comment = await findJudged(deps, filter, input);
  if (revision !== undefined && revision > comment.revision)
    throw validationFailed([{ pointer: '/revision', code: 'out-of-range' }]);
  const result = await deps.comments.change(commentId, {
    kind: 'verdict',
    decisionId,
    at: deps.clock.now(),
    by: filterActor(filter),
    ...(revision !== undefined && { revision }),
    outcome: spokenOutcome(filter, word, { ms: 0, signedAt }),
  });
  if (result.refused === undefined) {
    const { id, status, version } = result.next;
    return { applied: true, comment: { id, status, version } };
  }
  switch (result.refused) {
    case 'repeated':
      return {
        applied: true,
        comment: { id: commentId, status: result.entry.to, version: result.entry.version },
      };
    case 'decided':
    case 'stale':
      return notApplied(deps, commentId, result.refused);
    case 'comment-deleted':
      return notApplied(deps, commentId, 'deleted');
    default:
      throw new AppError('comment-not-found');
  }
}

async function notApplied(
  deps: Deps,
  id: string,
  cause: NonNullable<VerdictAnswer['cause']>,
): Promise<VerdictAnswer> {
  const comment = await deps.comments.find(id);
  if (!comment) throw new AppError('comment-not-found');
  return { applied: false, cause, comment: { id, status: comment.status, version: comment.version } };
}

/** What a verdict that was cut off had come to; null where it never came to anything. */
export async function findVerdict(
  deps: Pick<Deps, 'comments'>,
  { commentId, decisionId }: { commentId: string; decisionId: string },
): Promise<VerdictAnswer | null> {
  const entry = (await deps.comments.history(commentId)).find((one) => one.decisionId === decisionId);
  return entry
    ? { applied: true, comment: { id: commentId, status: entry.to, version: entry.version } }
    : null;
}
