import * as z from 'zod';
import { AppError, validationFailed } from '../../errors.ts';
import { createSite, presentSite, removeSite } from '../../sites/manage.ts';
import { changeSite } from '../../sites/respell-pages.ts';
import { actorOf, scopeOf } from '../../staff/principal.ts';
import { parseBody } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { created, json, noContent } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { newSite, site, sitePatch } from '../schemas/site.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const planned = z.object({ id: z.string(), actId: z.string() });

export const postSite: Operation = {
  name: 'createSite',
  summary: 'Makes a site.',
  body: newSite,
  answers: { 201: site },
  problems: ['already-exists'],
  async prepare(context, { deps }) {
    // A new site is beyond every list of sites: only who has all of them can have it.
    if (scopeOf(principalOf(context)) !== null) throw new AppError('forbidden');
    const { locale = 'en', timeZone = 'UTC', ...given } = parseBody(newSite, context.body);
    if (await deps.sites.find(given.id)) throw new AppError('already-exists');
    const actId = deps.ids.next(deps.clock.now());
    const by = actorOf(principalOf(context));
    return {
      plan: { id: given.id, actId },
      async run() {
        const made = await createSite(deps, { ...given, locale, timeZone }, { by, actId });
        return created(`/v1/admin/sites/${made.id}`, presentSite(made));
      },
    };
  },
  async recover(_context, { deps }, plan) {
    const { id } = planned.parse(plan);
    // It was not there when this was planned, so what is there now is what was planned.
    const made = await deps.sites.find(id);
    return made && created(`/v1/admin/sites/${id}`, presentSite(made));
  },
};

export const listSites: Operation = {
  name: 'listSites',
  summary: "The caller's sites, newest first.",
  query: listParameters,
  answers: { 200: listAnswer(site) },
  async handle(context, { deps }) {
    const { limit, before, bound } = readList(context, deps.keys, ['sites']);
    const found = await deps.sites.list({ scope: scopeOf(principalOf(context)), before, limit: limit + 1 });
    return json(200, slice(found, { limit, bound, keys: deps.keys, present: presentSite }));
  },
};

export const getAdminSite: Operation = {
  name: 'getAdminSite',
  summary: 'A site with its whole policy.',
  answers: { 200: site },
  async handle(context) {
    return json(200, presentSite(siteOf(context)));
  },
};

export const patchSite: Operation = {
  name: 'updateSite',
  summary: 'RFC 7396: absent keeps, null gives a default back; with a `version` that no longer stands, 409.',
  body: sitePatch,
  answers: { 200: site },
  problems: ['conflict'],
  async handle(context, { deps }) {
    const patch = parseBody(sitePatch, context.body);
    return json(
      200,
      presentSite(await changeSite(deps, siteOf(context).id, patch, actorOf(principalOf(context)))),
    );
  },
};

const removal = z.object({ confirm: z.string().meta({ description: "The site's id once more" }) });

export const deleteSite: Operation = {
  name: 'deleteSite',
  summary: 'Removes a site with everything in it.',
  query: removal,
  answers: { 204: 'Removed.' },
  async handle(context, { deps }) {
    const { confirm } = parseQuery(context.query, { schema: removal });
    const { id } = siteOf(context);
    if (confirm !== id) throw validationFailed([{ parameter: 'confirm', code: 'invalid' }]);
    await removeSite(deps, id, actorOf(principalOf(context)));
    return noContent();
  },
};
