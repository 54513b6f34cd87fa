import type { Comment, CommentAuthor, CommentStatus, HistoryEntry, Report } from '../../comments/comment.ts';
import { isReported } from '../../comments/comment.ts';
import type { Submission } from '../../comments/comment-store.ts';
import { type CountChange, type CounterDelta, deltasOf, type Standing } from '../../comments/counts.ts';
import type { CommentEvent } from '../../comments/event.ts';
import type { Tally } from '../../comments/tallies.ts';
import type { VoteValue } from '../../comments/vote-store.ts';
import { homeOfId } from '../../ids.ts';
import { marksOf } from '../../moderation/marks.ts';
import type { LearntText } from '../../screening/learner/features.ts';
import type { Said } from '../../screening/learner/lesson.ts';

/** What a change teaches, while it waits in the comment's tail; texts where there is a label. */
export type TailLesson = { label: Said | null } & Partial<LearntText>;

/**
 * A change that waits in its comment until it is folded: into the counters where standings differ, into
 * events and audit where it carries an event. Site, author and ancestors are the comment's own: they never
 * change.
 */
export interface TailEntry {
  /** The comment's `writes` after the write that made the change: what is folded is a prefix of the tail. */
  n: number;
  page: string;
  /** Where it is not the comment's author now: whose counters it moves. */
  author?: string | null;
  before: Standing;
  after: Standing;
  /** The instance that wrote it. */
  by: string;
  event?: CommentEvent;
  tallies?: Tally[];
  lesson?: TailLesson;
}

/** Where the moderators' queue keeps a comment. */
export type QueuePlace = CommentStatus | 'deleted';

/** A comment as MongoDB keeps it: with its history, and with what is still to be done about it. */
export interface CommentDoc extends Omit<Comment, 'id' | 'pageKey'> {
  _id: string;
  /** The second half of the shard key; also the id's end. */
  home: string;
  page: string;
  root: boolean;
  queue: QueuePlace;
  /** up − down. */
  score: number;
  duplicateKey: string;
  /** The greatest batch of the fold that moved `replyCount`. */
  replyBatch: number;
  history: HistoryEntry[];
  /** Missing, as `openReports` is, in what a build wrote that knew of none: see `reportsOf`. */
  reports?: Report[];
  /** Who votes, and how: keyed hashes of reader and address. Missing before the first vote. */
  voters?: { r: string; a: string; v: VoteValue }[];
  /** In the list of reported comments. Missing otherwise. */
  reported?: true;
  /** Rises with every write but the fold's; what a compare-and-set compares. */
  writes: number;
  tail: TailEntry[];
  /** There is a tail, or `carry`: the lease holder has work here. Missing otherwise. */
  work?: true;
  /** The folded words it is found by, filled in behind. Missing before, and once it is deleted. */
  words?: string[];
  /** The keys by which near copies find it (text/likeness.ts), filled in and taken away with the words. */
  likeness?: number[];
  /**
   * False: no near copy was found when the keys were filled in, and none came since. True: there is or was one.
   * Missing while that is not told, and in comments that an earlier program filled in.
   */
  near?: boolean;
  /** The words are not filled in, or not as they should be (search/due.ts). Missing otherwise. */
  wordsDue?: string;
  /** The import that has brought it. Missing in what was posted. */
  import?: string;
  /** What `phase=` and `reason=` find it by (moderation/marks.ts). Missing where there is none. */
  marks?: string[];
  /** `open` was changed and is not yet carried to the children; names that change. Missing otherwise. */
  carry?: string;
}

/** The mark of a comment that was never filled in. */
const NEW = 'new';

/** What moderators' lists leave out of a comment: near copies are told from its keys. */
export const LISTED = { history: 0, reports: 0, voters: 0, words: 0, tail: 0 } as const;

/** What reading a comment for the domain leaves out. */
export const WITHOUT_HISTORY = { ...LISTED, likeness: 0 } as const;

export type CommentRow = Omit<CommentDoc, keyof typeof LISTED>;

export const queuePlace = (comment: Pick<Comment, 'status' | 'deletedAt'>): QueuePlace =>
  comment.deletedAt === null ? comment.status : 'deleted';

/** Site and home stand in every write: they are what a sharded cluster finds the document by. */
export const shardOf = (site: string, id: string): { _id: string; site: string; home: string } => ({
  _id: id,
  site,
  home: homeOfId(id),
});

export interface NewCommentOptions extends Partial<Pick<CommentDoc, 'history' | 'reports'>> {
  duplicateKey: Submission['duplicateKey'];
  entry: Omit<TailEntry, 'n'>;
}

/** The document of a new comment. */
export function docOf(
  comment: Comment,
  { duplicateKey, entry, history = [], reports = [] }: NewCommentOptions,
): CommentDoc {
  const { id, pageKey, ...rest } = comment;
  const { screening, deletedAt } = comment;
  const marks = deletedAt === null ? marksOf({ screening, history, reports }) : [];
  return {
    _id: id,
    home: homeOfId(id),
    page: pageKey,
    root: comment.parentId === null,
    queue: queuePlace(comment),
    score: comment.votesUp - comment.votesDown,
    ...rest,
    duplicateKey,
    replyBatch: 0,
    history,
    reports,
    ...(isReported(comment) && { reported: true as const }),
    ...(deletedAt === null && { wordsDue: NEW }),
    ...(marks.length > 0 && { marks }),
    writes: 1,
    tail: [{ n: 1, ...entry }],
    work: true,
  };
}

export const reportsOf = ({ reports = [] }: Pick<CommentDoc, 'reports'>): Report[] => reports;

const author = ({ key, name, url, email, moderator, identity }: CommentAuthor): CommentAuthor => ({
  key,
  name,
  url,
  email,
  moderator,
  ...(identity && { identity }),
});

/** The comment of a row; `replyCount` as the row has it unless given. */
export function commentOf(row: CommentRow, replyCount: number = row.replyCount): Comment {
  return {
    id: row._id,
    legacyId: row.legacyId,
    site: row.site,
    pageKey: row.page,
    parentId: row.parentId,
    ancestors: row.ancestors,
    author: author(row.author),
    text: row.text,
    html: row.html,
    status: row.status,
    decidedBy: row.decidedBy,
    version: row.version,
    revision: row.revision,
    createdAt: row.createdAt,
    editedAt: row.editedAt,
    deletedAt: row.deletedAt,
    open: row.open,
    replyCount,
    votesUp: row.votesUp,
    votesDown: row.votesDown,
    pinned: row.pinned,
    openReports: row.openReports ?? 0,
    risk: row.risk,
    screening: row.screening,
  };
}

export type TailOwner = Pick<CommentDoc, '_id' | 'site' | 'ancestors' | 'tail'> & {
  author: Pick<CommentAuthor, 'key'>;
};

/** What an entry of a comment's tail moves. */
export function deltasOfEntry(owner: TailOwner, entry: TailEntry): CounterDelta[] {
  const change: CountChange = {
    site: owner.site,
    pageKey: entry.page,
    authorKey: entry.author === undefined ? owner.author.key : entry.author,
    ancestors: owner.ancestors,
    before: entry.before,
    after: entry.after,
  };
  return deltasOf(change);
}
