import { Schema } from 'mongoose';
import { plain } from './schemas.ts';

/**
 * Where readers' votes are looked for: `_id` is site, reader and comment, and its own order that of the only
 * reading. Whether and how somebody votes stands in the comment, with its counts.
 */
export const voteSchema = new Schema({ _id: String }, { ...plain, collection: 'votes' });
