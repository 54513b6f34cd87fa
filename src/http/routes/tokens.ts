import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { FieldError } from '../../errors.ts';
import {
  createTokenSecret,
  findToken,
  grantToken,
  listTokens,
  presentToken,
  removeToken,
} from '../../staff/tokens.ts';
import { parseBody } from '../fields.ts';
import { created, json, noContent } from '../reply.ts';
import type { Context, Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { token } from '../schemas/site.ts';
import { newToken } from '../schemas/staff.ts';
import { listAnswer, listParameters, readList, slice } from './lists.ts';

const planned = z.object({ id: z.string(), secret: z.string() });

/** A token that has ended already is of no use to anybody. */
function pastEnd({ body }: Context, clock: Clock): FieldError[] {
  const end = newToken.pick({ expiresAt: true }).safeParse(body).data?.expiresAt ?? null;
  return end !== null && end <= clock.now() ? [{ pointer: '/expiresAt', code: 'out-of-range' }] : [];
}

export const postToken: Operation = {
  name: 'createToken',
  summary: 'Makes a bearer token; it is shown in this answer and never again.',
  body: newToken,
  answers: { 201: token.extend({ token: z.string() }) },
  async prepare(context, { deps }) {
    const { expiresAt = null, ...given } = parseBody(newToken, context.body, pastEnd(context, deps.clock));
    const id = deps.ids.next(deps.clock.now());
    const secret = createTokenSecret();
    return {
      plan: { id, secret },
      async run() {
        const made = await grantToken(deps, principalOf(context), { ...given, expiresAt, id, secret });
        return created(`/v1/admin/tokens/${id}`, { ...made, token: secret });
      },
    };
  },
  async recover(_context, { deps }, plan) {
    const { id, secret } = planned.parse(plan);
    const made = await deps.tokens.find(id);
    return made && created(`/v1/admin/tokens/${id}`, { ...presentToken(made), token: secret });
  },
};

export const listAdminTokens: Operation = {
  name: 'listTokens',
  summary: 'Tokens within the caller’s scope, newest first.',
  query: listParameters,
  answers: { 200: listAnswer(token) },
  async handle(context, { deps }) {
    const { limit, before, bound } = readList(context, deps.keys, ['tokens']);
    const found = await listTokens(deps, principalOf(context), { before, limit: limit + 1 });
    return json(200, slice(found, { limit, bound, keys: deps.keys, present: (item) => item }));
  },
};

export const getToken: Operation = {
  name: 'getToken',
  summary: 'One token, without its secret.',
  answers: { 200: token },
  async handle(context, { deps }) {
    return json(200, presentToken(await findToken(deps, principalOf(context), context.params.token ?? '')));
  },
};

export const deleteToken: Operation = {
  name: 'deleteToken',
  summary: 'Takes a token away; from now on it opens nothing.',
  answers: { 204: 'Taken away.' },
  async handle(context, { deps }) {
    await removeToken(deps, principalOf(context), context.params.token ?? '');
    return noContent();
  },
};
