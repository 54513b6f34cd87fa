/**
 * A site's settings as a form: where each stands in the policy, and how it is asked for. Labels and
 * explanations are `policy.{path}` and `policy.{path}.help` in the words. What the service does not take yet
 * it refuses, and that is said beside the field.
 */
export type PolicyField =
  | { path: string; kind: 'choice'; options: readonly string[] }
  | { path: string; kind: 'switch' }
  /** `none`: empty is never. `usual`: empty gives the default back. */
  | { path: string; kind: 'number'; min: number; max: number; step?: 'any'; none?: boolean; usual?: number }
  | { path: string; kind: 'lines' }
  | { path: string; kind: 'text' }
  | { path: string; kind: 'set'; options: readonly string[] }
  /** A limit of calls within seconds, none at all, or the installation's. */
  | { path: string; kind: 'rate' };

export interface PolicyGroup {
  name:
    | 'moderation'
    | 'screening'
    | 'learner'
    | 'authors'
    | 'comments'
    | 'reading'
    | 'notify'
    | 'retention'
    | 'rateLimits'
    | 'pages';
  fields: readonly PolicyField[];
}

const DAYS = 36_500;
/** What stops a comment by itself or by its author; the form has traps besides. */
export const PHASES = 'own-email links contacts script wordlist author moderation similar learner'.split(' ');
const RATES = ['comments', 'author', 'edits', 'votes', 'reports', 'reads'] as const;
/** What is kept for so many days unless said otherwise; null: for good. */
const KEPT = [
  ['spamDays', 30],
  ['trashDays', 30],
  ['rejectedDays', null],
  ['emailDays', null],
  ['auditDays', 730],
] as const;

export const POLICY: readonly PolicyGroup[] = [
  {
    name: 'moderation',
    fields: [
      { path: 'moderation', kind: 'choice', options: ['all', 'first', 'unsure', 'none'] },
      { path: 'closed', kind: 'switch' },
      { path: 'closeAfterDays', kind: 'number', min: 1, max: DAYS, none: true },
      { path: 'reports', kind: 'switch' },
      { path: 'reportsToHold', kind: 'number', min: 1, max: 1000, none: true },
      { path: 'reasons', kind: 'lines' },
      { path: 'tellReason', kind: 'switch' },
      { path: 'secondReview', kind: 'set', options: PHASES },
    ],
  },
  {
    name: 'screening',
    fields: [
      { path: 'links.hold', kind: 'number', min: 1, max: 10_000, usual: 2 },
      { path: 'links.reject', kind: 'number', min: 1, max: 10_000, none: true },
      { path: 'tooSoonSeconds', kind: 'number', min: 0, max: 3600 },
      { path: 'duplicateHours', kind: 'number', min: 0, max: DAYS * 24 },
      { path: 'trapField', kind: 'text' },
    ],
  },
  {
    name: 'learner',
    fields: [
      { path: 'learner.spam', kind: 'number', min: 0, max: 1, step: 'any' },
      { path: 'learner.approve', kind: 'number', min: 0, max: 1, step: 'any' },
      { path: 'learner.auditShare', kind: 'number', min: 0, max: 1, step: 'any' },
    ],
  },
  {
    name: 'authors',
    fields: [
      { path: 'trust.approvals', kind: 'number', min: 1, max: 100 },
      { path: 'trust.maxRejectedShare', kind: 'number', min: 0, max: 1, step: 'any' },
      { path: 'banned', kind: 'choice', options: ['silent', 'told'] },
      { path: 'reservedNames', kind: 'lines' },
      { path: 'identity', kind: 'choice', options: ['off', 'optional', 'required'] },
    ],
  },
  {
    name: 'comments',
    fields: [
      { path: 'requiredFields', kind: 'set', options: ['name', 'email', 'url'] },
      { path: 'authorUrl', kind: 'switch' },
      { path: 'bodyMin', kind: 'number', min: 1, max: 10_000 },
      { path: 'limits.body', kind: 'number', min: 1, max: 10_000 },
      { path: 'limits.name', kind: 'number', min: 1, max: 100 },
      { path: 'limits.email', kind: 'number', min: 6, max: 254 },
      { path: 'limits.url', kind: 'number', min: 10, max: 2000 },
      { path: 'limits.title', kind: 'number', min: 1, max: 300 },
      { path: 'editWindowSeconds', kind: 'number', min: 0, max: 31_622_400 },
      { path: 'ownReadDays', kind: 'number', min: 0, max: DAYS },
    ],
  },
  {
    name: 'reading',
    fields: [
      { path: 'sort', kind: 'choice', options: ['oldest', 'newest', 'top'] },
      { path: 'pageSize', kind: 'number', min: 1, max: 100 },
      { path: 'maxDepth', kind: 'number', min: 0, max: 100 },
      { path: 'votes', kind: 'choice', options: ['both', 'up', 'off'] },
      { path: 'avatars', kind: 'switch' },
      { path: 'feed', kind: 'switch' },
    ],
  },
  {
    name: 'notify',
    fields: [
      { path: 'notify.moderators', kind: 'choice', options: ['off', 'each', 'hourly', 'daily'] },
      { path: 'notify.replies', kind: 'switch' },
    ],
  },
  {
    name: 'retention',
    fields: KEPT.map(([name, usual]) => ({
      path: `retention.${name}`,
      kind: 'number',
      min: 1,
      max: DAYS,
      ...(usual === null ? { none: true } : { usual }),
    })),
  },
  { name: 'rateLimits', fields: RATES.map((name) => ({ path: `rateLimits.${name}`, kind: 'rate' })) },
  {
    name: 'pages',
    fields: [
      { path: 'pages.hosts', kind: 'lines' },
      { path: 'pages.anyHost', kind: 'switch' },
      { path: 'pages.ignoreWww', kind: 'switch' },
      { path: 'pages.ignoreQuery', kind: 'switch' },
      { path: 'pages.keepParams', kind: 'lines' },
      { path: 'pages.dropParams', kind: 'lines' },
    ],
  },
];

type Tree = Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The member of a policy at `links.hold`. */
export function readPath(policy: Tree, path: string): unknown {
  return path.split('.').reduce<unknown>((at, name) => (isTree(at) ? at[name] : undefined), policy);
}

/** A patch (RFC 7396) that sets the member at a path, over what is changed already. */
export function writePath(patch: Tree, path: string, value: unknown): Tree {
  const [first = '', ...rest] = path.split('.');
  if (rest.length === 0) return { ...patch, [first]: value };
  const inner = patch[first];
  return { ...patch, [first]: writePath(isTree(inner) ? inner : {}, rest.join('.'), value) };
}
