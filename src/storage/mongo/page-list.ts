import type { PagePatch } from '../../sites/page-rules.ts';
import { NO_RULES } from '../../sites/site.ts';
import type { SiteStore } from '../../sites/site-store.ts';
import { idReference, urlReference } from '../../sites/site-store.ts';
import { addAct } from './acting.ts';
import type { Acts } from './acts.ts';
import { newMark } from './carry.ts';
import { type Database, DURABLE, type Filter } from './database.ts';
import type { Directory } from './directory.ts';
import type { PageDoc, PageFactsDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';
import type { PageTitles } from './page-titles.ts';
import { pageId, referenceId } from './page-writes.ts';
import { type Pages, pageOf } from './pages.ts';
import type { Stamps } from './stamps.ts';
import { wordsFilter } from './words-filter.ts';

export interface PageListParts {
  database: Pick<Database, 'pages' | 'pageFacts' | 'references'>;
  pages: Pages;
  titles: Pick<PageTitles, 'carry'>;
  directory: Directory;
  stamps: Stamps;
  acts: Acts;
}

type PageList = Pick<SiteStore, 'listPages' | 'countPages' | 'ensurePage' | 'updatePage'>;

/** A page's version where it was never changed, too. */
const versionOf = (page: PageDoc): number => page.version ?? 1;
const hasVersion = (expected: number): Filter<PageDoc> =>
  expected === 1 ? { $or: [{ version: 1 }, { version: { $exists: false } }] } : { version: expected };

/** The admins' list of pages, and what they change. */
export function createPageList(parts: PageListParts): PageList {
  const { database, pages, titles, directory, stamps, acts } = parts;
  const { pageFacts, references } = database;

  /** False where one of the addresses leads to another page. What is claimed here leads to the page for ever. */
  async function claim(site: string, key: string, { url, id }: PagePatch): Promise<boolean> {
    const named = [
      ...(typeof url === 'string' ? [urlReference(url)] : []),
      ...(typeof id === 'string' ? [idReference(id)] : []),
    ];
    const found = await Promise.all(named.map((reference) => pages.lookUp(site, reference)));
    if (found.some((page) => page !== null && page.key !== key)) return false;
    for (const [i, reference] of named.entries()) {
      if (found[i]) continue;
      const _id = referenceId(site, reference);
      await references
        .updateOne({ _id }, { $setOnInsert: { site, key } }, { upsert: true, writeConcern: DURABLE })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
      // A comment may have named it meanwhile.
      if ((await references.findOne({ _id }))?.key !== key) return false;
    }
    return true;
  }

  return {
    async listPages({ site, sort, words, from, limit }) {
      await directory.catchUp([site]);
      const column = sort === 'recent' ? 'lastId' : 'comments';
      const base: Filter<PageFactsDoc> = { site, ...wordsFilter(words) };
      const order = { [column]: -1, key: -1 } as const;
      const stretches = from
        ? [
            { filter: { ...base, [column]: from.value, key: { $lt: from.key } }, sort: { key: -1 } as const },
            { filter: { ...base, [column]: { $lt: from.value } }, sort: order },
          ]
        : [{ filter: base, sort: order }];
      const found: PageFactsDoc[] = [];
      for (const stretch of stretches) {
        const wanted = limit - found.length;
        if (wanted <= 0) break;
        const rows = await pageFacts
          .find(stretch.filter as Filter<PageFactsDoc>)
          .sort(stretch.sort)
          .hint(`pages-by-${sort}`)
          .limit(wanted)
          .batchSize(wanted + 1)
          .toArray();
        found.push(...rows);
      }
      const docs = await database.pages.find({ _id: { $in: found.map(({ _id }) => _id) } }).toArray();
      const byId = new Map(docs.map((doc) => [doc._id, doc]));
      return found.flatMap(({ _id, lastId, comments }) => {
        const page = byId.get(_id);
        return page ? [{ page: pageOf(page), lastId, comments }] : [];
      });
    },

    async countPages({ site, words }, cap) {
      await directory.catchUp([site]);
      return pageFacts.countDocuments(
        { site, ...wordsFilter(words) },
        { limit: cap, hint: 'pages-by-recent' },
      );
    },

    async ensurePage({ site, key, ...names }) {
      const resolved = await pages.resolve(site, key, names);
      const { missing } = resolved;
      const { place } = await pages.ensure(resolved);
      if (missing.page || missing.references.length > 0) {
        await directory.refreshPages([pageId(site, place.key)]);
        stamps.publish([{ kind: 'page', site, pageKey: place.key }]);
      }
      const doc = await database.pages.findOne({ _id: pageId(site, place.key) });
      return doc ? pageOf(doc) : { site, key: place.key, ...names, ...NO_RULES };
    },

    async updatePage({ site, key }, patch, { expected, act }) {
      const _id = pageId(site, key);
      const before = await database.pages.findOne({ _id });
      if (!before || before.joined !== undefined) return { result: 'not-found' };
      if (versionOf(before) !== expected) return { result: 'conflict', version: versionOf(before) };
      if (!(await claim(site, key, patch))) return { result: 'taken' };
      const mark = newMark();
      const isRetitled = patch.title !== undefined && patch.title !== before.title;
      const isRenamed = patch.url !== undefined || patch.id !== undefined;
      const set = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const marks = { ...(isRetitled && { retitled: mark }), ...(isRenamed && { unlisted: true as const }) };
      const after = await database.pages.findOneAndUpdate(
        { _id, joined: { $exists: false }, ...hasVersion(expected) },
        {
          $set: { ...set, ...marks, version: expected + 1 },
          ...addAct({ act }),
        },
        { returnDocument: 'after', writeConcern: DURABLE },
      );
      if (!after) {
        const now = await database.pages.findOne({ _id });
        return now ? { result: 'conflict', version: versionOf(now) } : { result: 'not-found' };
      }
      // Addresses may lead elsewhere now, so it is more than the one page's answers that change.
      await acts.tell('pages', _id, { act }, stamps.publish([{ kind: 'site', site }]));
      if (isRetitled) await titles.carry(after, mark);
      await directory.refreshPages([_id]);
      return { result: 'updated', page: pageOf(after) };
    },
  };
}
