import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { Principal } from '../staff/principal.ts';
import { scopeOf } from '../staff/principal.ts';
import type { AuditEntry, AuditQuery } from './audit.ts';
import { sitesOf } from './queue.ts';

export type AuditView = Omit<AuditEntry, 'at'> & { at: string };

export interface AuditSlice {
  items: AuditView[];
  /** The id to go on from; null at the end. */
  next: string | null;
}

/** How many removals are read at once. */
const REMOVALS_AT_ONCE = 200;

/** When sites of these names went, the last time of each, in milliseconds since 1970; most names never had another. */
async function formerEnds(deps: Pick<Deps, 'audit'>, sites: string[]): Promise<Map<string, number>> {
  const ends = new Map<string, number>();
  for (let before: string | undefined; ; ) {
    const query = { sites, action: 'site-deleted', limit: REMOVALS_AT_ONCE } as const;
    const found = await deps.audit.list({ ...query, ...(before !== undefined && { before }) });
    for (const { site, at } of found) if (site !== null && !ends.has(site)) ends.set(site, at);
    if (found.length < REMOVALS_AT_ONCE) return ends;
    before = found.at(-1)?.id;
  }
}

/** The entries of sites that there are now, none of former ones of their names. */
async function listOfPresent(
  deps: Pick<Deps, 'audit'>,
  sites: string[],
  query: Omit<AuditQuery, 'sites'>,
): Promise<AuditEntry[]> {
  const ends = await formerEnds(deps, sites);
  if (ends.size === 0) return deps.audit.list({ sites, ...query });
  const parts = [
    deps.audit.list({ sites: sites.filter((site) => !ends.has(site)), ...query }),
    ...[...ends].map(([site, end]) =>
      deps.audit.list({ ...query, sites: [site], since: Math.max(query.since ?? 0, end + 1) }),
    ),
  ];
  return (await Promise.all(parts))
    .flat()
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, query.limit);
}

/** An entry as it is told: its members always in the one order, whichever store it comes from. */
function viewOf(entry: AuditEntry): AuditView {
  const { id, at, by, action, site, commentId, subject, ...rest } = entry;
  const { from, to, reason, note, decisionId, batchId } = rest;
  return {
    ...{ id, at: timestamp(at), by, action, site, commentId },
    ...(subject !== undefined && { subject }),
    ...{ from, to, reason, note, decisionId, batchId },
  };
}

/**
 * A page of the audit, newest first, of one site or of all that the caller has. Entries of no site, and of
 * sites that were removed, are for callers of all sites. Throws `site-not-found`.
 */
export async function listAudit(
  deps: Deps,
  principal: Principal,
  { site, limit, ...rest }: Omit<AuditQuery, 'sites'> & { site?: string },
): Promise<AuditSlice> {
  const scope = scopeOf(principal);
  const sites = site === undefined ? scope : await sitesOf(deps, principal, site);
  const query = { limit: limit + 1, ...rest };
  const found =
    scope === null || sites === null
      ? await deps.audit.list({ sites, ...query })
      : await listOfPresent(deps, sites, query);
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return {
    items: entries.map(viewOf),
    next: last && found.length > limit ? last.id : null,
  };
}
