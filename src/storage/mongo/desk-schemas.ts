import { Schema } from 'mongoose';
import { plain } from './schemas.ts';

const { Mixed } = Schema.Types;

/** Batches of decisions; see batch-store.ts. `holder` is at work on it until `until`, by the server's clock. */
export const batchSchema = new Schema(
  {
    _id: String,
    at: Number,
    by: Mixed,
    sites: [String],
    task: Mixed,
    state: String,
    part: Number,
    ahead: [Mixed],
    after: Mixed,
    decided: Number,
    conflicts: Number,
    remaining: Number,
    holder: String,
    until: Date,
  },
  { ...plain, collection: 'batches' },
);
batchSchema.index({ until: 1 }, { name: 'open-batches', partialFilterExpression: { state: 'open' } });

/** `_id` is batch and number. */
export const batchPartSchema = new Schema(
  { _id: String, batch: String, number: Number, outcomes: [Mixed] },
  { ...plain, collection: 'batch-parts' },
);
batchPartSchema.index({ batch: 1, number: 1 }, { name: 'parts-of-batch' });

/** `_id` is the comment. */
export const claimSchema = new Schema(
  { _id: String, site: String, by: Mixed, until: Date, version: Number },
  { ...plain, collection: 'claims' },
);
claimSchema.index({ 'by.id': 1, _id: 1 }, { name: 'claims-of-actor' });
claimSchema.index({ until: 1 }, { name: 'expiry', expireAfterSeconds: 60 });
