import { Schema } from 'mongoose';
import { carryActs } from './acting.ts';

/**
 * The collections, each with its indexes beside it, named by the query that they serve. Documents are
 * written by the native driver from typed values; the schemas say what there is and make the indexes.
 */
const { Mixed } = Schema.Types;
export const plain = {
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  strict: 'throw',
  minimize: false,
} as const;

/** The only sharded collection, by { site, home }. See comment-doc.ts for the members. */
export const commentSchema = new Schema(
  {
    _id: String,
    home: String,
    site: String,
    page: String,
    root: Boolean,
    queue: String,
    score: Number,
    legacyId: String,
    parentId: String,
    ancestors: [String],
    author: Mixed,
    text: String,
    html: String,
    status: String,
    decidedBy: Mixed,
    version: Number,
    revision: Number,
    createdAt: Number,
    editedAt: Number,
    deletedAt: Number,
    open: Boolean,
    replyCount: Number,
    replyBatch: Number,
    votesUp: Number,
    votesDown: Number,
    pinned: Boolean,
    openReports: Number,
    reported: Boolean,
    reports: [Mixed],
    voters: { type: [Mixed], default: undefined },
    risk: Number,
    screening: [Mixed],
    duplicateKey: String,
    history: [Mixed],
    words: [String],
    likeness: [Number],
    near: Boolean,
    wordsDue: String,
    marks: [String],
    writes: Number,
    tail: [Mixed],
    work: Boolean,
    carry: String,
    import: String,
  },
  { ...plain, collection: 'comments' },
);
const OPEN = { open: true };
const RISKY = { risk: { $gt: 0 } };
commentSchema.index({ site: 1, queue: 1, _id: 1 }, { name: 'queue-of-site' });
commentSchema.index({ site: 1, 'author.key': 1, queue: 1, _id: 1 }, { name: 'queue-of-author' });
commentSchema.index({ site: 1, page: 1, queue: 1, _id: 1 }, { name: 'queue-of-page' });
commentSchema.index(
  { site: 1, queue: 1, risk: -1, _id: 1 },
  { name: 'risk-of-site', partialFilterExpression: RISKY },
);
commentSchema.index(
  { site: 1, 'author.key': 1, queue: 1, risk: -1, _id: 1 },
  { name: 'risk-of-author', partialFilterExpression: RISKY },
);
commentSchema.index(
  { site: 1, page: 1, queue: 1, risk: -1, _id: 1 },
  { name: 'risk-of-page', partialFilterExpression: RISKY },
);
const REPORTED = { partialFilterExpression: { reported: true } };
commentSchema.index({ site: 1, _id: 1 }, { name: 'reported-of-site', ...REPORTED });
commentSchema.index({ site: 1, risk: -1, _id: 1 }, { name: 'reported-risk-of-site', ...REPORTED });
commentSchema.index({ site: 1, page: 1, _id: 1 }, { name: 'reported-of-page', ...REPORTED });
commentSchema.index({ site: 1, page: 1, risk: -1, _id: 1 }, { name: 'reported-risk-of-page', ...REPORTED });
commentSchema.index({ site: 1, 'author.key': 1, _id: 1 }, { name: 'reported-of-author', ...REPORTED });
commentSchema.index(
  { site: 1, 'author.key': 1, risk: -1, _id: 1 },
  { name: 'reported-risk-of-author', ...REPORTED },
);
commentSchema.index(
  { site: 1, page: 1, root: 1, _id: 1 },
  { name: 'thread-by-time', partialFilterExpression: OPEN },
);
commentSchema.index(
  { site: 1, page: 1, root: 1, score: -1, _id: 1 },
  { name: 'thread-by-score', partialFilterExpression: OPEN },
);
commentSchema.index(
  { parentId: 1, _id: 1 },
  { name: 'children', partialFilterExpression: { status: 'approved' } },
);
commentSchema.index(
  { site: 1, legacyId: 1 },
  { name: 'legacy-id', partialFilterExpression: { legacyId: { $type: 'string' } } },
);
commentSchema.index({ site: 1, 'tail.page': 1 }, { name: 'work', partialFilterExpression: { work: true } });

// Filled in behind: with the row it would cost an insert sixteen times over.
commentSchema.index(
  { words: 1, site: 1, queue: 1, _id: 1 },
  { name: 'queue-of-word', partialFilterExpression: { words: { $exists: true } } },
);
// Filled in behind, too.
commentSchema.index(
  { likeness: 1, site: 1, _id: -1 },
  { name: 'likeness', partialFilterExpression: { likeness: { $exists: true } } },
);
commentSchema.index(
  { site: 1, _id: 1 },
  { name: 'words-due', partialFilterExpression: { wordsDue: { $exists: true } } },
);
commentSchema.index(
  { site: 1, marks: 1, queue: 1, _id: 1 },
  { name: 'marks', partialFilterExpression: { marks: { $exists: true } } },
);

/** `_id` is a folded word that comments have. */
export const termSchema = new Schema({ _id: String }, { ...plain, collection: 'terms' });

