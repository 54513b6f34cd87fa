import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Comment } from './comment.ts';

/** A comment with what it stands in. */
export interface LocatedComment {
  comment: Comment;
  site: Site;
  page: Page | null;
}

/** A comment by id with its site and page. Throws `comment-not-found`. */
export async function locateComment(deps: Deps, id: string): Promise<LocatedComment> {
  const comment = await deps.comments.find(id);
  const site = comment && (await deps.sites.find(comment.site));
  if (!comment || !site) throw new AppError('comment-not-found');
  const [page] = await deps.sites.findPagesByKey(comment.site, [comment.pageKey]);
  return { comment, site, page: page ?? null };
}
