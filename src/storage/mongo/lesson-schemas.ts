import { Schema } from 'mongoose';
import { plain } from './schemas.ts';

/**
 * The log that is learnt from; see screening/learner/lesson-store.ts. `_id` is the event's number. One that was
 * taken back has `by`, the number of the one that did, and neither label nor text.
 */
export const lessonSchema = new Schema(
  {
    _id: Number,
    site: String,
    comment: String,
    label: String,
    text: String,
    url: String,
    keys: [Number],
    aside: Boolean,
    supersedes: Number,
    unlearnsNothing: Boolean,
    by: Number,
    author: String,
  },
  { ...plain, collection: 'lessons' },
);
lessonSchema.index({ site: 1, _id: 1 }, { name: 'lessons-of-site' });
lessonSchema.index({ comment: 1, _id: 1 }, { name: 'lessons-of-comment' });
lessonSchema.index(
  { keys: 1, _id: -1 },
  { name: 'lessons-alike', partialFilterExpression: { keys: { $exists: true } } },
);
// Of those that outlive their comments.
lessonSchema.index(
  { author: 1, _id: 1 },
  { name: 'lessons-of-author', partialFilterExpression: { author: { $type: 'string' } } },
);

/** `_id` is the site, or `*` for all together. */
export const learntSchema = new Schema(
  { _id: String, number: Number, bytes: Buffer },
  { ...plain, collection: 'learnt' },
);
