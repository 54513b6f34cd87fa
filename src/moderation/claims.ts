import type { Actor, Comment } from '../comments/comment.ts';
import type { QueueFilter } from '../comments/comment-store.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, seesSite } from '../staff/principal.ts';
import type { Claim } from './claim-store.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';
import { giveBack, tellOfClaims } from './return-claims.ts';
import { runningClaims } from './running-claims.ts';

/** Of several people who claim at once each reads so many comments at a time. */
const PAGE = 100;
export const MOST_CLAIMED = 100;
export const USUAL_LEASE_SECONDS = 600;

export interface ClaimRequest {
  filter: QueueFilter;
  limit: number;
  leaseSeconds: number;
}

export interface ClaimAnswer {
  items: ModeratedComment[];
  until: string;
}

/** Takes the oldest comments of the filter that nobody has, and tells the others. */
export async function claimComments(
  deps: Deps,
  principal: Principal,
  { filter, limit, leaseSeconds }: ClaimRequest,
): Promise<ClaimAnswer> {
  const by = actorOf(principal);
  const until = deps.clock.now() + leaseSeconds * 1000;
  const taken: Claim[] = [];
  for (let from: { id: string } | undefined; taken.length < limit; ) {
    const page = await deps.comments.queue({ ...filter, sort: 'oldest', from, limit: PAGE });
    const claims = await runningClaims(deps, page);
    const free = page.filter(({ id }) => !claims.has(id)).map((comment) => claimOf(comment, by, until));
    taken.push(...(await take(deps, free, limit - taken.length)));
    if (page.length < PAGE) break;
    from = page.at(-1);
  }
  await tellOfClaims(deps, taken, { by, until });
  return answer(deps, taken, until);
}

const claimOf = ({ id, site, version }: Comment, by: Actor, until: number): Claim => ({
  commentId: id,
  site,
  by,
  until,
  version,
});

async function take(deps: Deps, claims: Claim[], most: number): Promise<Claim[]> {
  if (claims.length === 0) return [];
  const ids = new Set(await deps.claims.take(claims, { now: deps.clock.now(), most }));
  return claims.filter(({ commentId }) => ids.has(commentId));
}

/** Those comments that stand as they were claimed: what changed in between has ended its claim. */
async function answer(deps: Deps, claims: Claim[], until: number): Promise<ClaimAnswer> {
  const standing = await stillClaimed(deps, claims);
  return { items: await presentModerated(deps, standing), until: timestamp(until) };
}

async function stillClaimed(deps: Deps, claims: Claim[]): Promise<Comment[]> {
  const found = await deps.comments.findMany(claims.map(({ commentId }) => commentId));
  const byId = new Map(found.map((comment) => [comment.id, comment]));
  return claims.flatMap(({ commentId, version }) => {
    const comment = byId.get(commentId);
    return comment?.deletedAt === null && comment.version === version ? [comment] : [];
  });
}

/** Puts off the end of all that the caller has. */
export async function renewClaims(
  deps: Deps,
  principal: Principal,
  leaseSeconds: number,
): Promise<ClaimAnswer> {
  const by = actorOf(principal);
  const now = deps.clock.now();
  const until = now + leaseSeconds * 1000;
  const held = await heldClaims(deps, principal, now);
  const standing = await stillClaimed(deps, held);
  const ids = standing.map(({ id }) => id);
  const renewed = new Set(ids.length === 0 ? [] : await deps.claims.renew(by.id, ids, { now, until }));
  const mine = held.filter(({ commentId }) => renewed.has(commentId));
  await tellOfClaims(deps, mine, { by, until });
  return answer(deps, mine, until);
}

/** Gives back those of the ids that the caller has, or, without ids, all. */
export async function releaseClaims(deps: Deps, principal: Principal, ids?: string[]): Promise<void> {
  const now = deps.clock.now();
  const asked = ids && new Set(ids);
  const held = await heldClaims(deps, principal, now);
  const mine = held.filter(({ commentId }) => asked === undefined || asked.has(commentId));
  await giveBack(deps, principal.id, mine);
}

async function heldClaims(deps: Deps, principal: Principal, now: number): Promise<Claim[]> {
  const held = await deps.claims.heldBy(principal.id, now);
  return held.filter(({ site }) => seesSite(principal, site));
}
