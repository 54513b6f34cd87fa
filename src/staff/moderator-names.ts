import type { Deps } from '../deps.ts';
import type { Moderator } from './moderator.ts';
import { seesSite } from './principal.ts';
import type { StaffStore } from './staff-store.ts';

/** Milliseconds. What another instance writes is to be known within a second, and the accounts take a moment to read. */
const KEPT_MS = 800;
const AT_ONCE = 200;

interface Kept {
  at: number;
  /** Filled by site as sites ask; the same list until the accounts are read again. */
  bySite: Map<string, readonly string[]>;
  accounts: Promise<Pick<Moderator, 'name' | 'sites'>[]>;
}

const kept = new WeakMap<StaffStore, Kept>();

/** Names have changed through this instance: the next comment knows. */
export function forgetModeratorNames({ staff }: Pick<Deps, 'staff'>): void {
  kept.delete(staff);
}

async function readAccounts(staff: StaffStore): Promise<Pick<Moderator, 'name' | 'sites'>[]> {
  const found: Moderator[] = [];
  for (let before: string | undefined; ; before = found.at(-1)?.id) {
    const { items } = await staff.listModerators({ scope: null, before, limit: AT_ONCE });
    found.push(...items);
    if (items.length < AT_ONCE) break;
  }
  return found.filter(({ state }) => state !== 'disabled').map(({ name, sites }) => ({ name, sites }));
}

/**
 * The names that a site's moderators go by. From memory: the accounts are read again when they were read
 * a moment ago, however many comments come in.
 */
export async function moderatorNamesOf(
  { staff, clock }: Pick<Deps, 'staff' | 'clock'>,
  site: string,
): Promise<readonly string[]> {
  const now = clock.now();
  let known = kept.get(staff);
  if (!known || now - known.at >= KEPT_MS || now < known.at) {
    known = { at: now, bySite: new Map(), accounts: readAccounts(staff) };
    kept.set(staff, known);
  }
  const { bySite, accounts } = known;
  const names = bySite.get(site);
  if (names) return names;
  try {
    const found = (await accounts).filter((account) => seesSite(account, site)).map(({ name }) => name);
    bySite.set(site, found);
    return found;
  } catch (error) {
    // What could not be read is read again by whoever comes next.
    if (kept.get(staff) === known) kept.delete(staff);
    throw error;
  }
}
