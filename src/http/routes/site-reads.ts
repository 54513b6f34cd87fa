import * as z from 'zod';
import { countPages } from '../../comments/page-counts.ts';
import { validationFailed } from '../../errors.ts';
import { sharedOn } from '../../filters/of-site.ts';
import { closesByTime, siteOnPageNow } from '../../sites/closing.ts';
import { findPage } from '../../sites/pages.ts';
import { presentPublicPolicy } from '../../sites/public-policy.ts';
import { once } from '../once.ts';
import { parseQuery } from '../query.ts';
import { JSON_TYPE, type Reply } from '../reply.ts';
import { type App, type Context, siteOf } from '../route.ts';
import { pageParameters } from '../schemas/page-parameters.ts';
import { pageNameOf } from './listing-read.ts';

export const MOST_PAGES = 100;
export const PAGE_NAMES = ['page', 'pageId'];

export const countsQuery = once(() =>
  z.object({
    page: z
      .array(z.string())
      .max(MOST_PAGES)
      .optional()
      .meta({ description: 'Repeated, once for each page' }),
    pageId: z.array(z.string()).max(MOST_PAGES).optional(),
  }),
);

/** How many comments each of some pages shows. */
export async function readCounts(context: Context, { deps, share }: App): Promise<Reply> {
  parseQuery(context.query, { schema: countsQuery(), multiple: PAGE_NAMES, needsPage: true });
  const asked = context.query.filter(([name]) => PAGE_NAMES.includes(name));
  if (asked.length > MOST_PAGES) {
    throw validationFailed([{ parameter: 'page', code: 'too-long', params: { limit: MOST_PAGES } }]);
  }
  const names = asked.map(([name, value]) =>
    name === 'page' ? { url: value, id: null } : { url: null, id: value },
  );
  const { counts } = await countPages(deps, siteOf(context), names, context.showsPages);
  const answered = asked.map(([name, value], index) => ({
    page: name === 'page' ? value : { id: value },
    count: counts[index],
  }));
  return share(context, { contentType: JSON_TYPE, body: JSON.stringify({ counts: answered }) });
}

export const siteQuery = once(() => z.object(pageParameters));

/** A site's public policy, as it is on a page where one is named. */
export async function readSite(context: Context, { deps, share }: App): Promise<Reply> {
  const site = siteOf(context);
  const name = pageNameOf(parseQuery(context.query, { schema: siteQuery() }));
  const isAskedOfPage = name.url !== null || name.id !== null;
  const page = isAskedOfPage ? await findPage(deps, site, name) : null;
  if (!page || !closesByTime(site)) context.showsPages(isAskedOfPage ? [page?.key ?? null] : []);
  const body = JSON.stringify(
    presentPublicPolicy(await siteOnPageNow(deps, site, page), await sharedOn(deps, site.id)),
  );
  return share(context, { contentType: JSON_TYPE, body });
}
