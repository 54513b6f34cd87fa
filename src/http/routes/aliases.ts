import { z } from 'zod';
import { addAlias, presentAlias, removeAlias } from '../../sites/aliases.ts';
import { actorOf } from '../../staff/principal.ts';
import { parseBody } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { created, json, noContent } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { alias } from '../schemas/site.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const newAlias = z.object({ alias: z.string(), page: z.string() });

export const postAlias: Operation = {
  name: 'addAlias',
  summary: 'Joins one more address to a page; comments under it move there.',
  body: newAlias,
  answers: { 201: z.object({ added: z.int(), moved: z.int(), errors: z.array(z.json()) }) },
  async prepare(context, { deps }) {
    const given = { ...parseBody(newAlias, context.body), by: actorOf(principalOf(context)) };
    const site = siteOf(context);
    return {
      plan: {},
      run: async () => created(`/v1/admin/sites/${site.id}/pages/aliases`, await addAlias(deps, site, given)),
    };
  },
  // Joining what is joined already changes nothing, so it is simply done again.
  recover: async () => null,
};

export const listAliases: Operation = {
  name: 'listAliases',
  summary: "The site's aliases, newest first.",
  query: listParameters,
  answers: { 200: listAnswer(alias) },
  async handle(context, { deps }) {
    const site = siteOf(context).id;
    const { limit, before, bound } = readList(context, deps.keys, ['aliases', site]);
    const found = await deps.sites.aliases({ site, before, limit: limit + 1 });
    return json(200, slice(found, { limit, bound, keys: deps.keys, present: presentAlias }));
  },
};

const removal = z.object({ alias: z.string().meta({ description: 'The address to part from its page' }) });

export const deleteAlias: Operation = {
  name: 'removeAlias',
  summary: 'Parts an address from its page; comments stay where they are.',
  query: removal,
  answers: { 204: 'Parted.' },
  async handle(context, { deps }) {
    const { alias } = parseQuery(context.query, { schema: removal });
    await removeAlias(deps, siteOf(context), { alias, by: actorOf(principalOf(context)) });
    return noContent();
  },
};
