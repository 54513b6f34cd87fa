import { isDeepStrictEqual } from 'node:util';
import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { isCoherent } from '../sites/coherence.ts';
import { mergePolicy } from '../sites/manage.ts';
import { DEFAULT_POLICY, type Policy, type PolicyPatch, RATE_LIMIT_CLASSES } from '../sites/policy.ts';
import { changeSite } from '../sites/respell-pages.ts';
import type { Site } from '../sites/site.ts';
import type { ProblemOfImport } from './legacy.ts';

/** A site's settings as a file tells them; its origins are where it stands, and stay behind. */
export interface SiteSettings extends Pick<Site, 'name' | 'locale' | 'timeZone'> {
  policy: PolicyPatch;
}

/** Checks them as a call's are checked; null where they are none. */
export type SettingsReader = (value: unknown) => Promise<SiteSettings | null>;

/** The settings of a site for its export, members in one order. */
export function settingsOf({ name, locale, timeZone, policy }: Site): object {
  const limits = RATE_LIMIT_CLASSES.flatMap((name) => {
    const limit = policy.rateLimits[name];
    return limit === undefined ? [] : [[name, limit] as const];
  });
  // A null would be taken for the default when it is read.
  const told = { ...policy, trapField: policy.trapField ?? '', rateLimits: Object.fromEntries(limits) };
  return { name, locale, timeZone, policy: mergePolicy(DEFAULT_POLICY, told) };
}

/** What a site has before anybody says something else. */
const DEFAULTS = { locale: 'en', timeZone: 'UTC', policy: DEFAULT_POLICY };

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What was said when the site was made stays; all that is as by default becomes as given. */
function taken(current: unknown, given: unknown, byDefault: unknown): unknown {
  if (!isMembers(current) || !isMembers(given) || !isMembers(byDefault))
    return isDeepStrictEqual(current, byDefault) ? given : current;
  const names = new Set([...Object.keys(current), ...Object.keys(given)]);
  const all = [...names].map((name) => [name, taken(current[name], given[name], byDefault[name])] as const);
  return Object.fromEntries(all.filter(([, value]) => value !== undefined));
}

export interface SettledSite {
  site: Site;
  /** What is to be said of the file's settings. */
  problem: ProblemOfImport | null;
}

export interface Settling {
  /** Unchecked; undefined where the file tells none. */
  told: unknown;
  read: SettingsReader;
  by: Actor;
  isDryRun: boolean;
}

type SettlingDeps = Pick<Deps, 'sites' | 'exports' | 'ids' | 'clock'>;

/**
 * Gives a site that nobody has changed since it was made the settings that the file tells, but for those that were
 * said when it was made. Doing it again changes nothing.
 */
export async function settleSite(deps: SettlingDeps, site: Site, settling: Settling): Promise<SettledSite> {
  const { told, read, by, isDryRun } = settling;
  if (told === undefined) return { site, problem: null };
  const given = await read(told);
  if (given === null) return { site, problem: 'invalid-settings' };
  const { name, locale, timeZone } = given;
  const wanted = { locale, timeZone, policy: mergePolicy(DEFAULT_POLICY, given.policy) };
  const settled = site.version > 1 ? site : await settle(deps, site, { name, wanted, by, isDryRun });
  const has = { locale: settled.locale, timeZone: settled.timeZone, policy: settled.policy };
  return { site: settled, problem: isDeepStrictEqual(has, wanted) ? null : 'settings-kept' };
}

interface Wanted extends Pick<Settling, 'by' | 'isDryRun'> {
  name: string;
  wanted: { locale: string; timeZone: string; policy: Policy };
}

async function settle(deps: SettlingDeps, site: Site, { name, wanted, by, isDryRun }: Wanted): Promise<Site> {
  const { locale, timeZone, policy, version } = site;
  const members = taken({ locale, timeZone, policy }, wanted, DEFAULTS) as Wanted['wanted'];
  // Nobody has given it a name yet.
  const patch = { ...members, name: site.name === site.id ? name : site.name };
  const next: Site = { ...site, ...patch };
  // What the site was made with and what the file says may each be right and contradict each other.
  if (!isCoherent(next.policy)) return site;
  if (isDryRun || isDeepStrictEqual(next, site)) return next;
  try {
    return await changeSite(deps, site.id, { ...patch, version }, by);
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'conflict')) throw error;
    // Somebody has set it up a moment ago.
    return (await deps.sites.find(site.id)) ?? site;
  }
}
