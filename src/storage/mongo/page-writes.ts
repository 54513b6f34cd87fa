import type { Page, PageRules } from '../../sites/site.ts';
import { newMark } from './carry.ts';
import { type Database, DURABLE } from './database.ts';
import { retryingUpsert } from './failures.ts';
import type { PageTitles } from './page-titles.ts';

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
export const siteOfPage = (id: string): string => id.slice(0, id.indexOf('/'));
export const referenceId = (site: string, reference: string): string => `${site} ${reference}`;

export function createPageWrites(
  { pages, references }: Pick<Database, 'pages' | 'references'>,
  titles: Pick<PageTitles, 'carry'>,
): PageWrites {
  return {
    async fill(page) {
      const { site, key, title } = page;
      const _id = pageId(site, key);
      const mark = newMark();
      const { modifiedCount, upsertedCount } = await retryingUpsert(() =>
        pages.updateOne(
          { _id },
          filling(page, { unlisted: unlistedBy(page), retitled: retitledBy(title, mark) }),
          { upsert: true },
        ),
      );
      // One that was there may have got its title.
      if (modifiedCount > 0 && title) await titles.carry({ _id, site, key }, mark);
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
        pages.updateOne(
          { _id: pageId(site, key) },
          [...filling(page, { joined: alias }), { $unset: 'unlisted' }],
          { upsert: true, writeConcern: DURABLE },
        ),
      );
    },
  };
}

const IS_THERE = { $ne: [{ $type: '$key' }, 'missing'] };

/**
 * A page that is made, or gets its first address or id: whoever works out its entry of the lists takes the mark away
 * (page-facts.ts).
 */
function unlistedBy({ url, id }: NamedPage): object {
  const gets = (member: string, value: string | null) =>
    value === null ? false : { $eq: [{ $ifNull: [`$${member}`, null] }, null] };
  const isNews = { $or: [{ $not: [IS_THERE] }, gets('url', url), gets('id', id)] };
  return { $cond: [isNews, true, { $ifNull: ['$unlisted', '$$REMOVE'] }] };
}

/** Where a page that is there gets its first title: its comments have yet to be found by it. */
function retitledBy(title: string | null, mark: string): object | null {
  if (!title) return null;
  const isFirst = { $eq: [{ $ifNull: ['$title', null] }, null] };
  const others = { $ifNull: ['$retitled', '$$REMOVE'] };
  return { $cond: [{ $and: [IS_THERE, isFirst] }, { $literal: mark }, others] };
}

function filling(
  { site, key, url, id, title }: NamedPage,
  { joined, unlisted, retitled }: { joined?: string; unlisted?: object; retitled?: object | null } = {},
) {
  // A literal, or a title that begins with $ would be read as the name of a member.
  const fill = ([member, value]: [string, string | null]) => [
    member,
    { $ifNull: [`$${member}`, { $literal: value }] },
  ];
  const members = { url, id, title: title || null, ...(joined !== undefined && { joined }) };
  const filled = Object.fromEntries(Object.entries(members).map(fill));
  return [{ $set: { site, key, ...filled, ...(unlisted && { unlisted }), ...(retitled && { retitled }) } }];
}
