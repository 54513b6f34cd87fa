import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { recordAct } from '../moderation/record.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, coversSites, scopeOf } from '../staff/principal.ts';
import { newWebhookSecret } from '../webhooks/signature.ts';
import type { Filter, FilterEvent } from './filter.ts';
import { DEADLINE } from './filter.ts';
import { sealSecret, secretsOf } from './secret.ts';

/** What an admin says of a new filter; what is absent is as usual. */
export interface NewFilter {
  name: string;
  url: string;
  mode?: Filter['mode'];
  deadlineMs?: number;
  onFailure?: Filter['onFailure'];
  thresholds?: Filter['thresholds'];
  events?: FilterEvent[];
  sites?: string[];
  enabled?: boolean;
}

/** RFC 7396: absent keeps, null gives the usual back. */
export type FilterPatch = {
  [Member in keyof NewFilter]?: NewFilter[Member] | (Member extends 'name' | 'url' ? never : null);
} & { version?: number };

/** How long a secret that was replaced still signs and is accepted, in milliseconds. */
export const FORMER_SECRET_FOR = 24 * 60 * 60 * 1000;

const USUAL = {
  mode: 'sync',
  deadlineMs: DEADLINE.usual,
  onFailure: 'hold',
  thresholds: null,
  events: ['comment.check', 'comment.decided'],
  enabled: true,
} as const;

/** Sites of a caller who names none: all that they have. */
const usualSites = (principal: Principal): string[] => [...principal.sites];

async function urlErrors(deps: Deps, url: string | undefined): Promise<FieldError[]> {
  const code = url === undefined ? null : await deps.outgoing.check(url);
  return code === null ? [] : [{ pointer: '/url', code }];
}

/** Sites that are not there, each at its place. */
async function siteErrors(deps: Deps, sites: string[] | undefined): Promise<FieldError[]> {
  const found = await Promise.all(
    (sites ?? []).map(async (site, i): Promise<FieldError[]> => {
      const known = site === '*' || (await deps.sites.find(site)) !== null;
      return known ? [] : [{ pointer: `/sites/${i}`, code: 'invalid' }];
    }),
  );
  return found.flat();
}

async function assertRight(deps: Deps, { url, sites }: { url?: string; sites?: string[] }): Promise<void> {
  const errors = [...(await urlErrors(deps, url)), ...(await siteErrors(deps, sites))];
  if (errors.length > 0) throw validationFailed(errors);
}

/** Which filter it was, in words; one of a single site is in that site's audit. */
function record(
  deps: Deps,
  action: 'filter-created' | 'filter-changed' | 'filter-deleted' | 'filter-rotated' | 'filter-replayed',
  { principal, filter, note, id }: { principal: Principal; filter: Filter; note?: string; id?: string },
): Promise<void> {
  const [only = '*', ...others] = filter.sites;
  return recordAct(deps, {
    by: actorOf(principal),
    action,
    site: others.length === 0 && only !== '*' ? only : null,
    subject: filter.id,
    note: note === undefined ? filter.name : `${filter.name}: ${note}`,
    ...(id !== undefined && { id }),
  });
}

/**
 * Makes a filter. `id` and `secret` are chosen by the caller so that a repeated request can name them again.
 *
 * @throws AppError `forbidden` beyond the caller's own sites, `already-exists` for a name that another has,
 *   `validation-failed`.
 */
export async function createFilter(
  deps: Deps,
  principal: Principal,
  { id, secret, ...given }: NewFilter & { id: string; secret: string },
): Promise<Filter> {
  const { sites = usualSites(principal), ...rest } = given;
  if (!coversSites(principal, sites)) throw new AppError('forbidden');
  await assertRight(deps, { url: given.url, sites });
  const now = deps.clock.now();
  const filter: Filter = {
    ...USUAL,
    events: [...USUAL.events],
    ...definedOf(rest),
    name: given.name,
    url: given.url,
    id,
    kind: 'webhook',
    sites,
    secret: sealSecret(deps, id, secret),
    former: null,
    disclose: [],
    version: 1,
    createdBy: actorOf(principal),
    createdAt: now,
    updatedAt: now,
  };
  if (!(await deps.filters.create(filter))) throw new AppError('already-exists');
  await record(deps, 'filter-created', { principal, filter, id });
  return filter;
}

