import { signal } from '@preact/signals';
import { api } from './api/client.ts';
import type { Slice } from './api/types.ts';
import { tried } from './kept.ts';
import { complain } from './ui/notices.ts';
import { t } from './words/index.ts';

export interface DeskSite {
  id: string;
  name: string;
  locale: string;
  timeZone: string;
  reasons: string[];
}

/** The moderator's sites; null until they are known. */
export const sites = signal<DeskSite[] | null>(null);
/** Whether the service has told them, or that it can't. */
export const sitesAsked = signal(false);

export async function loadSites(): Promise<void> {
  const found: DeskSite[] = [];
  let cursor: string | null = null;
  try {
    do {
      const page: Slice<DeskSite> = await api('moderation/sites', { query: { limit: 200, cursor } });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    sites.value = found.sort((a, b) => a.name.localeCompare(b.name));
  } catch (error) {
    complain(error);
  }
  sitesAsked.value = true;
}

/** The site of that id, all of them for `''`; none of those that are not known yet. */
export const sitesFor = (id: string): DeskSite[] =>
  (sites.value ?? []).filter((site) => id === '' || id === site.id);
export const siteName = (id: string): string => sitesFor(id)[0]?.name ?? id;
/** A scope in words. */
export const sitesName = (scope: string[]): string =>
  scope.includes('*') ? t('site.all') : scope.map(siteName).join(', ');
export const reasonsFor = (id: string): string[] => sitesFor(id).flatMap(({ reasons }) => reasons);
/** For a choice among sites. */
export const siteOptions = (): (readonly [string, string])[] =>
  sitesFor('').map(({ id, name }) => [id, name] as const);

/** The time zone that days are meant in: that of the site, or of all sites where they have one; else the browser's. */
export function zoneOf(site: string): string | undefined {
  const [timeZone, ...others] = new Set(sitesFor(site).map((one) => one.timeZone));
  // RangeError: a zone that is younger than the browser.
  const isKnown = tried(() => new Intl.DateTimeFormat('sv', { timeZone }));
  return isKnown && others.length === 0 ? timeZone : undefined;
}
