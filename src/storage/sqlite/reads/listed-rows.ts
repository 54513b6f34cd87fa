import type { Database, Statement } from 'better-sqlite3';
import type { Actor, Comment, CommentStatus, PhaseOutcome } from '../../../comments/comment.ts';
import { ancestorsOf, COMMENT_COLUMNS, identityOf } from '../rows.ts';

/** What moderators' lists are selected by, in the order of ListedRow. */
export const LISTED_COLUMNS: string = COMMENT_COLUMNS.split(', ')
  .map((column) => `comments.${column}`)
  .join(', ');

/** A whole comment's row as an array, which the driver makes in half the time of an object. */
export type ListedRow = [
  id: string,
  site: string,
  pageKey: string,
  status: CommentStatus,
  open: number,
  version: number,
  revision: number,
  createdAt: number,
  editedAt: number | null,
  deletedAt: number | null,
  parentId: string | null,
  ancestors: string,
  replyCount: number,
  votesUp: number,
  votesDown: number,
  pinned: number,
  openReports: number,
  risk: number,
  authorKey: string | null,
  authorName: string | null,
  authorUrl: string | null,
  authorEmail: Comment['author']['email'],
  authorModerator: number,
  authorBadge: string | null,
  decidedBy: string | null,
  legacyId: string | null,
  screening: string,
  text: string | null,
  html: string | null,
];

/** Reads comments by their numbers, in the order of these: a cross join is carried out as it is written. */
export function createNumbered(db: Database): (numbers: number[]) => Comment[] {
  const rows: Statement<[string], ListedRow> = db.prepare(
    `SELECT ${LISTED_COLUMNS} FROM json_each(?) AS wanted CROSS JOIN comments ON comments.n = wanted.value`,
  );
  rows.raw();
  return (numbers) => (numbers.length === 0 ? [] : rows.all(JSON.stringify(numbers)).map(listedOf));
}

export function listedOf(row: ListedRow): Comment {
  return {
    id: row[0],
    legacyId: row[25],
    site: row[1],
    pageKey: row[2],
    parentId: row[10],
    ancestors: ancestorsOf({ ancestors: row[11] }),
    author: {
      key: row[18],
      name: row[19],
      url: row[20],
      email: row[21],
      moderator: row[22] === 1,
      ...identityOf(row[23]),
    },
    text: row[27],
    html: row[28],
    status: row[3],
    decidedBy: row[24] === null ? null : (JSON.parse(row[24]) as Actor),
    version: row[5],
    revision: row[6],
    createdAt: row[7],
    editedAt: row[8],
    deletedAt: row[9],
    open: row[4] === 1,
    replyCount: row[12],
    votesUp: row[13],
    votesDown: row[14],
    pinned: row[15] === 1,
    openReports: row[16],
    risk: row[17],
    screening: JSON.parse(row[26]) as PhaseOutcome[],
  };
}
