import * as z from 'zod';
import { STANDINGS } from '../../authors/standing.ts';
import { HISTORY_ACTIONS, REPORT_REASONS, STATUSES, VERDICTS } from '../../comments/comment.ts';

export const timestamp = z.iso
  .datetime({ precision: 3 })
  .meta({ description: 'RFC 3339, UTC, milliseconds' });
export const status = z.enum(STATUSES);
export const actor = z
  .object({
    kind: z.enum(['moderator', 'token', 'filter', 'author', 'system']),
    id: z.string(),
    name: z.string(),
  })
  .meta({ id: 'Actor' });

const author = z.object({
  key: z.string().nullable().meta({ description: 'Keyed pseudonym of the address, per site' }),
  name: z.string().nullable(),
  url: z.string().nullable(),
  avatar: z.string().nullable(),
  moderator: z.boolean(),
  verified: z.boolean(),
  badge: z.string().nullable(),
});

const commentParts = {
  id: z.string(),
  legacyId: z.string().nullable(),
  site: z.string(),
  page: z.object({ url: z.string().nullable(), title: z.string().nullable(), id: z.string().nullable() }),
  url: z.string().nullable(),
  parentId: z.string().nullable(),
  depth: z.int().min(0),
  body: z.object({ text: z.string(), html: z.string() }).nullable(),
  status,
  createdAt: timestamp,
  editedAt: timestamp.nullable(),
  votes: z.object({ up: z.int(), down: z.int() }),
  replyCount: z.int().min(0).meta({ description: 'Visible descendants of all levels' }),
  pinned: z.boolean(),
  deleted: z.boolean(),
};

export const publicComment = z
  .object({
    ...commentParts,
    author: author.nullable(),
    get replies(): z.ZodOptional<z.ZodArray<z.ZodType>> {
      return z.array(publicComment).optional();
    },
    repliesCursor: z.string().optional(),
  })
  .meta({ id: 'PublicComment' });

export const ownComment = publicComment
  .extend({ editableUntil: timestamp, readableUntil: timestamp, reason: z.string().nullable().optional() })
  .meta({ id: 'OwnComment' });

const phaseOutcome = z.object({
  phase: z.string(),
  outcome: z.enum(['pass', 'hold', 'spam', 'reject', 'waiting', 'error', 'skipped']),
  code: z.string().nullable(),
  detail: z.string().nullable(),
  score: z.number().nullable(),
  ms: z.number(),
  matches: z
    .array(z.object({ field: z.string(), start: z.int(), end: z.int(), weight: z.number() }))
    .optional(),
  filter: z
    .object({
      id: z.string(),
      verdict: z.enum(VERDICTS).nullable(),
      labels: z.array(z.string()),
      reason: z.string().nullable(),
      signedAt: z.int().nullable().meta({ description: 'Of a verdict that came later: seconds since 1970' }),
      onFailure: z.enum(['hold', 'publish']).meta({ description: 'How it counts without a verdict' }),
    })
    .optional()
    .meta({ description: 'Of an outside filter’s phase' }),
});

const moderatedParts = {
  ...commentParts,
  author: author
    .extend({ standing: z.enum(STANDINGS), approved: z.int(), rejected: z.int(), spam: z.int() })
    .nullable(),
  version: z.int().min(1),
  revision: z.int().min(1),
  emailMasked: z.string().nullable().meta({ description: 'First character, three dots, domain' }),
  risk: z.number(),
  screening: z.array(phaseOutcome),
  reports: z.array(z.object({ reason: z.enum(REPORT_REASONS), note: z.string().nullable(), at: timestamp })),
  claim: z.object({ by: actor, until: timestamp }).nullable(),
  similar: z.int(),
  decidedBy: actor.nullable(),
  secondReview: z
    .object({ first: actor.nullable() })
    .nullable()
    .meta({ description: 'Not null: two moderators have to approve it; `first` is who has' }),
};

export const moderatedComment = z.object(moderatedParts).meta({ id: 'ModeratedComment' });

const historyEntry = z.object({
  at: timestamp,
  by: actor,
  action: z.enum(HISTORY_ACTIONS),
  from: status,
  to: status,
  reason: z.string().nullable(),
  note: z.string().nullable(),
  decisionId: z.string(),
  undone: z.boolean(),
});

const revision = z
  .object({ revision: z.int().min(1), at: timestamp, by: actor.nullable() })
  .meta({ description: 'A state of the text. The newest text is the one that is kept.' });

export const commentDetail = z
  .object({
    ...moderatedParts,
    history: z.array(historyEntry),
    parent: publicComment.nullable(),
    revisions: z.array(revision),
  })
  .meta({ id: 'CommentDetail' });

export const decisionAnswer = z.object({ comment: moderatedComment, decisionId: z.string() });
