import type { Actor } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import { entryOf, SERVICE } from '../moderation/record.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, coversSites, scopeOf } from '../staff/principal.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { newDelivery } from '../webhooks/delivery.ts';
import { newWebhookSecret } from '../webhooks/signature.ts';
import { assertRight } from './check-filter.ts';
import { FILTERS } from './consumer.ts';
import type { Filter, FilterEvent } from './filter.ts';
import { DEADLINE } from './filter.ts';
import { sealSecret, secretsOf } from './secret.ts';
import { mergeThresholds, type ThresholdsPatch } from './thresholds.ts';

/** What an admin says of a new filter; what is absent is as usual. */
export interface NewFilter {
  kind?: Filter['kind'];
  name: string;
  /** Of a webhook. */
  url?: string;
  mode?: Filter['mode'];
  /** Of Akismet. */
  key?: string;
  disclose?: Filter['disclose'];
  deadlineMs?: number;
  onFailure?: Filter['onFailure'];
  thresholds?: Filter['thresholds'];
  events?: FilterEvent[];
  sites?: string[];
  enabled?: boolean;
}

/** RFC 7396: absent keeps, null gives the usual back. What is of the other kind is `invalid`. */
export type FilterPatch = {
  [Member in Exclude<keyof NewFilter, 'thresholds'>]?:
    | NewFilter[Member]
    | (Member extends 'name' | 'url' | 'kind' | 'key' ? never : null);
} & { thresholds?: ThresholdsPatch; version?: number };

/** How long a secret that was replaced still signs and is accepted, in milliseconds. */
export const FORMER_SECRET_FOR = 24 * 60 * 60 * 1000;

const USUAL = {
  mode: 'sync',
  deadlineMs: DEADLINE.usual,
  onFailure: 'hold',
  thresholds: null,
  events: ['comment.check', 'comment.decided'],
  enabled: true,
  disclose: [],
} as const;

/** Sites of a caller who names none: all that they have. */
const usualSites = (principal: Principal): string[] => [...principal.sites];

/** Which filter it was, in words; one of a single site is in that site's audit. */
export function filterEntry(
  deps: Deps,
  action: 'filter-created' | 'filter-changed' | 'filter-deleted' | 'filter-rotated' | 'filter-replayed',
  { by, filter, note, id }: { by: Actor; filter: Filter; note?: string; id?: string },
): AuditEntry {
  const [only = '*', ...others] = filter.sites;
  return entryOf(deps, {
    by,
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
  { id, secret, key, ...given }: NewFilter & { id: string; secret: string },
): Promise<Filter> {
  const { sites = usualSites(principal), ...rest } = given;
  await assertRight(deps, principal, { url: given.url, sites, key });
  const now = deps.clock.now();
  const filter: Filter = {
    ...USUAL,
    events: [...USUAL.events],
    ...definedOf(rest),
    name: given.name,
    url: given.url ?? null,
    id,
    kind: given.kind ?? 'webhook',
    disclose: given.disclose ?? [],
    sites,
    secret: sealSecret(deps, id, key ?? secret),
    former: null,
    version: 1,
    createdBy: actorOf(principal),
    createdAt: now,
    updatedAt: now,
  };
  // From now on: what happens next is told.
  await deps.events.join(FILTERS);
  const told = filter.disclose.length > 0 ? { note: `is told ${filter.disclose.join(', ')}` } : {};
  const act = filterEntry(deps, 'filter-created', { by: filter.createdBy, filter, id, ...told });
  if (!(await deps.filters.create(filter, { act }))) throw new AppError('already-exists');
  return filter;
}

const definedOf = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;

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
  action: 'filter-changed' | 'filter-rotated';
  note?: string;
}

/** Writes what `change` makes of the filter. Throws `not-found`, `conflict`, `already-exists`. */
async function rewrite(
  deps: Deps,
  principal: Principal,
  { id, version, change, action, note }: Rewrite,
): Promise<Filter> {
  for (;;) {
    const current = await findFilter(deps, principal, id);
    const expected = version ?? current.version;
    const next = { ...change(current), version: expected + 1, updatedAt: deps.clock.now() };
    const act = filterEntry(deps, action, { by: actorOf(principal), filter: next, note });
    const result = await deps.filters.replace(next, expected, { act });
    if (result.replaced) return next;
    if (result.why !== 'stale') throw new AppError(result.why === 'gone' ? 'not-found' : 'already-exists');
    if (version !== undefined)
      throw new AppError('conflict', { extra: { current: { version: result.version } } });
  }
}

/** Members that only a filter of one kind has. */
const ONLY_OF = { url: 'webhook', mode: 'webhook', key: 'akismet', disclose: 'akismet' } as const;

/** Changes that may bring a filter back that failed. */
const MENDING = ['url', 'enabled', 'deadlineMs', 'secret'] as const;

function assertOfKind(kind: Filter['kind'], patch: FilterPatch): void {
  const wrong = Object.entries(ONLY_OF).filter(
    ([name, of]) => of !== kind && patch[name as keyof typeof ONLY_OF] !== undefined,
  );
  if (wrong.length > 0)
    throw validationFailed(wrong.map(([name]) => ({ pointer: `/${name}`, code: 'invalid' })));
}

/** What was changed; of what is told of commenters, what it is now. */
function changeNote({ disclose, secret, ...set }: Partial<Filter>): string {
  const told = disclose ? [`is told ${disclose.join(', ') || 'nothing'}`] : [];
  return [...Object.keys(set), ...(secret === undefined ? [] : ['key']), ...told].join(', ');
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
  const { kind } = await findFilter(deps, principal, id);
  const { version, key, thresholds, ...members } = patch;
  assertOfKind(kind, patch);
  const sites = members.sites === null ? usualSites(principal) : members.sites;
  await assertRight(deps, principal, { url: members.url, sites, key });
  const usual: Record<string, unknown> = { ...USUAL, sites };
  const set = Object.fromEntries(
    Object.entries({ ...members, sites })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, value === null ? usual[name] : value]),
  ) as Partial<Filter>;
  if (key !== undefined) set.secret = sealSecret(deps, id, key);
  const filter = await rewrite(deps, principal, {
    id,
    version,
    change: (current) => ({
      ...current,
      ...set,
      thresholds: mergeThresholds(current.thresholds, thresholds),
    }),
    action: 'filter-changed',
    note: changeNote({ ...set, ...(thresholds !== undefined && { thresholds: null }) }),
  });
  if (MENDING.some((member) => set[member] !== undefined)) deps.filterHealths.tryAgain(id);
  return filter;
}

