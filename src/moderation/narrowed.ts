import { setAuthorKeys } from '../authors/set-standings.ts';
import type { Standing } from '../authors/standing.ts';
import { standingsOf } from '../authors/standings.ts';
import type { Comment } from '../comments/comment.ts';
import type { QueueFilter } from '../comments/comment-store.ts';
import type { Deps } from '../deps.ts';
import type { Claim } from './claim-store.ts';
import { listedOf, readMany } from './listed.ts';
import type { CommentList, Sieve } from './lists.ts';
import { fewList, joinedList, listWithout, sievedList, storedList } from './lists.ts';
import { runningClaims } from './running-claims.ts';
import { similarUnder } from './similar.ts';

/** What the queue is narrowed by beyond what a store's own lists know: it is others' and ends with time. */
export interface Narrowing {
  /**
   * `mine`: those whose claim counts and is the caller's. `free`: those that nobody has, the caller
   * included: what is claimed is being dealt with.
   */
  claimed?: 'mine' | 'free';
  /** The author's, as it is shown with the comment. */
  standing?: Standing;
  /** A comment whose near copies are asked for. */
  similarTo?: string;
}

/** So many authors' own lists are merged; of more the queue is walked. */
const MOST_AUTHORS = 20;

export const isNarrowed = ({ claimed, standing, similarTo }: Narrowing): boolean =>
  claimed !== undefined || standing !== undefined || similarTo !== undefined;

/** The comments of a filter on which one of the claims counts. */
async function claimedOf(deps: Deps, claims: Claim[], filter: QueueFilter): Promise<Comment[]> {
  const versions = new Map(claims.map(({ commentId, version }) => [commentId, version]));
  const ids = claims.filter(({ site }) => filter.sites.includes(site)).map(({ commentId }) => commentId);
  const found = await readMany(deps, ids);
  const counting = found.filter(({ id, version }) => versions.get(id) === version);
  return listedOf(deps, counting, filter);
}

/** Keeps comments whose author has that standing. An author met again is not asked for again. */
function standingSieve(deps: Deps, standing: Standing): Sieve {
  const known = new Map<string, Standing>();
  const nameOf = ({ site, author }: Comment): string => `${site}/${author.key ?? ''}/${author.name ?? ''}`;

  async function learn(siteId: string, comments: Comment[]): Promise<void> {
    const site = await deps.sites.find(siteId);
    if (!site) return;
    const unknown = new Map(comments.map((one) => [nameOf(one), one.author]));
    for (const name of known.keys()) unknown.delete(name);
    const found = await standingsOf(deps, { site, whos: [...unknown.values()] });
    for (const [i, name] of [...unknown.keys()].entries()) known.set(name, found[i] ?? 'new');
  }

  return async (comments) => {
    const sites = new Set(comments.map(({ site }) => site));
    for (const site of sites)
      await learn(
        site,
        comments.filter((one) => one.site === site),
      );
    return comments.filter((one) => known.get(nameOf(one)) === standing);
  };
}

/** The comments of a filter whose authors have a standing. */
async function listOfStanding(
  deps: Deps,
  filter: QueueFilter,
  { standing, keep }: { standing: Standing; keep: Sieve },
): Promise<CommentList> {
  if (standing !== 'new' && standing !== 'known') {
    const held = await setAuthorKeys(deps, filter.sites, standing);
    const { authorKey } = filter;
    const keys = held.filter((key) => authorKey === undefined || key === authorKey);
    if (keys.length <= MOST_AUTHORS)
      return joinedList(keys.map((key) => storedList(deps, { ...filter, authorKey: key })));
  }
  return sievedList(storedList(deps, filter), keep);
}

/** Of a few comments those that the caller has claimed, or that nobody has. */
async function narrowedByClaim(
  deps: Deps,
  few: Comment[],
  { claimed, callerId }: { claimed: 'mine' | 'free'; callerId: string },
): Promise<Comment[]> {
  const claims = await runningClaims(deps, few);
  return few.filter(({ id }) => (claimed === 'free' ? !claims.has(id) : claims.get(id)?.by.id === callerId));
}

/** The queue under a filter and what else it is narrowed by, for one caller. */
export async function narrowedList(
  deps: Deps,
  filter: QueueFilter,
  { claimed, standing, similarTo, callerId }: Narrowing & { callerId: string },
): Promise<CommentList> {
  const keep = standing === undefined ? undefined : standingSieve(deps, standing);
  if (similarTo !== undefined) {
    const similar = await similarUnder(deps, similarTo, filter);
    const few = claimed ? await narrowedByClaim(deps, similar, { claimed, callerId }) : similar;
    return fewList(keep ? await keep(few) : few);
  }
  const ofClaims = async (claims: Claim[]): Promise<Comment[]> => {
    const comments = await claimedOf(deps, claims, filter);
    return keep ? keep(comments) : comments;
  };
  const now = deps.clock.now();
  if (claimed === 'mine') return fewList(await ofClaims(await deps.claims.heldBy(callerId, now)));
  const list =
    standing !== undefined && keep
      ? await listOfStanding(deps, filter, { standing, keep })
      : storedList(deps, filter);
  return claimed === 'free' ? listWithout(list, await ofClaims(await deps.claims.running(now))) : list;
}
