import type { Comment } from '../comments/comment.ts';
import type { QueueFilter } from '../comments/comment-store.ts';
import type { Deps } from '../deps.ts';
import { listedOf, readMany } from './listed.ts';

/** What is said of one comment beside others goes no further; its own list tells the rest. */
const MOST_COUNTED = 100;
/** Near copies of one comment are told this far. */
export const MOST_SIMILAR = 10_000;

/** How many near copies each comment has on its site, by id counted to MOST_COUNTED. */
export async function countSimilar(
  { similar }: Pick<Deps, 'similar'>,
  comments: Comment[],
): Promise<Map<string, number>> {
  const counts = await similar.count(comments, MOST_COUNTED);
  return new Map(comments.map(({ id }, i) => [id, counts[i] ?? 0]));
}

/** The ids of a comment's near copies, newest first, one more than MOST_SIMILAR at most. */
export async function idsSimilarTo({ similar }: Pick<Deps, 'similar'>, comment: Comment): Promise<string[]> {
  return similar.list(comment, MOST_SIMILAR + 1);
}

/** A comment's near copies that the queue lists under a filter; of a comment that is of no site of it there are none. */
export async function similarUnder(
  deps: Pick<Deps, 'similar' | 'comments' | 'sites'>,
  id: string,
  filter: QueueFilter,
): Promise<Comment[]> {
  const comment = await deps.comments.find(id);
  if (!comment || !filter.sites.includes(comment.site)) return [];
  return listedOf(deps, await readMany(deps, await idsSimilarTo(deps, comment)), filter);
}
