import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { momentOfId } from '../ids.ts';
import { createPause } from '../pause.ts';
import type { Filter } from './filter.ts';
import { servesSite } from './filter.ts';

/** How often the store is asked for it, in milliseconds. */
const EVERY_MS = 50;
/** For what is done once the filters have answered. */
const MARGIN_MS = 1000;
/** A verdict's call has to be answered, too. */
const MOST_MS = 15_000;

export interface Awaited {
  commentId: string;
  /** The one that was judged, where that is said. */
  revision: number | undefined;
}

/** How long a text that the filter was asked about may take to be stored; 0 where it is asked about stored ones only. */
async function longestFor({ filters }: Pick<Deps, 'filters'>, { mode }: Filter): Promise<number> {
  if (mode === 'async') return 0;
  const all = await filters.all();
  const inLine = all.filter((one) => one.enabled && one.mode === 'sync');
  return Math.min(MOST_MS, MARGIN_MS + Math.max(0, ...inLine.map(({ deadlineMs }) => deadlineMs)));
}

/**
 * The comment that a verdict is on; null where there is none. A text is stored once all filters that are asked in line
 * have answered, and one that answered 202 may be done with its verdict before another has said its first word: what
 * may be on its way is waited for, at whichever instance.
 */
export async function findOnItsWay(
  deps: Pick<Deps, 'comments' | 'filters' | 'clock'>,
  filter: Filter,
  { commentId, revision }: Awaited,
): Promise<Comment | null> {
  const mayComeYet = (found: Comment | null): boolean =>
    found === null ||
    (found.revision + 1 === revision && found.deletedAt === null && servesSite(filter, found.site));
  let found = await deps.comments.find(commentId);
  if (!mayComeYet(found)) return found;
  const longest = await longestFor(deps, filter);
  // A comment's id is made before filters are asked about it; an edit's beginning is not known.
  const since = found === null ? deps.clock.now() - momentOfId(commentId) : 0;
  const until = performance.now() + Math.min(longest, longest - since);
  const { rest } = createPause();
  while (mayComeYet(found) && performance.now() < until) {
    await rest(EVERY_MS);
    found = await deps.comments.find(commentId);
  }
  return found;
}
