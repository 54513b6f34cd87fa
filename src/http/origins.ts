import type { Deps } from '../deps.ts';
import { originMatches, underLocalNames } from '../sites/origins.ts';
import type { Site } from '../sites/site.ts';
import type { CorsMode } from './cors.ts';

/** Whose pages are served. */
export interface Origins {
  /** The origin where it is served, else null. `site` is null where none is known (yet). */
  served(mode: CorsMode, origin: string | undefined, site: Site | null): string | null;
  isOfAnySite(origin: string): Promise<boolean>;
  /** Whether a page of another origin than our own asks; a call without an origin is none of a page's. */
  isForeign(origin: string | undefined): boolean;
}

export interface OriginsOptions {
  sites: Deps['sites'];
  /** Origin of the address where browsers reach the service. */
  publicUrl: string;
  dashboardOrigins: string[];
}

export function createOrigins({ sites, publicUrl, dashboardOrigins }: OriginsOptions): Origins {
  // On the machine itself people type `localhost` or the address of the log: both lead here.
  const own = underLocalNames(publicUrl);
  const dashboards = [...dashboardOrigins, ...own];
  return {
    served(mode, origin, site) {
      if (origin === undefined) return null;
      if (mode === 'reader')
        return originMatches(origin, site ? [...own, ...site.origins] : own) ? origin : null;
      return mode === 'dashboard' && originMatches(origin, dashboards) ? origin : null;
    },
    isForeign: (origin) => origin !== undefined && !originMatches(origin, own),
    async isOfAnySite(origin) {
      for (const id of await sites.ids()) {
        const site = await sites.find(id);
        if (site && originMatches(origin, site.origins)) return true;
      }
      return false;
    },
  };
}
