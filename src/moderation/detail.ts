import type { Actor, CommentStatus, HistoryAction, HistoryEntry } from '../comments/comment.ts';
import { presentComment, timestamp } from '../comments/present.ts';
import type { PublicComment } from '../comments/public-comment.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { Principal } from '../staff/principal.ts';
import { findInScope } from './decide.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';

export interface HistoryView {
  at: string;
  by: Actor;
  action: HistoryAction;
  from: CommentStatus;
  to: CommentStatus;
  reason: string | null;
  note: string | null;
  decisionId: string;
  undone: boolean;
}

/** One comment with everything a moderator may know of it. */
export interface CommentDetail extends ModeratedComment {
  /** Oldest first: every change of status and every person's act. */
  history: HistoryView[];
  parent: PublicComment | null;
  /** How many versions its text had, the current one included. */
  revisions: number;
}

const presentEntry = (entry: HistoryEntry): HistoryView => ({
  at: timestamp(entry.at),
  by: entry.by,
  action: entry.action,
  from: entry.from,
  to: entry.to,
  reason: entry.reason,
  note: entry.note,
  decisionId: entry.decisionId,
  undone: entry.undone,
});

/** Throws `comment-not-found` out of scope too. */
export async function describeComment(deps: Deps, principal: Principal, id: string): Promise<CommentDetail> {
  const { comment, site } = await findInScope(deps, principal, id);
  const [[moderated], history, parent, pages] = await Promise.all([
    presentModerated(deps, [comment]),
    deps.comments.history(id),
    comment.parentId === null ? null : deps.comments.find(comment.parentId),
    deps.sites.findPagesByKey(comment.site, [comment.pageKey]),
  ]);
  if (!moderated) throw new AppError('comment-not-found');
  return {
    ...moderated,
    // A filter's word that moved nothing stands in `screening`.
    history: history.filter(({ action, from, to }) => action !== 'verdict' || from !== to).map(presentEntry),
    parent: parent && presentComment(parent, { site, page: pages[0] ?? null, publicUrl: deps.publicUrl }),
    revisions: comment.revision,
  };
}
