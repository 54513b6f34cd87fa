import type { Page, PageRules } from '../../sites/site.ts';
import { type Database, DURABLE } from './database.ts';
import type { PageDoc } from './documents.ts';
import { retryingUpsert } from './failures.ts';
import { markPage } from './search/due.ts';

/** A page without its own rules, as comments name it. */
type NamedPage = Omit<Page, keyof PageRules>;

/** The writes behind Pages (pages.ts). Each is one of one document, and doing it again changes nothing. */
export interface PageWrites {
  /** Gives the page what it does not have yet, and makes it where it is new. Whether that changed anything. */
  fill(page: NamedPage): Promise<boolean>;
  /** Has the reference name that page where it names none; the key of the page that it names now. */
  claim(site: string, key: string, reference: string): Promise<string>;
  /** Has the page that an alias's address was known as lead where the alias does, also before it is written. */
  join(page: { site: string; key: string }, alias: string): Promise<void>;
}

export const pageId = (site: string, key: string): string => `${site}/${key}`;
export const referenceId = (site: string, reference: string): string => `${site} ${reference}`;

export function createPageWrites(database: Pick<Database, 'pages' | 'references' | 'comments'>): PageWrites {
  const { pages, references } = database;
  return {
    async fill(page) {
      const { site, key } = page;
      const { modifiedCount, upsertedCount } = await retryingUpsert(() =>
        pages.updateOne({ _id: pageId(site, key) }, filling(page), { upsert: true }),
      );
      // One that was there may have got its title.
      if (modifiedCount > 0) await markPage(database, site, key);
      return modifiedCount + upsertedCount > 0;
    },
    async claim(site, key, reference) {
      const claimed = await retryingUpsert(() =>
        references.findOneAndUpdate(
          { _id: referenceId(site, reference) },
          { $setOnInsert: { site, key } },
          { upsert: true, returnDocument: 'after' },
        ),
      );
      return claimed?.key ?? key;
    },
    async join({ site, key }, alias) {
      const page = { site, key, url: alias, id: null, title: null };
      await retryingUpsert(() =>
        pages.updateOne({ _id: pageId(site, key) }, filling(page, { joined: alias }), {
          upsert: true,
          writeConcern: DURABLE,
        }),
      );
    },
  };
}

function filling({ site, key, url, id, title }: NamedPage, more: Pick<PageDoc, 'joined'> = {}) {
  // A literal, or a title that begins with $ would be read as the name of a member.
  const fill = ([member, value]: [string, string | null]) => [
    member,
    { $ifNull: [`$${member}`, { $literal: value }] },
  ];
  const members = { url, id, title: title || null, ...more };
  return [{ $set: { site, key, ...Object.fromEntries(Object.entries(members).map(fill)) } }];
}
