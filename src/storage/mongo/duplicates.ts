import type { Comment } from '../../comments/comment.ts';
import type { Submission } from '../../comments/comment-store.ts';
import { createBatcher, done, failed, type Outcome } from './batcher.ts';
import type { CommentDoc, QueuePlace } from './comment-doc.ts';
import { type Database, RELAXED } from './database.ts';
import type { DuplicateDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';

/**
 * At most one comment of a duplicate key, without a transaction: whoever is about to store one first claims
 * the key. A claim tells which comments have the key, or are about to; whether they still do, the comments
 * say themselves.
 */
export interface Duplicates {
  /** The comment that stands in the way, or null once the key is claimed. */
  claim(submission: Submission): Promise<string | null>;
  /**
   * The submission came to nothing, or its comment is nobody's any more. Best effort: a claim without its comment gives
   * way in time. Never rejects.
   */
  release(claim: Released): Promise<void>;
  /** The comment's text has changed: it has another key now. */
  add(site: string, key: string, commentId: string): Promise<void>;
}

/** Which comment is not to have which key any longer. */
type Released = Pick<Submission, 'duplicateKey'> & { comment: Pick<Comment, 'id'> };

/** A claim that stays without its comment for this long, in milliseconds, was left behind by a crash. */
const ABANDONED_MS = 5000;
const LOOK_AGAIN_MS = 50;
const DAY_MS = 86_400_000;
/** How long a key is remembered where nobody asks for its duplicates, and beyond the time asked about. */
const SPARE_MS = 7 * DAY_MS;
/** Of one key; where nobody asks for duplicates there may be any number. */
const MOST_REMEMBERED = 50;

interface Judgement {
  /** The duplicate. */
  id: string | null;
  /** All that have the key: one in trash may come back, one too old now may be asked about later. */
  bearers: string[];
  /** There is a claim without its comment. */
  waiting: boolean;
}

type Claimed = Pick<CommentDoc, '_id' | 'duplicateKey' | 'createdAt'> & { queue: QueuePlace };

export function createDuplicates({
  duplicates,
  comments,
}: Pick<Database, 'duplicates' | 'comments'>): Duplicates {
  const docOf = ({ comment, duplicateKey, duplicateSince }: Submission): DuplicateDoc => {
    const window = duplicateSince === null ? 0 : Math.min(comment.createdAt - duplicateSince, 366 * DAY_MS);
    const now = Date.now();
    return {
      _id: duplicateKey,
      site: comment.site,
      comments: [comment.id],
      at: new Date(now),
      expireAt: new Date(now + window + SPARE_MS),
    };
  };

  /** Claims of keys that nobody has yet share one insert; a taken key is that item's own affair. */
  const fresh = createBatcher<DuplicateDoc, boolean>(async (docs) => {
    try {
      await duplicates.insertMany(docs, { ordered: false, writeConcern: RELAXED });
      return docs.map(() => done(true));
    } catch (error) {
      const failures = itemErrors(error);
      return docs.map((_, i): Outcome<boolean> => {
        const failure = failures.get(i);
        if (!failure) return done(true);
        return isDuplicateKey(failure) ? done(false) : failed(failure);
      });
    }
  });

  /** Joins a taken key whatever stands on it: nobody asked for duplicates. */
  async function join(doc: DuplicateDoc): Promise<void> {
    const update = {
      $push: { comments: { $each: doc.comments, $slice: -MOST_REMEMBERED } },
      $max: { expireAt: doc.expireAt },
      $setOnInsert: { site: doc.site, at: doc.at },
    };
    const upsert = () =>
      duplicates.updateOne({ _id: doc._id }, update, { upsert: true, writeConcern: RELAXED });
    await upsert().catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
      return upsert();
    });
  }

  /** What stands on a taken key: a duplicate, a claim still without its comment, or nothing any more. */
  async function judge(claim: DuplicateDoc, submission: Submission): Promise<Judgement> {
    const others = claim.comments.filter((id) => id !== submission.comment.id);
    const found = await comments
      .find({ _id: { $in: others } })
      .project<Claimed>({ duplicateKey: 1, queue: 1, createdAt: 1 })
      .toArray();
    const bearers = found.filter((one) => one.duplicateKey === claim._id && one.queue !== 'deleted');
    const standing = bearers
      .filter((one) => one.queue !== 'trash' && one.createdAt >= (submission.duplicateSince ?? 0))
      .map((one) => one._id)
      .sort();
    const [first = null] = standing;
    return {
      id: first,
      bearers: bearers.map((one) => one._id),
      waiting: found.length < new Set(others).size,
    };
  }

  async function contend(doc: DuplicateDoc, submission: Submission): Promise<string | null> {
    let seen = '';
    let since = 0;
    for (;;) {
      const claim = await duplicates.findOne({ _id: doc._id });
      if (!claim) {
        if (await fresh.add(doc)) return null;
        continue;
      }
      const { id, bearers, waiting } = await judge(claim, submission);
      if (id !== null) return id;
      const state = claim.comments.join();
      if (state !== seen) [seen, since] = [state, Date.now()];
      if (waiting && Date.now() - since < ABANDONED_MS) {
        await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
        continue;
      }
      const taken = await duplicates.updateOne(
        { _id: doc._id, comments: claim.comments },
        { $set: { comments: [...bearers, ...doc.comments], at: doc.at, expireAt: doc.expireAt } },
        { writeConcern: RELAXED },
      );
      if (taken.matchedCount === 1) return null;
    }
  }

  return {
    async claim(submission) {
      const doc = docOf(submission);
      if (await fresh.add(doc)) return null;
      if (submission.duplicateSince !== null) return contend(doc, submission);
      await join(doc);
      return null;
    },
    async release({ comment, duplicateKey }) {
      const pull = { $pull: { comments: comment.id } };
      // Where it fails the claim is left behind; it gives way after ABANDONED_MS.
      await duplicates
        .updateOne({ _id: duplicateKey }, pull, { writeConcern: RELAXED })
        .catch(() => undefined);
    },
    add: (site, key, commentId) => {
      const now = Date.now();
      return join({
        _id: key,
        site,
        comments: [commentId],
        at: new Date(now),
        expireAt: new Date(now + SPARE_MS),
      });
    },
  };
}