/** `_id` is a scope of counts.ts; `batch` the greatest batch of the fold that moved it. */
export const counterSchema = new Schema(
  {
    _id: String,
    pending: Number,
    approved: Number,
    rejected: Number,
    spam: Number,
    trash: Number,
    visible: Number,
    reported: Number,
    batch: Number,
  },
  { ...plain, collection: 'counters' },
);

/** One document, `fold`: the batch that is being folded, or was folded last. */
export const journalSchema = new Schema(
  {
    _id: String,
    seq: Number,
    state: String,
    entries: [Mixed],
    counters: [Mixed],
    replies: [Mixed],
    tallies: [Mixed],
    left: [Mixed],
    events: [Mixed],
    taken: [String],
    lastNumber: Number,
  },
  { ...plain, collection: 'journal' },
);

/** `_id` is the event's number: the order in which the fold handed them on. */
export const eventSchema = new Schema(
  { _id: Number, at: Date, body: Mixed },
  { ...plain, collection: 'events' },
);

/** Who takes events, and up to which number each has: see event-trimmer.ts. */
export const consumerSchema = new Schema(
  { _id: String, number: Number },
  { ...plain, collection: 'consumers' },
);

/** Events of what changes no comment, until the fold hands them on with those of comments. */
export const inboxSchema = new Schema({ _id: String, body: Mixed }, { ...plain, collection: 'inbox' });

/** What statistics count. `_id` is site, slot and what: its own order is that of every reading. */
export const tallySchema = new Schema(
  { _id: String, slot: Number, what: String, n: Number, batch: Number },
  { ...plain, collection: 'tallies' },
);

/** Entries are only ever added. `site` is '' for what concerns no site. */
export const auditSchema = new Schema(
  {
    _id: String,
    at: Number,
    by: Mixed,
    action: String,
    site: String,
    commentId: String,
    subject: String,
    from: String,
    to: String,
    reason: String,
    note: String,
    decisionId: String,
    batchId: String,
  },
  { ...plain, collection: 'audit' },
);
auditSchema.index({ site: 1, _id: -1 }, { name: 'audit-of-site' });
auditSchema.index({ site: 1, 'by.id': 1, _id: -1 }, { name: 'audit-of-actor' });
auditSchema.index({ site: 1, action: 1, _id: -1 }, { name: 'audit-of-action' });
auditSchema.index({ site: 1, 'by.id': 1, action: 1, _id: -1 }, { name: 'audit-of-actor-and-action' });
auditSchema.index({ commentId: 1, _id: -1 }, { name: 'audit-of-comment' });
// For callers of all sites.
auditSchema.index({ 'by.id': 1, _id: -1 }, { name: 'audit-by-actor' });
auditSchema.index({ action: 1, _id: -1 }, { name: 'audit-by-action' });
auditSchema.index({ 'by.id': 1, action: 1, _id: -1 }, { name: 'audit-by-actor-and-action' });

export const leaseSchema = new Schema(
  { _id: String, holder: String, until: Date, claimant: String, claimedUntil: Date },
  { ...plain, collection: 'leases' },
);

/** `_id` is a duplicate key; the comments that have, or are about to have, it. */
export const duplicateSchema = new Schema(
  { _id: String, site: String, comments: [String], at: Date, expireAt: Date },
  { ...plain, collection: 'duplicates' },
);
duplicateSchema.index({ expireAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });

export const tokenSchema = new Schema(
  {
    _id: String,
    name: String,
    role: String,
    sites: [String],
    hash: String,
    hint: String,
    createdBy: Mixed,
    createdAt: Number,
    expiresAt: Number,
    lastUsedAt: Number,
  },
  { ...plain, collection: 'tokens' },
);
carryActs(tokenSchema);
tokenSchema.index({ hash: 1 }, { name: 'token-by-hash', unique: true });

export const idempotencySchema = new Schema(
  {
    _id: String,
    fingerprint: String,
    plan: String,
    owner: String,
    at: Number,
    answer: String,
    expireAt: Date,
  },
  { ...plain, collection: 'idempotency' },
);
idempotencySchema.index({ expireAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });

/** `seen` holds, by instance, how many hits there were after its own last ones. */
export const limitSchema = new Schema(
  { _id: String, hits: Number, resetAt: Number, seen: Mixed, expireAt: Date },
  { ...plain, collection: 'limits' },
);
limitSchema.index({ expireAt: 1 }, { name: 'expiry', expireAfterSeconds: 0 });

/** `_id` is a topic, `n` how often it was changed, `at` when last by the server's clock. */
export const stampSchema = new Schema(
  { _id: String, n: Number, at: Date },
  { ...plain, collection: 'stamps' },
);
stampSchema.index({ at: 1 }, { name: 'stamps-since', expireAfterSeconds: 3600 });

/**
 * `data-key`, `schema`, and `search`: by which rules words are filled in, and how far the filling of old comments is;
 * `queue-of-word`: since when there is that index.
 */
export const metaSchema = new Schema(
  {
    _id: String,
    wrapped: String,
    version: Number,
    rules: String,
    filling: String,
    after: String,
    number: Number,
    since: Number,
  },
  { ...plain, collection: 'meta' },
);
