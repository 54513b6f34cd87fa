import * as z from 'zod';
import { wrongTargets } from '../../filters/check-filter.ts';
import type { Filter } from '../../filters/filter.ts';
import { presentFilter } from '../../filters/filter-view.ts';
import {
  createFilter,
  createFilterSecret,
  findFilter,
  listFilters,
  removeFilter,
  rotateSecret,
  sendTest,
  updateFilter,
} from '../../filters/manage.ts';
import { beginReplay } from '../../filters/replay.ts';
import { secretsOf } from '../../filters/secret.ts';
import { parseBody, parseBodyOrLookUp } from '../fields.ts';
import type { Reply } from '../reply.ts';
import { created, json, noContent } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { timestamp } from '../schemas/comment.ts';
import { anyNewFilter, filter, filterPatch, newAkismet, newFilter } from '../schemas/filter.ts';
import { moment } from '../schemas/inputs.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const planned = z.object({ id: z.string(), secret: z.string() });
const withSecret = filter.extend({
  secret: z.string().optional().meta({ description: 'Shown in this answer and never again' }),
});

const idOf = ({ params }: Context): string => params.filter ?? '';

/** Akismet's key is the admin's own and is not read back. */
const madeReply = ({ deps }: App, made: Filter, secret: string): Reply =>
  created(`/v1/admin/filters/${made.id}`, {
    ...presentFilter(deps, made),
    ...(made.kind === 'webhook' && { secret }),
  });

const isAkismet = (body: unknown): boolean =>
  typeof body === 'object' && body !== null && Reflect.get(body, 'kind') === 'akismet';

export const postFilter: Operation = {
  name: 'createFilter',
  summary: 'Makes an outside filter. Its secret is shown in this answer and never again.',
  body: anyNewFilter,
  answers: { 201: withSecret },
  problems: ['already-exists'],
  async prepare(context, app) {
    const schema = isAkismet(context.body) ? newAkismet : newFilter;
    const given = await parseBodyOrLookUp(schema, context.body, (members) =>
      wrongTargets(app.deps, principalOf(context), members),
    );
    const plan = { id: app.deps.ids.next(app.deps.clock.now()), secret: createFilterSecret() };
    return {
      plan,
      async run() {
        const made = await createFilter(app.deps, principalOf(context), { ...given, ...plan });
        return madeReply(app, made, plan.secret);
      },
    };
  },
  async recover(_context, app, plan) {
    const { id, secret } = planned.parse(plan);
    const made = await app.deps.filters.find(id);
    return made && madeReply(app, made, secret);
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
    const patch = await parseBodyOrLookUp(filterPatch, context.body, (members) =>
      wrongTargets(deps, principalOf(context), members),
    );
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

const rotated = filter.extend({
  secret: z.string().meta({ description: 'Shown in this answer and never again' }),
  previousSecretUntil: timestamp.nullable(),
});

function rotatedReply({ deps }: App, made: Filter, secret: string): Reply {
  const until = made.former && new Date(made.former.until).toISOString();
  return json(200, { ...presentFilter(deps, made), secret, previousSecretUntil: until });
}

export const postFilterSecret: Operation = {
  name: 'rotateFilterSecret',
  summary: 'A new secret; for 24 hours the one before signs and counts too.',
  answers: { 200: rotated },
  async prepare(context, app) {
    const plan = { id: idOf(context), secret: createFilterSecret() };
    return {
      plan,
      run: async () =>
        rotatedReply(app, await rotateSecret(app.deps, principalOf(context), plan), plan.secret),
    };
  },
  async recover(_context, app, plan) {
    const { id, secret } = planned.parse(plan);
    const found = await app.deps.filters.find(id);
    return found && secretsOf(app.deps, found)[0] === secret ? rotatedReply(app, found, secret) : null;
  },
};

const begun = z.object({ id: z.string(), at: z.number() });

export const postFilterTest: Operation = {
  name: 'testFilter',
  summary: 'Sends the filter a message that says nothing; `health` tells how that went.',
  answers: { 202: z.object({ deliveryId: z.string() }) },
  async prepare(context, { deps }) {
    const at = deps.clock.now();
    const plan = { id: deps.ids.next(at), at };
    return {
      plan,
      async run() {
        const test = { id: idOf(context), event: plan.id, at };
        return json(202, { deliveryId: (await sendTest(deps, principalOf(context), test)).id });
      },
    };
  },
  async recover(context, { deps }, plan) {
    const { id: event, at } = begun.parse(plan);
    const sent = await sendTest(deps, principalOf(context), { id: idOf(context), event, at });
    return json(202, { deliveryId: sent.id });
  },
};

const replay = z.object({ since: moment, until: moment.nullish(), site: z.string().nullish() });

export const postFilterReplay: Operation = {
  name: 'replayFilter',
  summary: 'Sends what people decided in that time once more, also from before the filter was.',
  body: replay,
  answers: { 202: z.object({ replayId: z.string() }) },
  problems: ['conflict'],
  async prepare(context, { deps }) {
    const { since, until, site } = parseBody(replay, context.body);
    const replayId = deps.ids.next(deps.clock.now());
    const request = { since, until: until ?? undefined, site: site ?? undefined };
    return {
      plan: { replayId },
      async run() {
        await beginReplay(deps, principalOf(context), { id: idOf(context), replayId, request });
        return json(202, { replayId });
      },
    };
  },
  // Whether it began before a crash can't be told; what is sent twice is known by its ids.
  recover: async () => null,
};
