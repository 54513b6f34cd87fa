import type { Comment } from '../../src/comments/comment.ts';

/** A comment with everything ordinary; tests name only what they are about. */
export function aComment(given: Partial<Comment> = {}): Comment {
  return {
    id: '01hf0000000000000aaaaaaaaaaaaaa',
    legacyId: null,
    site: 'news',
    pageKey: 'aaaaaaaaaaaaa',
    parentId: null,
    ancestors: [],
    author: { key: 'k', name: 'Sara', url: null, email: null, moderator: false },
    text: 'Hello',
    html: '<p dir="auto">Hello</p>',
    status: 'pending',
    decidedBy: null,
    version: 1,
    revision: 1,
    createdAt: 1_700_000_000_000,
    editedAt: null,
    deletedAt: null,
    open: false,
    replyCount: 0,
    votesUp: 0,
    votesDown: 0,
    pinned: false,
    openReports: 0,
    risk: 0,
    screening: [],
    ...given,
  };
}

export const moderator = { kind: 'token', id: 't1', name: 'Desk' } as const;