const definedOf = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

/** Makes the record of a creation good that was cut off before it. */
export function recordCreation(deps: Deps, principal: Principal, filter: Filter): Promise<void> {
  return record(deps, 'filter-created', { principal, filter, id: filter.id });
}

/** A new secret to sign by. */
export const createFilterSecret = newWebhookSecret;

/** One filter whose sites the caller has all. Throws `not-found`. */
export async function findFilter(
  deps: Pick<Deps, 'filters'>,
  principal: Principal,
  id: string,
): Promise<Filter> {
  const filter = await deps.filters.find(id);
  if (!filter || !coversSites(principal, filter.sites)) throw new AppError('not-found');
  return filter;
}

export function listFilters(
  deps: Pick<Deps, 'filters'>,
  principal: Principal,
  page: { before?: string; limit: number },
): Promise<{ items: Filter[]; total: number }> {
  return deps.filters.list({ scope: scopeOf(principal), ...page });
}

interface Rewrite {
  id: string;
  /** The version the caller saw; undefined applies to what is current. */
  version?: number;
  change(current: Filter): Filter;
}

/** Writes what `change` makes of the filter. Throws `not-found`, `conflict`, `already-exists`. */
async function rewrite(deps: Deps, principal: Principal, { id, version, change }: Rewrite): Promise<Filter> {
  for (;;) {
    const current = await findFilter(deps, principal, id);
    const expected = version ?? current.version;
    const next = { ...change(current), version: expected + 1, updatedAt: deps.clock.now() };
    const result = await deps.filters.replace(next, expected);
    if (result.replaced) return next;
    if (result.why !== 'stale') throw new AppError(result.why === 'gone' ? 'not-found' : 'already-exists');
    if (version !== undefined)
      throw new AppError('conflict', { extra: { current: { version: result.version } } });
  }
}

/**
 * Changes a filter; it holds for the next comment through any instance.
 *
 * @throws AppError `not-found`, `forbidden` beyond the caller's own sites, `already-exists`, `conflict` with
 *   `current`, `validation-failed`.
 */
export async function updateFilter(
  deps: Deps,
  principal: Principal,
  { id, patch }: { id: string; patch: FilterPatch },
): Promise<Filter> {
  await findFilter(deps, principal, id);
  const { version, ...members } = patch;
  const sites = members.sites === null ? usualSites(principal) : members.sites;
  if (sites && !coversSites(principal, sites)) throw new AppError('forbidden');
  await assertRight(deps, { url: members.url, sites });
  const usual: Record<string, unknown> = { ...USUAL, sites };
  const set = Object.fromEntries(
    Object.entries({ ...members, sites })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value === null ? usual[name] : value]),
  ) as Partial<Filter>;
  const filter = await rewrite(deps, principal, {
    id,
    version,
    change: (current) => ({ ...current, ...set }),
  });
  await record(deps, 'filter-changed', { principal, filter, note: Object.keys(set).join(', ') });
  return filter;
}

/** Gives a new secret; the old one signs and is accepted for another 24 hours. Throws `not-found`. */
export async function rotateSecret(
  deps: Deps,
  principal: Principal,
  { id, secret }: { id: string; secret: string },
): Promise<Filter> {
  const until = deps.clock.now() + FORMER_SECRET_FOR;
  const filter = await rewrite(deps, principal, {
    id,
    change: (current) => {
      // The same rotation, repeated after it was cut off.
      if (secretsOf(deps, current)[0] === secret) return current;
      return { ...current, secret: sealSecret(deps, id, secret), former: { sealed: current.secret, until } };
    },
  });
  await record(deps, 'filter-rotated', { principal, filter });
  return filter;
}

/** Takes a filter away. What it said of comments stays with them. Throws `not-found`. */
export async function removeFilter(deps: Deps, principal: Principal, id: string): Promise<void> {
  const filter = await findFilter(deps, principal, id);
  if (!(await deps.filters.remove(filter.id))) throw new AppError('not-found');
  await record(deps, 'filter-deleted', { principal, filter });
}
