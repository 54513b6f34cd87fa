import * as z from 'zod';
import { writeCursor } from '../../requests/cursor.ts';
import { listSitePages, updateSitePage, wrongAddress } from '../../sites/page-admin.ts';
import { movePages } from '../../sites/page-moves.ts';
import { actorOf } from '../../staff/principal.ts';
import { parseBody, parseBodyOrLookUp } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { searchParameter } from '../schemas/inputs.ts';
import { pageMove, pagePatch, pagesMoved, pageView } from '../schemas/page.ts';
import { cursorParameter, limitParameter } from '../schemas/page-parameters.ts';
import { placeOfPosition, positionOfPlace } from './authors.ts';
import { placeOf } from './listing-read.ts';

const MOST_ITEMS = 200;
const USUAL_ITEMS = 50;

const listQuery = z.object({
  q: searchParameter.optional(),
  sort: z.enum(['recent', 'comments']).default('recent'),
  limit: limitParameter(MOST_ITEMS),
  cursor: cursorParameter,
});

export const listPages: Operation = {
  name: 'listPages',
  summary: "The site's pages, by their newest comment or by how many they have.",
  query: listQuery,
  answers: {
    200: z.object({
      items: z.array(pageView),
      total: z.int().min(0),
      totalCapped: z.literal(true).optional(),
      nextCursor: z.string().nullable(),
    }),
  },
  async handle(context, { deps }) {
    const { limit = USUAL_ITEMS, cursor, ...query } = parseQuery(context.query, { schema: listQuery });
    const site = siteOf(context);
    const bound = ['pages', site.id, query.q ?? '', query.sort];
    const from = positionOfPlace(placeOf(deps.keys, bound, cursor));
    const { next, ...slice } = await listSitePages(deps, site, { ...query, from, limit });
    const nextCursor = next && writeCursor(deps.keys, bound, placeOfPosition(next));
    return json(200, { ...slice, nextCursor });
  },
};

export const patchPage: Operation = {
  name: 'updatePage',
  summary: 'RFC 7396: absent stays, null gives back what is without it; a stale `version` is 409.',
  body: pagePatch,
  answers: { 200: pageView },
  problems: ['not-found', 'already-exists', 'conflict'],
  async handle(context, { deps }) {
    const site = siteOf(context);
    const { version, ...patch } = await parseBodyOrLookUp(pagePatch, context.body, async ({ url }) =>
      wrongAddress(site, url),
    );
    const view = await updateSitePage(deps, site, {
      principal: principalOf(context),
      key: context.params.page ?? '',
      patch,
      version: version ?? undefined,
    });
    return json(200, view);
  },
};

export const postPageMove: Operation = {
  name: 'movePages',
  summary:
    'Moves every page under a URL prefix to the same place under another; the old addresses still lead to them.',
  body: pageMove,
  answers: { 200: pagesMoved },
  async prepare(context, { deps }) {
    const { dryRun, ...prefixes } = parseBody(pageMove, context.body);
    const request = { ...prefixes, dryRun: dryRun ?? false, by: actorOf(principalOf(context)) };
    return { plan: {}, run: async () => json(200, await movePages(deps, siteOf(context), request)) };
  },
  // What moved before is not under the old prefix any more, so the rest of it is done.
  recover: async () => null,
};
