import type { Deps } from '../deps.ts';
import type { Principal } from '../staff/principal.ts';
import { findInScope } from './decide.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';
import { idsSimilarTo, MOST_SIMILAR } from './similar.ts';

export interface SimilarSlice {
  items: ModeratedComment[];
  total: number;
  totalCapped?: true;
  /** The id to go on from. */
  next: string | null;
}

/** A page of a comment's near copies, newest first. Throws `comment-not-found` out of scope too. */
export async function listSimilar(
  deps: Deps,
  principal: Principal,
  { id, from, limit }: { id: string; from?: string; limit: number },
): Promise<SimilarSlice> {
  const { comment } = await findInScope(deps, principal, id);
  const ids = await idsSimilarTo(deps, comment);
  const rest = from === undefined ? ids : ids.filter((one) => one < from);
  const page = rest.slice(0, limit);
  const found = new Map((await deps.comments.findMany(page)).map((one) => [one.id, one]));
  // What was erased between the two reads is left out.
  const comments = page.flatMap((one) => found.get(one) ?? []).filter(({ deletedAt }) => deletedAt === null);
  return {
    items: await presentModerated(deps, comments),
    ...(ids.length > MOST_SIMILAR ? { total: MOST_SIMILAR, totalCapped: true } : { total: ids.length }),
    next: rest.length > limit ? (page.at(-1) ?? null) : null,
  };
}
