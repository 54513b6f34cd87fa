import * as z from 'zod';
import type { AuthorPosition } from '../../authors/author-store.ts';
import { describeAuthor, findAuthor, listAuthors, lookUpAuthor } from '../../authors/directory.ts';
import { errorsOfJudgement, judgeAuthor } from '../../authors/judge.ts';
import { STANDINGS } from '../../authors/standing.ts';
import type { CursorPlace } from '../../requests/cursor.ts';
import { writeCursor } from '../../requests/cursor.ts';
import { findSite } from '../../sites/manage.ts';
import { parseBody, parseBodyOrLookUp } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { authorView, judgedAuthor, judgement } from '../schemas/author.ts';
import { emailText, searchParameter } from '../schemas/inputs.ts';
import { cursorParameter, limitParameter } from '../schemas/page-parameters.ts';
import { placeOf } from './listing-read.ts';

const MOST_ITEMS = 200;
const USUAL_ITEMS = 50;

const siteParameter = z.string().optional().meta({ description: "Default: all of the caller's sites" });

const listQuery = z.object({
  site: siteParameter,
  standing: z.enum(STANDINGS).optional(),
  q: searchParameter.optional(),
  sort: z.enum(['recent', 'comments', 'rejected']).default('recent'),
  limit: limitParameter(MOST_ITEMS),
  cursor: cursorParameter,
});

/** By `recent` a place is ordered by a comment's id, which a cursor carries with the key. */
export const placeOfPosition = ({ key, value }: AuthorPosition): CursorPlace =>
  typeof value === 'number' ? { id: key, value } : { id: `${key} ${value}` };

export function positionOfPlace(place: CursorPlace | undefined): AuthorPosition | undefined {
  if (!place || place.id === null) return undefined;
  const [key = '', lastId = ''] = place.id.split(' ');
  return { key, value: place.value ?? lastId };
}

export const getAuthors: Operation = {
  name: 'listAuthors',
  summary: 'Who writes: by their newest comment, by how many they have, or by how many were rejected.',
  query: listQuery,
  answers: {
    200: z.object({
      items: z.array(authorView),
      total: z.int().min(0),
      totalCapped: z.literal(true).optional(),
      nextCursor: z.string().nullable(),
    }),
  },
  problems: ['site-not-found'],
  async handle(context, { deps }) {
    const { limit = USUAL_ITEMS, cursor, ...query } = parseQuery(context.query, { schema: listQuery });
    const { site, standing, q, sort } = query;
    const bound = ['authors', site, standing, q, sort].map((part) => `${part ?? ''}`);
    const from = positionOfPlace(placeOf(deps.keys, bound, cursor));
    const { next, ...slice } = await listAuthors(deps, principalOf(context), { ...query, from, limit });
    const nextCursor = next && writeCursor(deps.keys, bound, placeOfPosition(next));
    return json(200, { ...slice, nextCursor });
  },
};

const oneQuery = z.object({ site: siteParameter });

export const getAuthor: Operation = {
  name: 'getAuthor',
  summary: 'One author, by the key that comments show.',
  query: oneQuery,
  answers: { 200: authorView },
  problems: ['not-found'],
  async handle(context, { deps }) {
    const { site } = parseQuery(context.query, { schema: oneQuery });
    const key = context.params.author ?? '';
    return json(200, await describeAuthor(deps, principalOf(context), { key, site }));
  },
};

const lookup = z.object({ site: z.string(), email: emailText });

export const postAuthorLookup: Operation = {
  name: 'lookUpAuthor',
  summary: 'The author behind an e-mail address. Audited; the address is in the body only.',
  body: lookup,
  answers: { 200: authorView },
  problems: ['site-not-found', 'not-found'],
  async handle(context, { deps }) {
    const given = parseBody(lookup, context.body);
    return json(200, await lookUpAuthor(deps, principalOf(context), given));
  },
};

export const patchAuthor: Operation = {
  name: 'judgeAuthor',
  summary: "A person's word on an author: trusted, held or banned, or null to take it back.",
  patience: 'whole',
  query: oneQuery,
  body: judgement,
  answers: { 200: judgedAuthor },
  problems: ['not-found', 'conflict'],
  async handle(context, { deps }) {
    const { site } = parseQuery(context.query, { schema: oneQuery });
    const principal = principalOf(context);
    const key = context.params.author ?? '';
    // Unknown is said before what the body lacks.
    const found = await findAuthor(deps, principal, { key, site });
    const { version, ...given } = await parseBodyOrLookUp(
      judgement,
      context.body,
      async ({ version: _, ...said }) => errorsOfJudgement(deps, await findSite(deps, found.site), said),
    );
    const judged = await judgeAuthor(deps, principal, {
      key,
      site,
      judgement: { ...given, version: version ?? undefined },
    });
    return json(200, judged);
  },
};
