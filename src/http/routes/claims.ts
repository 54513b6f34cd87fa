import * as z from 'zod';
import { STATUSES } from '../../comments/comment.ts';
import { MOST_LEASE_SECONDS } from '../../moderation/claim-store.ts';
import {
  claimComments,
  MOST_CLAIMED,
  releaseClaims,
  renewClaims,
  USUAL_LEASE_SECONDS,
} from '../../moderation/claims.ts';
import { sitesOf } from '../../moderation/queue.ts';
import { parseBody } from '../fields.ts';
import { parseQuery } from '../query.ts';
import { json, noContent } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { moderatedComment, timestamp } from '../schemas/comment.ts';
import { searchParameter } from '../schemas/inputs.ts';

const leaseSeconds = z
  .int()
  .min(1)
  .max(MOST_LEASE_SECONDS)
  .nullish()
  .meta({ description: `Default: ${USUAL_LEASE_SECONDS}` });

const claimBody = z.object({
  site: z.string().nullish().meta({ description: "Default: all of the caller's sites" }),
  limit: z.int().min(1).max(MOST_CLAIMED),
  leaseSeconds,
  status: z
    .enum([...STATUSES, 'reported', 'all'])
    .nullish()
    .meta({ description: 'Default: pending' }),
  q: searchParameter.nullish(),
  phase: z.string().nullish(),
});

const claimed = z.object({ items: z.array(moderatedComment), until: timestamp });

export const postClaims: Operation = {
  name: 'claimComments',
  summary: 'Takes the oldest comments that nobody has, for a while; no comment is in two leases.',
  body: claimBody,
  answers: { 200: claimed },
  problems: ['site-not-found'],
  async handle(context, { deps }) {
    const body = parseBody(claimBody, context.body);
    const principal = principalOf(context);
    const { limit, q, phase } = body;
    const filter = {
      sites: await sitesOf(deps, principal, body.site ?? undefined),
      status: body.status ?? 'pending',
      ...(q && { q }),
      ...(phase && { phase }),
    };
    const lease = body.leaseSeconds ?? USUAL_LEASE_SECONDS;
    return json(200, await claimComments(deps, principal, { filter, limit, leaseSeconds: lease }));
  },
};

const renewBody = z.object({ leaseSeconds });

export const patchClaims: Operation = {
  name: 'renewClaims',
  summary: "Puts off the end of all of the caller's claims.",
  body: renewBody,
  answers: { 200: claimed },
  async handle(context, { deps }) {
    const { leaseSeconds: seconds } = parseBody(renewBody, context.body);
    return json(200, await renewClaims(deps, principalOf(context), seconds ?? USUAL_LEASE_SECONDS));
  },
};

const releaseQuery = z.object({
  id: z.array(z.string()).optional().meta({ description: 'Comments; may be repeated. Default: all' }),
});

export const deleteClaims: Operation = {
  name: 'releaseClaims',
  summary: "Gives back some of the caller's claims, or all.",
  query: releaseQuery,
  multiple: ['id'],
  answers: { 204: 'Given back.' },
  async handle(context, { deps }) {
    const { id } = parseQuery(context.query, { schema: releaseQuery, multiple: ['id'] });
    await releaseClaims(deps, principalOf(context), id);
    return noContent();
  },
};
