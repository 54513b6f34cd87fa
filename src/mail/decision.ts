import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { decide, planDecisionId } from '../moderation/decide.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Moderator } from '../staff/moderator.ts';
import type { Principal } from '../staff/principal.ts';
import { moderatorOf } from './staff-of-site.ts';
import { type ActionLink, type MailAction, readActionToken } from './tokens.ts';

/** What the link of a mail would do, as things stand. */
export interface OfferedDecision {
  action: MailAction;
  comment: Comment;
  site: Site;
  page: Page | null;
  moderator: Moderator;
  /** Nobody has decided or changed it since the mail was written. */
  stands: boolean;
}

/** The link where it is one of ours, not over, and its moderator may still decide there. Throws `not-found`. */
async function openLink(deps: Deps, token: string): Promise<OfferedDecision & { link: ActionLink }> {
  const link = readActionToken(deps.keys, token);
  if (!link || link.until <= deps.clock.now()) throw new AppError('not-found');
  const { action, commentId, version } = link;
  const comment = await deps.comments.find(commentId);
  const site = comment && (await deps.sites.find(comment.site));
  if (!comment || !site || comment.deletedAt !== null) throw new AppError('not-found');
  const moderator = await moderatorOf(deps, { moderator: link.moderator, site: site.id });
  if (!moderator) throw new AppError('not-found');
  const [page = null] = await deps.sites.findPagesByKey(site.id, [comment.pageKey]);
  return { link, action, comment, site, page, moderator, stands: comment.version === version };
}

/** Changes nothing: programs that look at links before people do may look. Throws `not-found`. */
export async function readOffer(deps: Deps, token: string): Promise<OfferedDecision> {
  const { link: _, ...offer } = await openLink(deps, token);
  return offer;
}

export interface MailDecision extends OfferedDecision {
  /** False: somebody else was faster, or the comment is another by now; nothing was done. */
  done: boolean;
  /** The site wants two approvals, and this is the first. */
  isFirstOfTwo: boolean;
}

/**
 * Decides as the link says, in its moderator's name. A second time, and once somebody else has decided, nothing is
 * done. Throws `not-found`.
 */
export async function takeOffer(deps: Deps, token: string): Promise<MailDecision> {
  const { link, ...offer } = await openLink(deps, token);
  const { action, commentId: id, version, until } = link;
  const { id: who, name, role, sites } = offer.moderator;
  const principal: Principal = {
    ...{ kind: 'moderator', id: who, name, role, sites },
    ...{ expiresAt: until, session: null },
  };
  const decisionId = planDecisionId(deps, id);
  try {
    const { comment } = await decide(deps, principal, { id, decisionId, input: { action, version } });
    return { ...offer, done: true, isFirstOfTwo: action === 'approve' && comment.status !== 'approved' };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error;
    const now = (await deps.comments.find(id)) ?? offer.comment;
    return { ...offer, comment: now, stands: false, done: false, isFirstOfTwo: false };
  }
}