/** Gives a new secret; the old one signs and is accepted for another 24 hours. Throws `not-found`, also for a kind without. */
export async function rotateSecret(
  deps: Deps,
  principal: Principal,
  { id, secret }: { id: string; secret: string },
): Promise<Filter> {
  const until = deps.clock.now() + FORMER_SECRET_FOR;
  return rewrite(deps, principal, {
    id,
    action: 'filter-rotated',
    change: (current) => {
      if (current.kind !== 'webhook') throw new AppError('not-found');
      // The same rotation, repeated after it was cut off.
      if (secretsOf(deps, current)[0] === secret) return current;
      return { ...current, secret: sealSecret(deps, id, secret), former: { sealed: current.secret, until } };
    },
  });
}

/** Takes a filter away, and what waits for it. What it said of comments stays with them. Throws `not-found`. */
export async function removeFilter(deps: Deps, principal: Principal, id: string): Promise<void> {
  const filter = await findFilter(deps, principal, id);
  const act = filterEntry(deps, 'filter-deleted', { by: actorOf(principal), filter });
  if (!(await deps.filters.remove(filter.id, { act }))) throw new AppError('not-found');
  while (await deps.outbox.clear(id));
}

/** It answered 410: it wants no more. Nothing happens where it is gone or off already. */
export async function disableGone(deps: Deps, id: string): Promise<void> {
  for (;;) {
    const current = await deps.filters.find(id);
    if (!current?.enabled) return;
    const version = current.version + 1;
    const next: Filter = { ...current, enabled: false, updatedAt: deps.clock.now(), version };
    const note = 'enabled (it answered 410)';
    const act = filterEntry(deps, 'filter-changed', { by: SERVICE, filter: next, note });
    if ((await deps.filters.replace(next, current.version, { act })).replaced) return;
  }
}

/** Sends a message that says nothing, to see whether the way is open. `event` is a new id. Throws `not-found`. */
export async function sendTest(
  deps: Deps,
  principal: Principal,
  { id, event, at }: { id: string; event: string; at: number },
): Promise<Delivery> {
  await findFilter(deps, principal, id);
  const delivery = newDelivery(id, { type: 'webhook.test', at }, { event, now: at });
  await deps.outbox.add(delivery);
  return (await deps.outbox.find(delivery.id)) ?? delivery;
}
