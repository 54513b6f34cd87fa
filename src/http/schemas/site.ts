import * as z from 'zod';
import { MOST_APPROVALS } from '../../authors/standing.ts';
import { parseOrigin } from '../../sites/origins.ts';
import { DEFAULT_POLICY, NOTICES } from '../../sites/policy.ts';
import { timestamp } from './comment.ts';
import { absentOr, line } from './inputs.ts';

const NAME_LIMIT = 200;
const MOST_ORIGINS = 100;
const MOST_TERMS = 200;
const TERM_LIMIT = 253;
const MOST_NAMES = 1000;
const MOST_PHASES = 100;
const MOST_FIELDS = 100;
const PHASE_NAMES: readonly string[] = [
  ...['trap', 'too-soon', 'duplicate', 'own-email', 'links', 'contacts', 'script', 'wordlist', 'author'],
  ...['moderation', 'similar', 'learner'],
];
const DAYS_LIMIT = 36_500;
const SECONDS_LIMIT = 366 * 24 * 3600;
const HITS_LIMIT = 1_000_000_000;
/** More than a body of the greatest length can hold. */
const LINKS_LIMIT = 10_000;
const TAKEN_NAMES: readonly string[] = [
  ...['page', 'pageId', 'parentId', 'author', 'body', 'elapsedMs', 'subscribe', 'email', 'url', 'comment'],
  ...['comment_parent', 'comment_post_ID', 'page_title', 'page_id', 'email_sealed', 'form_shown'],
];
/** Past so many reports of one comment none is kept; see comments/changes/reports.ts. */
const REPORTS_LIMIT = 1000;

export const siteId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
  .meta({ description: 'Chosen by the admin, part of every address' });

const origin = z.string().transform((text, context) => {
  // As a browser's address bar has it, with a slash behind.
  const parsed = parseOrigin(text.replace(/\/$/, ''));
  if (parsed) return parsed.text;
  context.issues.push({ code: 'custom', input: text, params: { code: 'invalid-url' } });
  return z.NEVER;
});

const isLocale = (text: string): boolean => {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    // RangeError: not a language tag.
    return false;
  }
};

const isTimeZone = (text: string): boolean => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    // RangeError: no such zone.
    return false;
  }
};

export const locale = z.string().max(35).refine(isLocale).meta({ description: 'BCP 47' });
const timeZone = z.string().max(64).refine(isTimeZone).meta({ description: 'IANA name' });
const origins = z
  .array(origin)
  .min(1)
  .max(MOST_ORIGINS)
  .meta({ description: '`scheme://host[:port]`, the host may begin with `*.`' });

/** A name that no field of a form or member of a body has. */
const trapField = z
  .string()
  .regex(/^(?:[A-Za-z][\w-]{0,63})?$/)
  .refine((name) => !TAKEN_NAMES.includes(name), { params: { code: 'duplicate' } })
  .meta({ description: 'The field that people do not see; whoever fills it in is spam; empty: none' });

/** Null gives the default back. */
const orDefault = <T extends z.ZodType>(schema: T) => schema.nullable().optional();
const whole = (min: number, max: number) => orDefault(z.int().min(min).max(max));
const share = orDefault(z.number().min(0).max(1));
const terms = z.array(line(TERM_LIMIT)).max(MOST_TERMS);
const unique = <T>(list: T[]): boolean => new Set(list).size === list.length;

/** What the policy of a page's address and of a form's way back is made from, so nothing but a host. */
const host = line(TERM_LIMIT).refine((text) => parseOrigin(`http://${text}`) !== null);

/** What is sure to be spam can't be sure to be ham, too. */
const marksApart = ({ spam, approve }: { spam?: number | null; approve?: number | null }): boolean =>
  spam == null || approve == null || approve < spam;

const rateLimit = orDefault(
  z.union([
    z.literal(false),
    z.object({ limit: whole(1, HITS_LIMIT), windowSeconds: whole(1, SECONDS_LIMIT) }),
  ]),
);

/** A rule of ours, or an outside filter by its name. */
const phase = z
  .string()
  .max(120)
  .refine((name) => name.startsWith('filter:') || PHASE_NAMES.includes(name));

const { limits } = DEFAULT_POLICY;

