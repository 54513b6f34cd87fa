import type { CommentDoc, TailOwner } from './comment-doc.ts';
import type { Database, Filter } from './database.ts';

/** Whose unfolded changes are asked for: whole sites, and single pages of sites. */
export interface Reach {
  sites: Set<string>;
  pages: Map<string, Set<string>>;
}

export const noReach = (): Reach => ({ sites: new Set(), pages: new Map() });

export function addPage(reach: Reach, site: string, page: string): void {
  const pages = reach.pages.get(site);
  if (pages) pages.add(page);
  else reach.pages.set(site, new Set([page]));
}

/** Events ride in the tail, too, and are no reader's of counters. */
const TAIL_ONLY = {
  site: 1,
  ancestors: 1,
  'author.key': 1,
  'tail.n': 1,
  'tail.page': 1,
  'tail.author': 1,
  'tail.before': 1,
  'tail.after': 1,
} as const;

/** The comments with changes that are not folded yet, as far as they may move counters within the reach. */
export async function readUnfolded(
  { comments }: Pick<Database, 'comments'>,
  reach: Reach,
): Promise<TailOwner[]> {
  const clauses: Filter<CommentDoc>[] = [];
  if (reach.sites.size > 0) clauses.push({ site: { $in: [...reach.sites] } });
  const others = [...reach.pages].filter(([site]) => !reach.sites.has(site));
  if (others.length > 0) {
    // A page's key is made from its site: no two sites share one.
    const pages = others.flatMap(([, keys]) => [...keys]);
    clauses.push({ site: { $in: others.map(([site]) => site) }, 'tail.page': { $in: pages } });
  }
  const found = await Promise.all(
    clauses.map((clause) =>
      comments
        .find({ work: true, ...clause })
        .project<TailOwner>(TAIL_ONLY)
        .hint('work')
        .batchSize(10_000)
        .toArray(),
    ),
  );
  // A comment on the move between two pages of the reach may come twice.
  return found.length === 1
    ? (found[0] ?? [])
    : [...new Map(found.flat().map((owner) => [owner._id, owner])).values()];
}
