import { Schema } from 'mongoose';
import type { Import } from '../../moving/import.ts';
import { plain } from './schemas.ts';

/** `faults` is not there in one that began before it was counted. */
export type ImportDoc = Omit<Import, 'id' | 'faults'> & { _id: string; open?: true; faults?: number };

const { Mixed } = Schema.Types;

/** Files on their way in. `pending` holds the ids of comments that are being inserted, or were when a crash came. */
export const importSchema = new Schema(
  {
    _id: String,
    site: String,
    open: Boolean,
    format: String,
    dryRun: Boolean,
    opensSeals: Boolean,
    by: Mixed,
    startedAt: Number,
    finishedAt: Number,
    state: String,
    bytes: Number,
    read: Number,
    handled: Number,
    holder: String,
    heldUntil: Number,
    pending: [String],
    result: Mixed,
    failure: Mixed,
    faults: Number,
  },
  { ...plain, collection: 'imports' },
);
importSchema.index({ _id: 1, open: 1 }, { name: 'unfinished', partialFilterExpression: { open: true } });
importSchema.index({ site: 1 }, { name: 'imports-of-site' });

/** A comment that was brought as a copy of another site's: `_id` is its own id. */
export interface CopyDoc {
  _id: string;
  site: string;
  formerId: string;
}

export const copySchema = new Schema(
  { _id: String, site: String, formerId: String },
  { ...plain, collection: 'copies' },
);
copySchema.index({ site: 1, formerId: 1 }, { name: 'copies-of' });
