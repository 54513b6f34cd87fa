import * as z from 'zod';
import { drawAvatar, isAuthorKey } from '../../authors/avatar.ts';
import { checkBody, FieldErrors } from '../../comments/fields.ts';
import { listNewest, listRecent } from '../../comments/recent.ts';
import { AppError, validationFailed } from '../../errors.ts';
import { findPage, newPageKey, presentPage } from '../../sites/pages.ts';
import { renderBody } from '../../text/markdown.ts';
import { parseShape } from '../fields.ts';
import { atomFeed } from '../pages/atom.ts';
import { parseQuery } from '../query.ts';
import { JSON_TYPE, json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { siteOf } from '../route.ts';
import { publicComment } from '../schemas/comment.ts';
import { limitParameter, pageParameters } from '../schemas/page-parameters.ts';
import { captureSecurityHeaders } from '../security-headers.ts';
import { pageNameOf, pageReference } from './listing-read.ts';

const MOST_RECENT = 50;
const USUAL_RECENT = 10;
const FEED_LENGTH = 50;
/** A picture is made from its address alone and never changes. */
const FOR_GOOD = 'public, max-age=31536000, immutable';

const recentQuery = z.object({ limit: limitParameter(MOST_RECENT).meta({ description: 'Default: 10' }) });

export const getRecent: Operation = {
  name: 'getRecent',
  summary: 'The newest comments of the site, whatever page they stand on.',
  query: recentQuery,
  answers: { 200: z.object({ comments: z.array(publicComment) }) },
  conditional: true,
  async handle(context, { deps, share }) {
    const { limit = USUAL_RECENT } = parseQuery(context.query, { schema: recentQuery });
    const comments = await listRecent(deps, siteOf(context), limit);
    return share(context, { contentType: JSON_TYPE, body: JSON.stringify({ comments }) });
  },
};

const feedQuery = z.object(pageParameters);

export const getFeed: Operation = {
  name: 'getFeed',
  summary: 'The newest comments of a page, or of the whole site, as an Atom feed.',
  query: feedQuery,
  answers: { 200: 'An Atom feed' },
  types: ['application/atom+xml'],
  conditional: true,
  problems: ['not-found'],
  async handle(context, { deps, share }) {
    const site = siteOf(context);
    if (!site.policy.feed) throw new AppError('not-found');
    const name = pageNameOf(parseQuery(context.query, { schema: feedQuery }));
    const isOfPage = name.url !== null || name.id !== null;
    const page = isOfPage ? await findPage(deps, site, name) : null;
    const comments = isOfPage
      ? await listNewest(deps, { site, page }, FEED_LENGTH)
      : await listRecent(deps, site, FEED_LENGTH);
    const key = page?.key ?? newPageKey(deps.keys, site.id, pageReference(site, name));
    const body = atomFeed({
      site,
      page: isOfPage ? { ...presentPage(site, page), key } : null,
      comments,
      publicUrl: deps.publicUrl,
    });
    return share(context, { contentType: 'application/atom+xml; charset=utf-8', body, anyOrigin: true });
  },
};

const previewBody = z.object({ body: z.string().nullish() });

export const postPreview: Operation = {
  name: 'previewComment',
  summary: 'A body as the service would show it. Nothing is stored.',
  body: previewBody,
  answers: { 200: z.object({ html: z.string() }) },
  handle(context) {
    const { input, errors } = parseShape(previewBody, context.body);
    const found = new FieldErrors(errors);
    const text = checkBody(found, siteOf(context), input.body);
    if (text === null) throw validationFailed(found.list);
    return Promise.resolve(json(200, { html: renderBody(text) }));
  },
};

export const getAvatar: Operation = {
  name: 'getAvatar',
  summary: 'An author’s picture, drawn by this service from their key.',
  answers: { 200: 'A picture' },
  types: ['image/svg+xml'],
  conditional: true,
  problems: ['not-found'],
  handle(context, { share, config }) {
    const { key = '' } = context.params;
    if (!isAuthorKey(key)) throw new AppError('not-found');
    const security = captureSecurityHeaders({
      https: config.publicUrl.startsWith('https:'),
      embeddable: true,
    });
    const contentType = 'image/svg+xml; charset=utf-8';
    return Promise.resolve(
      share(context, { contentType, body: drawAvatar(key), security, cacheControl: FOR_GOOD }),
    );
  },
};
