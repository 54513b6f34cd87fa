import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import type { Principal } from '../staff/principal.ts';
import { coversSites } from '../staff/principal.ts';
import { addressErrors } from '../webhooks/address-errors.ts';
import { verifyKey } from './akismet.ts';

/** What of a filter shows to be wrong only when it is looked up. */

/** Sites that are not there, each at its place. */
async function siteErrors(deps: Deps, sites: string[]): Promise<FieldError[]> {
  const found = await Promise.all(
    sites.map(async (site, i): Promise<FieldError[]> => {
      const known = site === '*' || (await deps.sites.find(site)) !== null;
      return known ? [] : [{ pointer: `/sites/${i}`, code: 'invalid' }];
    }),
  );
  return found.flat();
}

async function keyErrors(deps: Deps, key: string | undefined): Promise<FieldError[]> {
  return key === undefined || (await verifyKey(deps, key)) ? [] : [{ pointer: '/key', code: 'invalid' }];
}

interface Target {
  url?: string | undefined;
  sites?: string[] | null | undefined;
}

/** An address that may not be called, sites that are not there. Throws `forbidden` beyond the caller's own sites. */
export async function wrongTargets(
  deps: Deps,
  principal: Principal,
  { url, sites }: Target,
): Promise<FieldError[]> {
  if (sites && !coversSites(principal, sites)) throw new AppError('forbidden');
  return [...(await addressErrors(deps, url)), ...(await siteErrors(deps, sites ?? []))];
}

/** Also asks Akismet about its key. Throws `forbidden`, `validation-failed` naming every wrong member. */
export async function assertRight(
  deps: Deps,
  principal: Principal,
  { key, ...target }: Target & { key?: string },
): Promise<void> {
  const errors = await wrongTargets(deps, principal, target);
  // Akismet is asked last, once everything else is right.
  if (errors.length === 0) errors.push(...(await keyErrors(deps, key)));
  if (errors.length > 0) throw validationFailed(errors);
}
