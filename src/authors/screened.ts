import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { ScreeningInput } from '../screening/phase.ts';
import type { Site } from '../sites/site.ts';
import { moderatorNamesOf } from '../staff/moderator-names.ts';
import { nameGuardOf } from './name-guard.ts';
import type { Who } from './standings.ts';
import { setStandingOf, standingOf } from './standings.ts';

export type ScreenedAuthor = Pick<ScreeningInput, 'standing' | 'nameOf' | 'trusted'>;

/**
 * What screening has to know of an author. `site` is as it is on the comment's page. Where everybody waits
 * or nobody does it is told from memory; only a site that lets known authors through asks the store.
 */
export async function authorForScreening(
  deps: Pick<Deps, 'authors' | 'comments' | 'staff' | 'clock'>,
  site: Site,
  who: Who,
): Promise<ScreenedAuthor> {
  const { moderation } = site.policy;
  const asks = who.key !== null && (moderation === 'first' || moderation === 'unsure');
  const standing = asks
    ? await standingOf(deps, site, who)
    : ((await setStandingOf(deps, site.id, who.key)) ?? 'new');
  const moderators = await moderatorNamesOf(deps, site.id);
  return {
    standing,
    trusted: standing === 'trusted',
    nameOf: nameGuardOf(site, moderators).ownerOf(who.name),
  };
}

/** Tells a banned author so where the site's policy is to tell. Throws `author-banned`. */
export function assertWelcome(site: Site, { standing }: Pick<ScreenedAuthor, 'standing'>): void {
  if (standing === 'banned' && site.policy.banned === 'told') throw new AppError('author-banned');
}
