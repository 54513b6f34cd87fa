import type { CommentStatus } from './comment.ts';

/** A comment as readers get it. Shapes as in the contract, part 2. */
export interface PublicComment {
  id: string;
  legacyId: string | null;
  site: string;
  page: { url: string | null; title: string | null; id: string | null };
  /** The page's URL with the comment's anchor; null while the page's URL is unknown. */
  url: string | null;
  parentId: string | null;
  depth: number;
  author: {
    key: string | null;
    name: string | null;
    url: string | null;
    avatar: string | null;
    moderator: boolean;
    verified: boolean;
    badge: string | null;
  } | null;
  body: { text: string; html: string } | null;
  status: CommentStatus;
  /** RFC 3339 UTC with milliseconds. */
  createdAt: string;
  editedAt: string | null;
  votes: { up: number; down: number };
  replies?: PublicComment[];
  replyCount: number;
  repliesCursor?: string;
  pinned: boolean;
  deleted: boolean;
}
