import * as z from 'zod';
import { describeStats } from '../../moderation/stats.ts';
import { parseQuery } from '../query.ts';
import { json } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';
import { actor } from '../schemas/comment.ts';

const MOST_DAYS = 366;
const USUAL_DAYS = 30;

const statsQuery = z.object({
  site: z.string().optional().meta({ description: "Default: all of the caller's sites" }),
  days: z.int().min(1).max(MOST_DAYS).optional().meta({ description: 'Today and those before; default 30' }),
});

const day = z.iso.date().meta({ description: "A day of the site's time zone" });
const count = z.int().min(0);
const seconds = z.int().min(0).nullable();

export const getStats: Operation = {
  name: 'getStats',
  summary: "What happened on the last days: volume, waits, moderators' decisions, and how phases fared.",
  query: statsQuery,
  answers: {
    200: z.object({
      from: day,
      to: day,
      volume: z.array(z.object({ day, created: count, approved: count, rejected: count, spam: count })),
      timeToDecision: z.object({ p50Seconds: seconds, p90Seconds: seconds }),
      moderators: z.array(z.object({ by: actor, decisions: count, overturned: count })),
      phases: z.array(
        z.object({
          phase: z.string(),
          held: count,
          spam: count,
          rejected: count,
          decided: count,
          overturned: count,
          rate: z.number().meta({ description: 'overturned / decided, 0 where nothing was decided' }),
          p95Ms: z.number().nullable().meta({
            description:
              'How long nineteen of twenty took at most: a filter’s answers in these days, about; a phase’s last runs in this process',
          }),
        }),
      ),
    }),
  },
  problems: ['site-not-found'],
  async handle(context, { deps }) {
    const { site, days = USUAL_DAYS } = parseQuery(context.query, { schema: statsQuery });
    return json(200, await describeStats(deps, principalOf(context), { site, days }));
  },
};
