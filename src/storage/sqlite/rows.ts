import type { Actor, Comment, CommentAuthor, CommentStatus, PhaseOutcome } from '../../comments/comment.ts';
import { isTombstone, isVisible } from '../../comments/comment.ts';

/** Comments as rows, and back. The column names are written here and in migrations.ts only. */

/** A row of `comments` as far as it is a comment. */
export interface CommentRow {
  id: string;
  site: string;
  page_key: string;
  status: CommentStatus;
  open: number;
  version: number;
  revision: number;
  created_at: number;
  edited_at: number | null;
  deleted_at: number | null;
  parent_id: string | null;
  ancestors: string;
  reply_count: number;
  votes_up: number;
  votes_down: number;
  pinned: number;
  open_reports: number;
  risk: number;
  author_key: string | null;
  author_name: string | null;
  author_url: string | null;
  author_email: string | null;
  author_moderator: number;
  author_badge: string | null;
  decided_by: string | null;
  legacy_id: string | null;
  screening: string;
  text: string | null;
  html: string | null;
}

const COLUMN_NAMES: (keyof CommentRow)[] = [
  'id',
  'site',
  'page_key',
  'status',
  'open',
  'version',
  'revision',
  'created_at',
  'edited_at',
  'deleted_at',
  'parent_id',
  'ancestors',
  'reply_count',
  'votes_up',
  'votes_down',
  'pinned',
  'open_reports',
  'risk',
  'author_key',
  'author_name',
  'author_url',
  'author_email',
  'author_moderator',
  'author_badge',
  'decided_by',
  'legacy_id',
  'screening',
  'text',
  'html',
];

/** What a comment is selected by. */
export const COMMENT_COLUMNS = COLUMN_NAMES.join(', ');
/** What it is inserted by: its columns and those that only the store knows. */
export const INSERT_COLUMNS = [...COLUMN_NAMES, 'shown', 'duplicate_hash', 'duplicate_key', 'n'];

/**
 * How a statement binds its LIMIT. SQLite plans by a limit's value where it is a bare parameter, and so
 * prepares the whole statement anew each time one is bound (sqlite3ExprIsInteger in expr.c): several times
 * what the query costs. The plus sign hides the value from the planner; every list names its index anyway.
 */
export const BOUND_LIMIT = '+?';

/** A value as SQLite binds it. */
export type Bound = string | number | null;

export function rowOf(comment: Comment): CommentRow {
  return {
    id: comment.id,
    site: comment.site,
    page_key: comment.pageKey,
    status: comment.status,
    open: Number(comment.open),
    version: comment.version,
    revision: comment.revision,
    created_at: comment.createdAt,
    edited_at: comment.editedAt,
    deleted_at: comment.deletedAt,
    parent_id: comment.parentId,
    ancestors: comment.ancestors.join(' '),
    reply_count: comment.replyCount,
    votes_up: comment.votesUp,
    votes_down: comment.votesDown,
    pinned: Number(comment.pinned),
    open_reports: comment.openReports,
    risk: comment.risk,
    author_key: comment.author.key,
    author_name: comment.author.name,
    author_url: comment.author.url,
    author_email: comment.author.email,
    author_moderator: Number(comment.author.moderator),
    author_badge: comment.author.identity ? (comment.author.identity.badge ?? '') : null,
    decided_by: comment.decidedBy === null ? null : JSON.stringify(comment.decidedBy),
    legacy_id: comment.legacyId,
    screening: JSON.stringify(comment.screening),
    text: comment.text,
    html: comment.html,
  };
}

/** The columns in which a comment differs from what it was, with what they hold now. */
export function changedColumns(current: Comment, next: Comment): [column: string, value: Bound][] {
  // The screening is long, and a decision leaves it: it need not be written out to be compared.
  const isScreened = next.screening !== current.screening;
  const [before, after] = [current, next].map((one) => rowOf(isScreened ? one : { ...one, screening: [] }));
  if (!before || !after) return [];
  return COLUMN_NAMES.flatMap((name): [string, Bound][] =>
    after[name] === before[name] ? [] : [[name, after[name]]],
  );
}

export function commentOf(row: CommentRow): Comment {
  return {
    id: row.id,
    legacyId: row.legacy_id,
    site: row.site,
    pageKey: row.page_key,
    parentId: row.parent_id,
    ancestors: ancestorsOf(row),
    author: {
      key: row.author_key,
      name: row.author_name,
      url: row.author_url,
      email: row.author_email,
      moderator: row.author_moderator === 1,
      ...identityOf(row.author_badge),
    },
    text: row.text,
    html: row.html,
    status: row.status,
    decidedBy: row.decided_by === null ? null : (JSON.parse(row.decided_by) as Actor),
    version: row.version,
    revision: row.revision,
    createdAt: row.created_at,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    open: row.open === 1,
    replyCount: row.reply_count,
    votesUp: row.votes_up,
    votesDown: row.votes_down,
    pinned: row.pinned === 1,
    openReports: row.open_reports,
    risk: row.risk,
    screening: JSON.parse(row.screening) as PhaseOutcome[],
  };
}

/** Whether the site has signed the author in, from the column: see migrations/identities.ts. */
export const identityOf = (badge: string | null): Pick<CommentAuthor, 'identity'> =>
  badge === null ? {} : { identity: { badge: badge || null } };

export function ancestorsOf(row: Pick<CommentRow, 'ancestors'>): string[] {
  return row.ancestors === '' ? [] : row.ancestors.split(' ');
}

/** Whether the comment stands in the public lists: visible, or a tombstone. */
export function isShown(comment: Comment): boolean {
  return isVisible(comment) || isTombstone(comment);
}
