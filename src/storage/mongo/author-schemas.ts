import { Schema } from 'mongoose';
import { carryActs } from './acting.ts';

const { Mixed } = Schema.Types;
const plain = {
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  strict: 'throw',
  minimize: false,
} as const;

/**
 * `_id` is an author's key; `standing` is missing once it was taken back: the version goes on. `untold` is the
 * event of the newest change until it is handed on, `batch` the batch that it brings until that has begun.
 */
export const standingSchema = new Schema(
  {
    _id: String,
    site: String,
    standing: String,
    until: Number,
    reason: String,
    by: Mixed,
    at: Number,
    version: Number,
    untold: Mixed,
    batch: Mixed,
  },
  { ...plain, collection: 'standings' },
);
carryActs(standingSchema);
standingSchema.index({ site: 1 }, { name: 'standings-of-site' });
standingSchema.index(
  { 'batch.id': 1 },
  { name: 'standings-with-batch', partialFilterExpression: { 'batch.id': { $type: 'string' } } },
);
standingSchema.index(
  { 'untold.id': 1 },
  { name: 'untold-standings', partialFilterExpression: { 'untold.id': { $type: 'string' } } },
);

/**
 * The directory of authors, worked out from their comments and filled behind. `_id` is the author's key.
 * `rev` is another with every write: who worked it out from an older state does not overwrite a newer one.
 */
export const authorSchema = new Schema(
  {
    _id: String,
    site: String,
    rev: String,
    name: String,
    url: String,
    email: String,
    names: [String],
    words: [String],
    firstAt: Number,
    lastAt: Number,
    lastId: String,
    comments: Number,
    approved: Number,
    rejected: Number,
    spam: Number,
    approvedUnderName: Number,
  },
  { ...plain, collection: 'authors' },
);
const HAS_COMMENTS = { comments: { $gt: 0 } };
authorSchema.index(
  { site: 1, lastId: -1, _id: -1 },
  { name: 'authors-by-recent', partialFilterExpression: HAS_COMMENTS },
);
authorSchema.index(
  { site: 1, comments: -1, _id: -1 },
  { name: 'authors-by-comments', partialFilterExpression: HAS_COMMENTS },
);
authorSchema.index(
  { site: 1, rejected: -1, _id: -1 },
  { name: 'authors-by-rejected', partialFilterExpression: HAS_COMMENTS },
);

/** What orders a site's pages in lists. `_id` is that of the page. */
export const pageFactsSchema = new Schema(
  { _id: String, site: String, key: String, rev: String, lastId: String, comments: Number, words: [String] },
  { ...plain, collection: 'page-facts' },
);
pageFactsSchema.index({ site: 1, lastId: -1, key: -1 }, { name: 'pages-by-recent' });
pageFactsSchema.index({ site: 1, comments: -1, key: -1 }, { name: 'pages-by-comments' });

/** What the directories have to look at again: comments of a batch of the fold (`_id` names it), and pages. */
export const directoryTodoSchema = new Schema(
  { _id: String, comments: [String], pages: [String], authors: [Mixed] },
  { ...plain, collection: 'directory-todo' },
);