export const policyPatch = z
  .object({
    moderation: orDefault(z.enum(['all', 'first', 'unsure', 'none'])),
    requiredFields: orDefault(
      z
        .array(z.enum(['name', 'email', 'url']))
        .max(MOST_FIELDS)
        .refine(unique, { params: { code: 'duplicate' } }),
    ),
    limits: orDefault(
      z.object({
        name: whole(1, limits.name),
        email: whole(6, limits.email),
        url: whole(10, limits.url),
        title: whole(1, limits.title),
        body: whole(1, limits.body),
      }),
    ),
    bodyMin: whole(1, limits.body),
    maxDepth: whole(0, 100),
    closed: orDefault(z.boolean()),
    closeAfterDays: whole(1, DAYS_LIMIT),
    sort: orDefault(z.enum(['oldest', 'newest', 'top'])),
    pageSize: whole(1, 100),
    editWindowSeconds: whole(0, SECONDS_LIMIT),
    ownReadDays: whole(0, DAYS_LIMIT),
    votes: orDefault(z.enum(['both', 'up', 'off'])),
    reports: orDefault(z.boolean()),
    reportsToHold: whole(1, REPORTS_LIMIT),
    tellReason: orDefault(z.boolean()),
    secondReview: orDefault(
      z
        .array(phase)
        .max(MOST_PHASES)
        .refine(unique, { params: { code: 'duplicate' } }),
    ),
    links: orDefault(z.object({ hold: whole(1, LINKS_LIMIT), reject: whole(1, LINKS_LIMIT) })),
    learner: orDefault(
      z
        .object({ spam: share, approve: share, auditShare: share })
        .refine(marksApart, { path: ['approve'], params: { code: 'out-of-range' } }),
    ),
    tooSoonSeconds: whole(0, 3600),
    trapField: orDefault(trapField),
    trust: orDefault(
      z.object({
        approvals: whole(1, MOST_APPROVALS),
        maxRejectedShare: share,
      }),
    ),
    banned: orDefault(z.enum(['silent', 'told'])),
    reservedNames: orDefault(z.array(line(TERM_LIMIT)).max(MOST_NAMES)),
    duplicateHours: whole(0, DAYS_LIMIT * 24),
    authorUrl: orDefault(z.boolean()),
    avatars: orDefault(z.boolean()),
    feed: orDefault(z.boolean()),
    reasons: orDefault(
      z
        .array(line(100))
        .max(100)
        .refine(unique, { params: { code: 'duplicate' } }),
    ),
    notify: orDefault(z.object({ moderators: orDefault(z.enum(NOTICES)), replies: orDefault(z.boolean()) })),
    pages: orDefault(
      z.object({
        anyHost: orDefault(z.boolean()),
        hosts: orDefault(z.array(host).max(MOST_TERMS)),
        ignoreWww: orDefault(z.boolean()),
        ignoreQuery: orDefault(z.boolean()),
        keepParams: orDefault(terms),
        dropParams: orDefault(terms),
      }),
    ),
    identity: orDefault(z.enum(['off', 'optional', 'required'])),
    retention: orDefault(
      z.object({
        spamDays: whole(1, DAYS_LIMIT),
        trashDays: whole(1, DAYS_LIMIT),
        rejectedDays: whole(1, DAYS_LIMIT),
        emailDays: whole(1, DAYS_LIMIT),
        auditDays: whole(1, DAYS_LIMIT),
      }),
    ),
    rateLimits: orDefault(
      z.object({
        comments: rateLimit,
        author: rateLimit,
        edits: rateLimit,
        votes: rateLimit,
        reports: rateLimit,
        reads: rateLimit,
      }),
    ),
  })
  .meta({ id: 'PolicyPatch', description: 'RFC 7396: absent keeps, null gives the default back' });

export const newSite = z.object({
  id: siteId,
  name: line(NAME_LIMIT),
  origins,
  locale: absentOr(locale),
  timeZone: absentOr(timeZone),
  policy: policyPatch.nullable().optional(),
});

export const sitePatch = z.object({
  name: line(NAME_LIMIT).optional(),
  origins: origins.optional(),
  locale: locale.optional(),
  timeZone: timeZone.optional(),
  policy: policyPatch.nullable().optional(),
  version: absentOr(z.int().min(1)),
});

type Limits = z.output<typeof policyPatch>['rateLimits'];

/** Where nothing stands that a half could be put to. */
const areWhole = (limits: Limits): boolean =>
  Object.values(limits ?? {}).every((rule) => !rule || (rule.limit != null && rule.windowSeconds != null));

const movedSettings = z.object({
  name: line(NAME_LIMIT),
  locale,
  timeZone,
  policy: policyPatch.refine(({ rateLimits }) => areWhole(rateLimits)),
});

/** The settings of a site that comes from elsewhere; null where they are none that a site can have. */
export const readSettings = (value: unknown): z.output<typeof movedSettings> | null =>
  movedSettings.safeParse(value).data ?? null;

export const site = z
  .object({
    id: siteId,
    name: z.string(),
    origins: z.array(z.string()),
    locale: z.string(),
    timeZone: z.string(),
    policy: z.record(z.string(), z.json()).meta({ description: 'The whole policy' }),
    version: z.int().min(1),
    createdAt: timestamp,
    updatedAt: timestamp,
  })
  .meta({ id: 'Site' });

export const publicPolicy = z
  .object({
    site: siteId,
    name: z.string(),
    locale: z.string(),
    direction: z.enum(['ltr', 'rtl']),
    timeZone: z.string(),
    requiredFields: z.array(z.enum(['name', 'email', 'url'])),
    limits: z.object({ name: z.int(), email: z.int(), url: z.int(), title: z.int(), body: z.int() }),
    bodyMin: z.int(),
    maxDepth: z.int(),
    moderation: z.enum(['all', 'first', 'unsure', 'none']),
    closed: z.boolean(),
    sort: z.enum(['oldest', 'newest', 'top']),
    pageSize: z.int(),
    editWindowSeconds: z.int(),
    votes: z.enum(['both', 'up', 'off']),
    reports: z.boolean(),
    feed: z.boolean(),
    authorUrl: z.boolean(),
    avatars: z.boolean(),
    identity: z.enum(['off', 'optional', 'required']),
    trapField: z.string().nullable(),
    shares: z.array(z.string()),
  })
  .meta({ id: 'PublicPolicy' });

const isoOrNull = timestamp.nullable();
export const token = z
  .object({
    id: z.string(),
    name: z.string(),
    role: z.enum(['moderator', 'admin']),
    sites: z.array(z.string()),
    hint: z.string().meta({ description: 'The last four characters' }),
    createdBy: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
    createdAt: timestamp,
    expiresAt: isoOrNull,
    lastUsedAt: isoOrNull,
  })
  .meta({ id: 'Token' });

export const alias = z
  .object({ id: z.string(), alias: z.string(), page: z.string(), createdAt: timestamp })
  .meta({ id: 'Alias' });
