import { standingOf } from '../authors/standings.ts';
import type { Comment } from '../comments/comment.ts';
import { authorScope, NO_COUNTS } from '../comments/counts.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { linksIn } from '../screening/links.ts';
import { presentPage } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';

/** A comment that filters are asked about, with what it stands in. */
export interface AskedComment {
  comment: Comment;
  /** As it is on the page. */
  site: Site;
  page: Page | null;
  /** Null for a root, and where it is gone. */
  parentText: string | null;
  /** Milliseconds from the form's showing to its sending; null where that is not known (any more). */
  elapsedMs: number | null;
  /** Who sent it, where the request is at hand; looked at only for a filter that may know. */
  sender: (() => Sender) | null;
}

/** Where a comment was sent from. */
export interface Sender {
  ip: string;
  userAgent: string | null;
}

/** A comment as filters get it: never an address, nothing that could be led back to one. */
export function describeForFilters({ comment, site, page }: Pick<AskedComment, 'comment' | 'site' | 'page'>) {
  const { id, revision, author, text } = comment;
  return {
    commentId: id,
    revision,
    site: site.id,
    page: presentPage(site, page),
    author: { key: author.key, name: author.name, url: author.url },
    body: { text },
  };
}

const wasTrapped = ({ screening }: Comment): boolean =>
  screening.some(({ phase, outcome }) => phase === 'trap' && outcome === 'spam');

/** What the author did on the site before this comment. */
async function authorRecord(deps: Deps, { comment, site }: AskedComment) {
  const { key } = comment.author;
  if (key === null) return { standing: 'new', approved: 0, rejected: 0, spam: 0, firstAt: null };
  const scope = authorScope(site.id, key);
  const [standing, counts, [first]] = await Promise.all([
    standingOf(deps, site, comment.author),
    deps.comments.counts([scope]),
    deps.comments.queue({ sites: [site.id], status: 'all', authorKey: key, sort: 'oldest', limit: 1 }),
  ]);
  const { approved, rejected, spam } = counts.get(scope) ?? NO_COUNTS;
  return { standing, approved, rejected, spam, firstAt: first ? timestamp(first.createdAt) : null };
}

/** The body of `comment.check`, the contract's part 4. */
export async function checkMessage(deps: Deps, asked: AskedComment): Promise<object> {
  const { comment, site, parentText, elapsedMs } = asked;
  return {
    type: 'comment.check',
    timestamp: timestamp(deps.clock.now()),
    data: {
      ...describeForFilters(asked),
      parentId: comment.parentId,
      createdAt: timestamp(comment.createdAt),
      context: {
        locale: site.locale,
        edit: comment.revision > 1,
        parent: parentText === null ? null : { text: parentText },
        author: await authorRecord(deps, asked),
        links: linksIn(comment.text ?? '').length,
        elapsedMs,
        trap: wasTrapped(comment),
      },
    },
  };
}
