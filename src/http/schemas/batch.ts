import * as z from 'zod';
import { DECISION_ACTIONS, STATUSES } from '../../comments/comment.ts';
import { MOST_BULK_ITEMS, MOST_MATCHED } from '../../moderation/batches.ts';
import { actor, status, timestamp } from './comment.ts';
import { moment, searchParameter } from './inputs.ts';

const text = z.string().nullish();

const match = z.object({
  site: z.string(),
  status: z.enum([...STATUSES, 'reported', 'all']),
  author: text.meta({ description: "The author's key" }),
  page: text.meta({ description: "The page's URL" }),
  pageId: text.meta({ description: "The publisher's own id of the page, instead of `page`" }),
  // Nothing to search for is no filter, and a match must not reach further than was meant.
  q: searchParameter.refine((words) => words !== '', { params: { code: 'required' } }).nullish(),
  similarTo: z
    .string()
    .refine((id) => id !== '', { params: { code: 'required' } })
    .nullish()
    .meta({ description: 'Near copies of that comment, without itself, as they are when the call comes' }),
  until: moment.meta({ description: 'Compares createdAt; what comes later is left alone' }),
});

/** Exactly one of `items` and `match`; `limit` goes with `match`. */
export const bulkDecision = z.object({
  action: z.enum(DECISION_ACTIONS),
  items: z
    .array(z.object({ id: z.string(), version: z.int().min(1).nullish() }))
    .min(1)
    .max(MOST_BULK_ITEMS)
    .nullish()
    .meta({ description: 'Comments with the version that was seen; no id twice' }),
  match: match.nullish().meta({ description: 'Instead of `items`: comments of a filter, oldest first' }),
  limit: z.int().min(1).max(MOST_MATCHED).nullish().meta({ description: 'Required with `match`' }),
  reason: text.meta({ description: "One of the site's reasons" }),
  note: text.meta({ maxLength: 1000 }),
});

export const itemResult = z.union([
  z.object({ id: z.string(), ok: z.literal(true), status, version: z.int(), decisionId: z.string() }),
  z.object({
    id: z.string(),
    ok: z.literal(false),
    error: z.object({
      status: z.int(),
      code: z.string(),
      detail: z.string(),
      current: z
        .object({ status, version: z.int(), by: actor.nullable(), at: timestamp })
        .optional()
        .meta({ description: 'On a conflict' }),
      errors: z
        .array(z.object({ pointer: z.string(), code: z.string(), detail: z.string() }))
        .optional()
        .meta({ description: "Where the comment's site does not know the reason" }),
    }),
  }),
]);

export const bulkAnswer = z.union([
  z.object({ batchId: z.string(), results: z.array(itemResult) }),
  z.object({
    batchId: z.string(),
    decided: z.int(),
    conflicts: z.int().meta({ description: 'Found, and not decided' }),
    remaining: z.int().meta({ description: 'Not come to; exact to 10,000' }),
    remainingCapped: z.literal(true).optional(),
  }),
]);
