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

/**
 * A page of the audit, newest first, of one site or of all that the caller has. Entries of no site, and of
 * sites that were removed, are for callers of all sites. Throws `site-not-found`.
 */
export async function listAudit(
  deps: Deps,
  principal: Principal,
  { site, limit, ...rest }: Omit<AuditQuery, 'sites'> & { site?: string },
): Promise<AuditSlice> {
  const sites = site === undefined ? scopeOf(principal) : await sitesOf(deps, principal, site);
  const found = await deps.audit.list({ sites, limit: limit + 1, ...rest });
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return {
    items: entries.map((entry) => ({ ...entry, at: timestamp(entry.at) })),
    next: last && found.length > limit ? last.id : null,
  };
}
