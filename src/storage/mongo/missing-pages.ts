import { setTimeout as pause } from 'node:timers/promises';
import { NO_RULES } from '../../sites/site.ts';
import type { Database } from './database.ts';
import type { Directory } from './directory.ts';
import type { PageDoc } from './documents.ts';
import { pageId } from './page-writes.ts';
import type { Pages } from './pages.ts';
import type { Stamps } from './stamps.ts';

export interface MissingPagesParts {
  database: Pick<Database, 'pages' | 'sites'>;
  pages: Pick<Pages, 'create'>;
  directory: Pick<Directory, 'refreshPages'>;
  stamps: Pick<Stamps, 'publish'>;
}

/** What belongs together is written one after the other, and not read at one moment: so long we wait and look again. */
const PATIENCE_MS = 400;

/** What the self-check of pages and of aliases has in common: which pages are there, and making one again. */
export function createMissingPages({ database: { pages, sites }, ...parts }: MissingPagesParts) {
  return {
    /** Those of the ids (pageId) that are there. */
    async there(ids: string[]): Promise<Set<string>> {
      const found = await pages
        .find({ _id: { $in: ids } })
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      return new Set(found.map(({ _id }) => _id));
    },
    later: (): Promise<void> => pause(PATIENCE_MS),
    /** Without those of sites that are being removed, of which all goes. */
    async ofStanding<One extends { site: string }>(found: One[]): Promise<One[]> {
      const ids = [...new Set(found.map(({ site }) => site))];
      const removing = await sites
        .find({ _id: { $in: ids }, removing: true })
        .project<{ _id: string }>({ _id: 1 })
        .toArray();
      const going = new Set(removing.map(({ _id }) => _id));
      return found.filter(({ site }) => !going.has(site));
    },
    /** Makes the page with what leads to it, and has lists and other instances know. */
    async make(page: Pick<PageDoc, 'site' | 'key' | 'url' | 'id'>): Promise<void> {
      const { site, key } = page;
      await parts.pages.create({ ...page, title: null, ...NO_RULES });
      await parts.directory.refreshPages([pageId(site, key)]);
      parts.stamps.publish([{ kind: 'site', site }]);
    },
  };
}
