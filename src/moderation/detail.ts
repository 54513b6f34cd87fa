import type { Actor, Comment, CommentStatus, HistoryAction, HistoryEntry } from '../comments/comment.ts';
import { authorOf } from '../comments/own.ts';
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

/** One state of a comment's text: which, since when, and who wrote it; null where that stands in the audit alone. */
export interface RevisionView {
  revision: number;
  at: string;
  by: Actor | null;
}

/** One comment with everything a moderator may know of it. */
export interface CommentDetail extends ModeratedComment {
  /** Oldest first: every change of status and every person's act. */
  history: HistoryView[];
  parent: PublicComment | null;
  /** What its text went through, oldest first. The newest text is the one that is kept. */
  revisions: RevisionView[];
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

function revisionsOf(comment: Comment, history: HistoryEntry[]): RevisionView[] {
  const by = comment.author.moderator ? null : authorOf(comment);
  const first = { revision: 1, at: timestamp(comment.createdAt), by };
  const later = history.flatMap((entry) =>
    entry.revision == null ? [] : [{ revision: entry.revision, at: timestamp(entry.at), by: entry.by }],
  );
  return [first, ...later];
}

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
    revisions: revisionsOf(comment, history),
  };
}
