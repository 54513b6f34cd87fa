import { z } from 'zod';
import type { Filter } from '../../filters/filter.ts';
import { presentFilter } from '../../filters/filter-view.ts';
import {
  createFilter,
  createFilterSecret,
  findFilter,
  listFilters,
  recordCreation,
  removeFilter,
  rotateSecret,
  updateFilter,
} from '../../filters/manage.ts';
import { secretsOf } from '../../filters/secret.ts';
import { parseBody } from '../fields.ts';
import type { Reply } from '../reply.ts';
import { created, json, noContent } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { filter, filterPatch, newFilter } from '../schemas/filter.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const planned = z.object({ id: z.string(), secret: z.string() });
const withSecret = filter.extend({
  secret: z.string().meta({ description: 'Shown in this answer and never again' }),
});

const idOf = ({ params }: Context): string => params.filter ?? '';

const madeReply = ({ deps }: App, made: Filter, secret: string): Reply =>
  created(`/v1/admin/filters/${made.id}`, { ...presentFilter(deps, made), secret });

export const postFilter: Operation = {
  name: 'createFilter',
  summary: 'Makes an outside filter. Its secret is shown in this answer and never again.',
  body: newFilter,
  answers: { 201: withSecret },
  problems: ['already-exists'],
  async prepare(context, app) {
    const given = parseBody(newFilter, context.body);
    const plan = { id: app.deps.ids.next(app.deps.clock.now()), secret: createFilterSecret() };
    return {
      plan,
      async run() {
        const made = await createFilter(app.deps, principalOf(context), { ...given, ...plan });
        return madeReply(app, made, plan.secret);
      },
    };
  },
  async recover(context, app, plan) {
    const { id, secret } = planned.parse(plan);
    const made = await app.deps.filters.find(id);
    if (!made) return null;
    await recordCreation(app.deps, principalOf(context), made);
    return madeReply(app, made, secret);
  },
};

export const listAdminFilters: Operation = {
  name: 'listFilters',
  summary: 'Filters whose sites the caller has all, newest first.',
  query: listParameters,
  answers: { 200: listAnswer(filter) },
  async handle(context, { deps }) {
    const { limit, before, bound } = readList(context, deps.keys, ['filters']);
    const found = await listFilters(deps, principalOf(context), { before, limit: limit + 1 });
    const present = (item: Filter) => presentFilter(deps, item);
    return json(200, slice(found, { limit, bound, keys: deps.keys, present }));
  },
};

export const getFilter: Operation = {
  name: 'getFilter',
  summary: 'One filter, without its secret, and how it fares.',
  answers: { 200: filter },
  async handle(context, { deps }) {
    return json(200, presentFilter(deps, await findFilter(deps, principalOf(context), idOf(context))));
  },
};

export const patchFilter: Operation = {
  name: 'updateFilter',
  summary: 'Changes a filter; with a `version` that no longer stands, 409.',
  body: filterPatch,
  answers: { 200: filter },
  problems: ['conflict', 'already-exists'],
  async handle(context, { deps }) {
    const patch = parseBody(filterPatch, context.body);
    const changed = await updateFilter(deps, principalOf(context), { id: idOf(context), patch });
    return json(200, presentFilter(deps, changed));
  },
};

export const deleteFilter: Operation = {
  name: 'deleteFilter',
  summary: 'Takes a filter away. What it said of comments stays with them.',
  answers: { 204: 'Taken away.' },
  async handle(context, { deps }) {
    await removeFilter(deps, principalOf(context), idOf(context));
    return noContent();
  },
};

export const postFilterSecret: Operation = {
  name: 'rotateFilterSecret',
  summary:
    'Gives a new secret, shown in this answer only. The old one signs and counts for another 24 hours.',
  answers: { 201: withSecret },
  async prepare(context, app) {
    const plan = { id: idOf(context), secret: createFilterSecret() };
    return {
      plan,
      run: async () => madeReply(app, await rotateSecret(app.deps, principalOf(context), plan), plan.secret),
    };
  },
  async recover(_context, app, plan) {
    const { id, secret } = planned.parse(plan);
    const found = await app.deps.filters.find(id);
    return found && secretsOf(app.deps, found)[0] === secret ? madeReply(app, found, secret) : null;
  },
};
