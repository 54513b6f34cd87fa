/** A site's policy: everything an editor may set, with what a new site begins with. Shapes as in the contract, part 5. */

export const MODERATIONS = ['all', 'first', 'unsure', 'none'] as const;
export type Moderation = (typeof MODERATIONS)[number];
export type AuthorField = 'name' | 'email' | 'url';

/** How often moderators are told by mail of what waits. */
export const NOTICES = ['off', 'each', 'hourly', 'daily'] as const;
export type Notices = (typeof NOTICES)[number];

export interface RateLimit {
  limit: number;
  windowSeconds: number;
}

export const RATE_LIMIT_CLASSES = [
  'comments',
  'author',
  'edits',
  'votes',
  'reports',
  'reads',
  'login',
  'verdicts',
  'moderation',
] as const;
export type RateLimitClass = (typeof RATE_LIMIT_CLASSES)[number];

export interface Policy {
  moderation: Moderation;
  requiredFields: AuthorField[];
  /** In characters (code points of the value as stored). */
  limits: { name: number; email: number; url: number; title: number; body: number };
  bodyMin: number;
  maxDepth: number;
  closed: boolean;
  closeAfterDays: number | null;
  sort: 'oldest' | 'newest' | 'top';
  pageSize: number;
  editWindowSeconds: number;
  ownReadDays: number;
  votes: 'both' | 'up' | 'off';
  reports: boolean;
  reportsToHold: number | null;
  links: { hold: number | null; reject: number | null };
  trust: { approvals: number; maxRejectedShare: number };
  learner: { spam: number; approve: number; auditShare: number };
  banned: 'silent' | 'told';
  tellReason: boolean;
  /** Phases whose comments two moderators have to approve; see comments/changes/second-review.ts. */
  secondReview: string[];
  tooSoonSeconds: number;
  /** '' is none; null, too, in sites of before there was one. */
  trapField: string | null;
  reservedNames: string[];
  duplicateHours: number;
  authorUrl: boolean;
  avatars: boolean;
  feed: boolean;
  reasons: string[];
  identity: 'off' | 'optional' | 'required';
  notify: { moderators: Notices; replies: boolean };
  pages: {
    anyHost: boolean;
    hosts: string[];
    ignoreWww: boolean;
    ignoreQuery: boolean;
    keepParams: string[];
    dropParams: string[];
  };
  /** In days; null: for good. See moving/retention.ts. */
  retention: {
    spamDays: number | null;
    trashDays: number | null;
    rejectedDays: number | null;
    emailDays: number | null;
    auditDays: number | null;
  };
  rateLimits: Partial<Record<RateLimitClass, RateLimit | false>>;
}

/** What a site begins with. */
export const DEFAULT_POLICY: Policy = {
  moderation: 'all',
  requiredFields: ['name', 'email'],
  limits: { name: 100, email: 254, url: 2000, title: 300, body: 10_000 },
  bodyMin: 1,
  maxDepth: 5,
  closed: false,
  closeAfterDays: null,
  sort: 'oldest',
  pageSize: 20,
  editWindowSeconds: 900,
  ownReadDays: 30,
  votes: 'both',
  reports: true,
  reportsToHold: null,
  links: { hold: 2, reject: null },
  trust: { approvals: 1, maxRejectedShare: 0.3 },
  learner: { spam: 0.97, approve: 0.03, auditShare: 0.05 },
  banned: 'silent',
  tellReason: false,
  secondReview: [],
  tooSoonSeconds: 0,
  trapField: 'website2',
  reservedNames: [],
  duplicateHours: 24,
  authorUrl: true,
  avatars: true,
  feed: true,
  reasons: ['off-topic', 'abuse', 'spam', 'personal-data', 'illegal', 'other'],
  identity: 'off',
  notify: { moderators: 'off', replies: false },
  pages: { anyHost: false, hosts: [], ignoreWww: false, ignoreQuery: false, keepParams: [], dropParams: [] },
  retention: { spamDays: 30, trashDays: 30, rejectedDays: null, emailDays: null, auditDays: 730 },
  rateLimits: {},
};

/** The name of the field that people do not see; null where the site has none. */
export const trapFieldOf = ({ trapField }: Policy): string | null => trapField || null;

/** RFC 7396 over a policy: absent keeps, null gives the default back. */
export type PolicyPatch = { [K in Exclude<keyof Policy, 'rateLimits'>]?: PatchOf<Policy[K]> | null } & {
  rateLimits?: { [K in RateLimitClass]?: PatchOf<RateLimit> | false | null } | null;
};
type PatchOf<T> = T extends unknown[] ? T : T extends object ? { [K in keyof T]?: T[K] | null } : T;
