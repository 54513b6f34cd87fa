import { Schema } from 'mongoose';
import { carryActs } from './acting.ts';
import { plain } from './schemas.ts';

const { Mixed } = Schema.Types;

/** Outside filters; see filters/filter.ts. `nameKey`: the name as names are compared. */
export const filterSchema = new Schema(
  {
    _id: String,
    nameKey: String,
    name: String,
    kind: String,
    url: String,
    mode: String,
    deadlineMs: Number,
    onFailure: String,
    thresholds: Mixed,
    events: [String],
    sites: [String],
    enabled: Boolean,
    secret: String,
    former: Mixed,
    disclose: [String],
    version: Number,
    createdBy: Mixed,
    createdAt: Number,
    updatedAt: Number,
  },
  { ...plain, collection: 'filters' },
);
carryActs(filterSchema);
filterSchema.index({ nameKey: 1 }, { name: 'names', unique: true });
