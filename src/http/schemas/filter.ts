import * as z from 'zod';
import { VERDICTS } from '../../comments/comment.ts';
import { LABEL_LIMIT, MOST_LABELS, REASON_LIMIT, wordOf } from '../../filters/answer.ts';
import { DEADLINE, DISCLOSABLE, FILTER_EVENTS, FILTER_KINDS, FILTER_MODES } from '../../filters/filter.ts';
import { countCharacters } from '../../text/normalize.ts';
import { actor, status, timestamp } from './comment.ts';
import { absentOr, line } from './inputs.ts';
import { personName as name, scope } from './staff.ts';

const URL_LIMIT = 2000;

const url = line(URL_LIMIT).meta({ description: 'https and public, unless the installation admits others' });
const mode = z.enum(FILTER_MODES).meta({ description: '`sync`: asked while the comment is posted' });
const deadlineMs = z
  .int()
  .min(DEADLINE.least)
  .max(DEADLINE.most)
  .meta({ description: 'For the whole answer' });
const onFailure = z
  .enum(['hold', 'publish'])
  .meta({ description: 'How a comment counts while the filter has not answered, or failed' });
const share = z.number().min(0).max(1);
const scores = z.object({ approve: share, spam: share });
const thresholds = scores
  .refine(({ approve, spam }) => approve <= spam, { path: ['approve'], params: { code: 'out-of-range' } })
  .meta({ description: 'With a score: from `spam` on spam, up to `approve` ham, between them held' });
const events = z
  .array(z.enum(FILTER_EVENTS))
  .min(1)
  .max(FILTER_EVENTS.length)
  .transform((given) => FILTER_EVENTS.filter((event) => given.includes(event)));
const enabled = z.boolean();
const key = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/)
  .meta({ description: 'Verified with Akismet at once' });
const disclose = z
  .array(z.enum(DISCLOSABLE))
  .max(DISCLOSABLE.length)
  .transform((given) => DISCLOSABLE.filter((one) => given.includes(one)))
  .meta({ description: 'What Akismet is told beside what is public; shown to readers as `shares`' });

const usual = {
  deadlineMs: absentOr(deadlineMs),
  onFailure: absentOr(onFailure),
  thresholds: thresholds.nullable().optional(),
  events: absentOr(events),
  sites: absentOr(scope),
  enabled: absentOr(enabled),
};

/** Which kind is meant is said by `kind` alone, so that a bad member is told of as one of that kind. */
export const newFilter = z.object({
  kind: absentOr(z.literal('webhook')),
  name,
  url,
  mode: absentOr(mode),
  ...usual,
});

export const newAkismet = z.object({
  kind: z.literal('akismet'),
  name,
  key,
  disclose: absentOr(disclose),
  ...usual,
});
export const anyNewFilter = z.union([newFilter, newAkismet]);

export const filterPatch = z.object({
  name: name.optional(),
  url: url.optional(),
  mode: mode.nullable().optional(),
  deadlineMs: deadlineMs.nullable().optional(),
  onFailure: onFailure.nullable().optional(),
  thresholds: scores
    .partial()
    .nullable()
    .optional()
    .meta({ description: 'One of the two alone leaves the other; null takes both away' }),
  events: events.nullable().optional(),
  sites: scope.nullable().optional(),
  enabled: enabled.nullable().optional(),
  key: key.optional(),
  disclose: disclose.nullable().optional(),
  version: absentOr(z.int().min(1)),
});

const health = z
  .object({
    state: z.enum(['closed', 'open', 'half-open']).meta({ description: '`open`: left in peace for a while' }),
    asked: z.int(),
    failed: z.int(),
    lastAnswerAt: timestamp.nullable(),
    lastFailureAt: timestamp.nullable(),
    lastFailure: z.string().nullable(),
    p95Ms: z.number().nullable(),
  })
  .meta({ description: 'As this instance sees it, since it started' });

export const filter = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(FILTER_KINDS),
    url: z.string().nullable(),
    mode,
    deadlineMs,
    onFailure,
    thresholds: z.object({ approve: share, spam: share }).nullable(),
    events: z.array(z.enum(FILTER_EVENTS)),
    sites: z.array(z.string()),
    enabled,
    disclose: z.array(z.enum(DISCLOSABLE)),
    health,
    version: z.int().min(1),
    createdBy: actor,
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Filter' });

const text = (limit: number) =>
  z
    .string()
    .meta({ maxLength: limit })
    .superRefine((value, context) => {
      if (countCharacters(value) > limit)
        context.issues.push({ code: 'custom', input: value, params: { code: 'too-long', limit } });
    });

export const verdict = z
  .object({
    commentId: z.string(),
    revision: z.int().min(1).nullish(),
    verdict: z.enum(VERDICTS),
    score: z.number().min(0).max(1).nullish(),
    labels: z.array(text(LABEL_LIMIT)).max(MOST_LABELS).nullish(),
    reason: text(REASON_LIMIT).nullish(),
  })
  .transform(({ commentId, revision, ...word }) => ({
    commentId,
    ...(revision != null && { revision }),
    ...wordOf(word),
  }));

export const verdictAnswer = z.object({
  applied: z.boolean(),
  cause: z.enum(['decided', 'stale', 'deleted']).optional(),
  comment: z.object({ id: z.string(), status, version: z.int().min(1) }),
});
