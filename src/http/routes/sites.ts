import * as z from 'zod';
import { countPages } from '../../comments/page-counts.ts';
import { validationFailed } from '../../errors.ts';
import { sharedOn } from '../../filters/of-site.ts';
import { closesByTime, siteOnPageNow } from '../../sites/closing.ts';
import { findPage } from '../../sites/pages.ts';
import { presentPublicPolicy } from '../../sites/public-policy.ts';
import { parseBody } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { JSON_TYPE, json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { siteOf } from '../route.ts';
import { pageParameters } from '../schemas/inputs.ts';
import { publicPolicy } from '../schemas/site.ts';
import { pageNameOf } from './listing.ts';

const MOST_PAGES = 100;
const PAGE_NAMES = ['page', 'pageId'];

const countsQuery = z.object({
  page: z.array(z.string()).max(MOST_PAGES).optional().meta({ description: 'Repeated, once for each page' }),
  pageId: z.array(z.string()).max(MOST_PAGES).optional(),
});

const pageAsSent = z.union([z.string(), z.object({ url: z.string().optional(), id: z.string().optional() })]);
const countsAnswer = z.object({ counts: z.array(z.object({ page: pageAsSent, count: z.int().min(0) })) });

export const getCounts: Operation = {
  name: 'getCounts',
  summary: 'How many comments each page shows.',
  query: countsQuery,
  multiple: PAGE_NAMES,
  answers: { 200: countsAnswer },
  conditional: true,
  async handle(context, { deps, share }) {
    parseQuery(context.query, { schema: countsQuery, multiple: PAGE_NAMES, needsPage: true });
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
  },
};

const namedPage = z
  .object({ url: z.string().nullish(), id: z.string().nullish() })
  .refine(({ url, id }) => Boolean(url || id), { params: { code: 'required' }, path: ['url'] });
const countsBody = z.object({ pages: z.array(z.union([z.string(), namedPage])).max(MOST_PAGES) });

export const postCounts: Operation = {
  name: 'postCounts',
  summary: 'As getCounts, for pages that would make too long an address.',
  body: countsBody,
  answers: { 200: countsAnswer },
  async handle(context, { deps }) {
    const { pages } = parseBody(countsBody, context.body);
    const names = pages.map((page) =>
      typeof page === 'string' ? { url: page, id: null } : { url: page.url ?? null, id: page.id || null },
    );
    const { counts } = await countPages(deps, siteOf(context), names);
    return json(200, { counts: pages.map((page, index) => ({ page, count: counts[index] })) });
  },
};

const siteQuery = z.object(pageParameters);

export const getSite: Operation = {
  name: 'getSite',
  summary: "The site's public policy; `closed` and `moderation` are those of a page when one is given.",
  query: siteQuery,
  answers: { 200: publicPolicy },
  conditional: true,
  async handle(context, { deps, share }) {
    const site = siteOf(context);
    const name = pageNameOf(parseQuery(context.query, { schema: siteQuery }));
    const isAskedOfPage = name.url !== null || name.id !== null;
    const page = isAskedOfPage ? await findPage(deps, site, name) : null;
    if (!page || !closesByTime(site)) context.showsPages(isAskedOfPage ? [page?.key ?? null] : []);
    const body = JSON.stringify(
      presentPublicPolicy(await siteOnPageNow(deps, site, page), await sharedOn(deps, site.id)),
    );
    return share(context, { contentType: JSON_TYPE, body });
  },
};
