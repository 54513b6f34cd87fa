import type { LiveEvents } from '../api/live.ts';
import { listen } from '../api/live.ts';
import { refreshCounts, takeCounts } from '../counts.ts';
import { acts } from './acts.ts';
import { fits, fitsNew, fitsUnseen } from './filter.ts';
import * as list from './list.ts';

function takeComment(comment: LiveEvents['comment']): void {
  if (list.refresh(comment)) return;
  const filter = list.shownFilter();
  const belongs = filter !== null && fitsNew(filter, comment);
  // An open end takes it in by itself; anything else would move under the moderator's hands.
  const goesLast = filter?.sort === '' || filter?.sort === 'oldest';
  if (belongs && goesLast && list.isWhole()) list.append(comment);
  else list.noteLate(comment.id, belongs);
}

/**
 * What a colleague brings back, as by an undo, belongs to the list again. Only of a whole list is it known that it
 * was not there; of a longer one it may stand further on.
 */
function takeReturn({ commentId, status }: LiveEvents['decision']): void {
  const filter = list.shownFilter();
  if (!filter || !fits(filter, { status })) list.noteLate(commentId, false);
  else if (list.isWhole() && fitsUnseen(filter)) list.noteLate(commentId, true);
}

function takeDecision(told: LiveEvents['decision']): void {
  const { commentId, status, version, by, at, decisionId, batchId } = told;
  const isOurs = acts
    .peek()
    .some(
      (act) =>
        act.decisionId === decisionId ||
        (act.state === 'undoing' && act.commentId === commentId) ||
        (batchId !== null && act.batchIds.includes(batchId)),
    );
  if (!isOurs) takeReturn(told);
  list.update(commentId, (row) => {
    if (version <= row.comment.version) return row;
    const { secondReview } = row.comment;
    const first = told.action === 'approve' ? by : null;
    const review = secondReview && status !== 'approved' ? { first } : null;
    const comment = { ...row.comment, status, version, decidedBy: by, claim: null, secondReview: review };
    const filter = list.shownFilter();
    const stays = filter !== null && fits(filter, comment);
    return { comment, gone: stays || isOurs ? null : { by, status, at } };
  });
}

function takeClaim({ ids, by, until }: LiveEvents['claim']): void {
  for (const id of ids) {
    list.update(id, (row) => ({
      ...row,
      comment: { ...row.comment, claim: until === null ? null : { by, until } },
    }));
  }
}

function takeDeletion(id: string): void {
  list.noteLate(id, false);
  list.update(id, (row) => ({
    comment: { ...row.comment, deleted: true },
    gone: { by: null, status: 'deleted', at: new Date().toISOString() },
  }));
}

/** Shows what happens on a site, or on all, while the queue is open; ends by the returned function. */
export function follow(site: string): () => void {
  return listen(site === '' ? null : site, (kind, data) => {
    switch (kind) {
      case 'comment':
        return takeComment(data as LiveEvents['comment']);
      case 'decision':
        return takeDecision(data as LiveEvents['decision']);
      case 'claim':
        return takeClaim(data as LiveEvents['claim']);
      case 'deleted':
        return takeDeletion((data as LiveEvents['deleted']).commentId);
      case 'counts':
        return takeCounts(data as LiveEvents['counts']);
      case 'import':
        // Its comments have no events of their own; the counts come by themselves.
        return undefined;
      default:
        refreshCounts();
        void list.reload();
    }
  });
}
