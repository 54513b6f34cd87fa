import type { Deps } from '../deps.ts';
import type { Moderator } from '../staff/moderator.ts';
import { seesSite } from '../staff/principal.ts';

const AT_ONCE = 200;

/** Everybody who can sign in, however many sites they see. */
export async function activeStaff({ staff }: Pick<Deps, 'staff'>): Promise<Moderator[]> {
  const found: Moderator[] = [];
  for (let before: string | undefined; ; before = found.at(-1)?.id) {
    const { items } = await staff.listModerators({ scope: null, ...(before && { before }), limit: AT_ONCE });
    found.push(...items);
    if (items.length < AT_ONCE) break;
  }
  return found.filter(({ state }) => state === 'active');
}

/** Somebody who may decide on comments of the site at this moment; null for who no longer may. */
export async function moderatorOf(
  { staff }: Pick<Deps, 'staff'>,
  { moderator: id, site }: { moderator: string; site: string },
): Promise<Moderator | null> {
  const moderator = await staff.findModerator(id);
  return moderator?.state === 'active' && seesSite(moderator, site) ? moderator : null;
}
