import { avatarUrl } from '../authors/avatar.ts';
import { presentPage } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';
import type { ShownComment } from './comment-store.ts';
import type { PublicComment } from './public-comment.ts';

/** A moment as answers carry it: RFC 3339, UTC, milliseconds. */
export const timestamp = (at: number): string => new Date(at).toISOString();

/** What a comment is shown in. */
export interface Place {
  site: Site;
  /** Null where its page is not known. */
  page: Page | null;
  /** Base of this service's links. */
  publicUrl: string;
}

/** The page as its comments show it. */
export const presentedPage = ({ site, page }: Place): PublicComment['page'] => presentPage(site, page);

/**
 * Makes comments of one page as answers show them: with their true status, nothing secret in them. `replies`
 * are added by those who list threads.
 */
export function createPresenter({ site, page, publicUrl }: Place): (comment: ShownComment) => PublicComment {
  const shownPage = presentPage(site, page);
  return (comment) => {
    const deleted = comment.deletedAt !== null;
    const { author } = comment;
    return {
      id: comment.id,
      legacyId: comment.legacyId,
      site: comment.site,
      page: shownPage,
      url: shownPage.url === null ? null : `${shownPage.url}#comment-${comment.id}`,
      parentId: comment.parentId,
      depth: comment.ancestors.length,
      author: deleted
        ? null
        : {
            key: author.key,
            name: author.name,
            url: site.policy.authorUrl ? author.url : null,
            avatar: site.policy.avatars ? avatarUrl(publicUrl, author.key) : null,
            moderator: author.moderator,
            verified: author.identity !== undefined,
            badge: author.identity?.badge ?? null,
          },
      body:
        comment.text === null || comment.html === null ? null : { text: comment.text, html: comment.html },
      status: comment.status,
      createdAt: timestamp(comment.createdAt),
      editedAt: comment.editedAt === null ? null : timestamp(comment.editedAt),
      votes: { up: comment.votesUp, down: comment.votesDown },
      replyCount: comment.replyCount,
      pinned: comment.pinned,
      deleted,
    };
  };
}

/** One comment as answers show it. */
export function presentComment(comment: ShownComment, place: Place): PublicComment {
  return createPresenter(place)(comment);
}

/** What its own author is told: `approved`, or `pending` for every other status. */
export function presentToAuthor(comment: ShownComment, place: Place): PublicComment {
  const shown = presentComment(comment, place);
  return { ...shown, status: comment.status === 'approved' ? 'approved' : 'pending' };
}
