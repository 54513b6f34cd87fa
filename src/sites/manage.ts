import type { Actor } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { entryOf, SERVICE } from '../moderation/record.ts';
import { assertCoherent } from './coherence.ts';
import type { Policy, PolicyPatch } from './policy.ts';
import { DEFAULT_POLICY } from './policy.ts';
import type { Site } from './site.ts';

export interface NewSite {
  id: string;
  name: string;
  origins: string[];
  locale: string;
  timeZone: string;
  policy?: PolicyPatch | null;
}

export interface SitePatch {
  name?: string;
  origins?: string[];
  locale?: string;
  timeZone?: string;
  policy?: PolicyPatch | null;
  version?: number;
}

export type SiteView = Omit<Site, 'createdAt' | 'updatedAt'> & { createdAt: string; updatedAt: string };

export const presentSite = (site: Site): SiteView => ({
  ...site,
  createdAt: timestamp(site.createdAt),
  updatedAt: timestamp(site.updatedAt),
});

const isPlainObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value after a merge patch; null anywhere gives the default of that place back. */
function mergeValue(current: unknown, patch: unknown, fallback: unknown): unknown {
  if (patch === undefined) return current;
  if (patch === null) return fallback;
  if (!isPlainObject(patch) || !isPlainObject(current)) return patch;
  const merged: Record<string, unknown> = { ...current };
  const defaults = isPlainObject(fallback) ? fallback : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null && !(name in defaults)) delete merged[name];
    else merged[name] = mergeValue(current[name], value, defaults[name]);
  }
  return merged;
}

/** The policy after a patch that was checked already. */
export function mergePolicy(current: Policy, patch: PolicyPatch | null | undefined): Policy {
  return mergeValue(current, patch, DEFAULT_POLICY) as Policy;
}

/** A new site. Throws `already-exists`, and `validation-failed` for a policy that contradicts itself. `actId` is planned ahead by a request that may be repeated. */
export async function createSite(
  deps: Deps,
  given: NewSite,
  { by = SERVICE, actId }: { by?: Actor; actId?: string } = {},
): Promise<Site> {
  const now = deps.clock.now();
  const { policy, ...rest } = given;
  const site: Site = {
    ...rest,
    policy: mergePolicy(DEFAULT_POLICY, policy),
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
  assertCoherent(site.policy, policy);
  const { id, name } = site;
  const act = entryOf(deps, { by, action: 'site-created', site: id, note: name, id: actId });
  if (!(await deps.sites.create(site, { act }))) throw new AppError('already-exists');
  return site;
}

/** The site by id. Throws `site-not-found`. */
export async function findSite(deps: Pick<Deps, 'sites'>, id: string): Promise<Site> {
  const site = await deps.sites.find(id);
  if (!site) throw new AppError('site-not-found');
  return site;
}

const differs = (one: unknown, other: unknown): boolean => JSON.stringify(one) !== JSON.stringify(other);

/** The names of the settings in which two versions of a site differ, in words for the audit. */
function changedSettings(before: Site, after: Site): string | null {
  const members = (['name', 'origins', 'locale', 'timeZone'] as const).filter((name) =>
    differs(before[name], after[name]),
  );
  const names = Object.keys(after.policy) as (keyof Policy)[];
  const policies = names
    .filter((name) => differs(before.policy[name], after.policy[name]))
    .map((name) => `policy.${name}`);
  return [...members, ...policies].join(', ') || null;
}

const staleSite = (version: number): AppError =>
  new AppError('conflict', { extra: { current: { version } } });

/**
 * Changes a site. With a `version` that no longer stands: `conflict`; without one it applies to what is current. Throws
 * `validation-failed` for a policy that would contradict itself.
 */
export async function updateSite(
  deps: Pick<Deps, 'sites' | 'ids' | 'clock'>,
  id: string,
  patch: SitePatch,
  by: Actor = SERVICE,
): Promise<Site> {
  const { policy, version, ...members } = patch;
  for (;;) {
    // Not from memory, which another instance may be ahead of: its change would be written over.
    const current = await deps.sites.standing(id);
    if (!current) throw new AppError('site-not-found');
    const expected = current.version;
    if (version !== undefined && version !== expected) throw staleSite(expected);
    const next: Site = {
      ...current,
      ...Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
      policy: mergePolicy(current.policy, policy),
      version: expected + 1,
      updatedAt: deps.clock.now(),
    };
    assertCoherent(next.policy, policy);
    const note = changedSettings(current, next);
    const act = entryOf(deps, { by, action: 'site-updated', site: id, note });
    const result = await deps.sites.replace(next, expected, { act });
    if (result.replaced) return next;
    if (result.version === null) throw new AppError('site-not-found');
    if (version !== undefined) throw staleSite(result.version);
  }
}

/** Removes a site with everything in it but its audit. Throws `site-not-found`. */
export async function removeSite(deps: Deps, id: string, by: Actor = SERVICE): Promise<void> {
  const { name } = await findSite(deps, id);
  const act = entryOf(deps, { by, action: 'site-deleted', site: id, note: name });
  if (!(await deps.sites.remove(id, { act }))) throw new AppError('site-not-found');
}
