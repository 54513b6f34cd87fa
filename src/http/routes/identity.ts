import * as z from 'zod';
import {
  keptIdentitySecret,
  newIdentitySecret,
  rotateIdentitySecret,
} from '../../authors/identity-secret.ts';
import type { IdentitySecret } from '../../authors/identity-store.ts';
import { timestamp } from '../../comments/present.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf, siteOf } from '../route.ts';
import { timestamp as moment } from '../schemas/comment.ts';

const planned = z.object({ site: z.string(), secret: z.string() });

const replyOf = (secret: string, { previous }: IdentitySecret) =>
  json(200, { secret, previousUntil: previous && timestamp(previous.until) });

export const postIdentitySecret: Operation = {
  name: 'rotateIdentitySecret',
  summary: 'A new secret for tokens of signed-in readers; for 24 hours the one before counts too.',
  answers: {
    200: z.object({
      secret: z.string().meta({ description: 'For HS256; shown in this answer and never again' }),
      previousUntil: moment.nullable().meta({ description: 'Until then the secret before counts too' }),
    }),
  },
  async prepare(context, { deps }) {
    const plan = { site: siteOf(context).id, secret: newIdentitySecret() };
    return {
      plan,
      run: async () => replyOf(plan.secret, await rotateIdentitySecret(deps, principalOf(context), plan)),
    };
  },
  async recover(_context, { deps }, plan) {
    const { site, secret } = planned.parse(plan);
    const kept = await keptIdentitySecret(deps, { site, secret });
    return kept && replyOf(secret, kept);
  },
};
