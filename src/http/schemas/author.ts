import * as z from 'zod';
import { SET_STANDINGS, STANDINGS } from '../../authors/standing.ts';
import { actor, timestamp } from './comment.ts';
import { moment } from './inputs.ts';

const momentOrNull = timestamp.nullable();
const count = z.int().min(0);

export const authorView = z
  .object({
    key: z.string(),
    site: z.string(),
    name: z.string().nullable().meta({ description: 'Of the newest comment' }),
    names: z.array(z.string()).meta({ description: 'Of the newest comments, newest first, each once' }),
    url: z.string().nullable(),
    avatar: z.string().nullable(),
    emailMasked: z.string().nullable().meta({ description: 'First character, three dots, domain' }),
    standing: z.enum(STANDINGS),
    until: momentOrNull.meta({ description: 'When the set standing ends by itself' }),
    reason: z.string().nullable(),
    by: actor.nullable().meta({ description: 'Who set the standing; null where it is worked out' }),
    at: momentOrNull,
    version: z.int().min(1),
    counts: z.object({
      pending: count,
      approved: count,
      rejected: count,
      spam: count,
      trash: count,
      reported: count,
    }),
    firstAt: momentOrNull,
    lastAt: momentOrNull,
  })
  .meta({ id: 'Author' });

export const judgement = z.object({
  standing: z.enum(SET_STANDINGS).nullable().meta({ description: 'Null takes back what was said before' }),
  until: moment.nullish().meta({ description: 'When it ends by itself; absent: never' }),
  reason: z.string().nullish().meta({ description: "One of the site's reasons" }),
  note: z.string().nullish().meta({ maxLength: 1000 }),
  version: z
    .int()
    .min(1)
    .nullish()
    .meta({ description: 'The version the caller saw; without one, what is current' }),
  existing: z
    .enum(['keep', 'reject', 'spam', 'trash'])
    .nullish()
    .meta({ description: "What becomes of the author's comments; without it they are kept" })
    .transform((given) => given ?? 'keep'),
});

export const judgedAuthor = z.object({
  author: authorView,
  batchId: z.string().nullable(),
  decided: count,
});
