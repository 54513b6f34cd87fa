/** What the service answers, as far as the widget reads it. A test compares it with the service's own types. */
export interface Comment {
  id: string;
  legacyId: string | null;
  parentId: string | null;
  depth: number;
  author: {
    name: string | null;
    url: string | null;
    avatar: string | null;
    moderator: boolean;
    /** The site vouches for the name; `badge` is its word on who that is. */
    verified: boolean;
    badge: string | null;
  } | null;
  body: { text: string; html: string } | null;
  status: string;
  createdAt: string;
  editedAt: string | null;
  votes: { up: number; down: number };
  replies?: Comment[];
  replyCount: number;
  repliesCursor?: string;
  pinned: boolean;
  deleted: boolean;
}

export type Field = 'name' | 'email' | 'url';
export type Sort = 'oldest' | 'newest' | 'top';

export interface Policy {
  locale: string;
  timeZone: string;
  requiredFields: Field[];
  limits: { name: number; email: number; url: number; title: number; body: number };
  bodyMin: number;
  maxDepth: number;
  moderation: string;
  closed: boolean;
  sort: Sort;
  votes: 'both' | 'up' | 'off';
  reports: boolean;
  authorUrl: boolean;
  identity: 'off' | 'optional' | 'required';
  feed: boolean;
  trapField: string | null;
  /** What outside filters are told of a commenter beside what is public. */
  shares: string[];
}

export interface Listing {
  /** The site's. */
  locale: string;
  comments: Comment[];
  total: number;
  nextCursor: string | null;
  prevCursor: string | null;
}

export interface FieldError {
  pointer?: string;
  code: string;
  detail: string;
}

export type VoteValue = 1 | 0 | -1;
