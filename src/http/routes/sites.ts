import * as z from 'zod';
import { countPages } from '../../comments/page-counts.ts';
import { parseBody } from '../fields.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { siteOf } from '../route.ts';
import { publicPolicy } from '../schemas/site.ts';
import { countsQuery, MOST_PAGES, PAGE_NAMES, readCounts, readSite, siteQuery } from './site-reads.ts';

const pageAsSent = z.union([z.string(), z.object({ url: z.string().nullish(), id: z.string().nullish() })]);
const countsAnswer = z.object({ counts: z.array(z.object({ page: pageAsSent, count: z.int().min(0) })) });

export const getCounts: Operation = {
  name: 'getCounts',
  summary: 'How many comments each page shows.',
  query: countsQuery(),
  multiple: PAGE_NAMES,
  answers: { 200: countsAnswer },
  conditional: true,
  handle: readCounts,
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

export const getSite: Operation = {
  name: 'getSite',
  summary: "The site's public policy; `closed` and `moderation` are those of a page when one is given.",
  query: siteQuery(),
  answers: { 200: publicPolicy },
  conditional: true,
  handle: readSite,
};
