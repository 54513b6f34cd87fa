import type { PublicComment } from '../../src/comments/public-comment.ts';
import type { ThreadView } from '../../src/http/pages/thread-view.ts';
import { threadLinks } from '../../src/http/pages/thread-view.ts';
import type { Policy } from '../../src/sites/policy.ts';
import { DEFAULT_POLICY } from '../../src/sites/policy.ts';
import { renderBody } from '../../src/text/markdown.ts';

/** A comment as readers get it; tests name only what they are about. */
export function aPublicComment(
  given: Partial<PublicComment> & { name?: string; text?: string } = {},
): PublicComment {
  const { name = 'Sara', text = 'Hello', ...rest } = given;
  return {
    id: '01hf0000000000000aaaaaaaaaaaaaa',
    legacyId: null,
    site: 'news',
    page: { url: 'https://news.example/a', title: 'A title', id: null },
    url: 'https://news.example/a#comment-01hf0000000000000aaaaaaaaaaaaaa',
    parentId: null,
    depth: 0,
    author: { key: null, name, url: null, avatar: null, moderator: false, verified: false, badge: null },
    body: { text, html: renderBody(text) },
    status: 'approved',
    createdAt: '2026-11-23T08:07:00.000Z',
    editedAt: null,
    votes: { up: 0, down: 0 },
    replies: [],
    replyCount: 0,
    pinned: false,
    deleted: false,
    ...rest,
  };
}

interface ViewParts {
  locale?: string;
  timeZone?: string;
  policy?: Partial<Policy>;
  comments?: PublicComment[];
  view?: Partial<ThreadView>;
}

/** A thread of those comments, on a page of a site with that locale. */
export function aThread({
  locale = 'en',
  timeZone = 'UTC',
  policy,
  comments = [],
  view,
}: ViewParts = {}): ThreadView {
  const page = { url: 'https://news.example/a', title: 'A title', id: null, linked: true };
  return {
    site: { id: 'news', name: 'The News', locale, timeZone, policy: { ...DEFAULT_POLICY, ...policy } },
    page,
    listing: { comments, total: comments.length, nextCursor: null, prevCursor: null },
    closed: false,
    replyTo: null,
    waiting: null,
    under: null,
    links: threadLinks('', 'news', page),
    offersReplies: false,
    shares: [],
    drawnAt: null,
    ...view,
  };
}
