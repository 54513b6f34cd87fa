import { type Comment, isVisible } from '../../comments/comment.ts';
import type { Submission, SubmitResult } from '../../comments/comment-store.ts';
import { NOT_THERE, standingOf } from '../../comments/counts.ts';
import { createdEvent } from '../../comments/event.ts';
import { talliesOf } from '../../comments/tallies.ts';
import { createBatcher, done, failed, type Outcome } from './batcher.ts';
import type { Carry } from './carry.ts';
import { type CommentDoc, commentOf, docOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import type { Duplicates } from './duplicates.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { LinkReader } from './links.ts';
import type { Moves } from './moves.ts';
import type { Pages, ResolvedPage } from './pages.ts';
import type { Stamps } from './stamps.ts';

export interface SubmitParts {
  database: Pick<Database, 'comments'>;
  instance: string;
  pages: Pages;
  duplicates: Duplicates;
  links: LinkReader;
  carry: Carry;
  moves: Moves;
  stamps: Stamps;
  /** Called after every write that leaves work for the fold. */
  nudge: () => void;
  failpoint: (name: string) => Promise<void> | void;
}

/** Comments that arrive together share one unordered insert with one write concern; each fails alone. */
function createInserts({ comments }: Pick<Database, 'comments'>) {
  return createBatcher<CommentDoc, void>(async (docs) => {
    try {
      await comments.insertMany(docs, { ordered: false, writeConcern: DURABLE });
      return docs.map(() => done(undefined));
    } catch (error) {
      const failures = itemErrors(error);
      return docs.map((_, i): Outcome<void> => {
        const failure = failures.get(i);
        return failure ? failed(failure) : done(undefined);
      });
    }
  });
}

/** Stores new comments. See comment-store.ts for the promise, docs/decisions for why it holds. */
export function createSubmit(parts: SubmitParts) {
  const { database, instance, pages, duplicates, links, carry, moves, stamps, nudge, failpoint } = parts;
  const inserts = createInserts(database);
  // Two of one key in one process take turns: the second then finds a comment, not a claim.
  const turns = createKeyedLock();

  /** The visible parent on the same page, or null. */
  async function parentFor(comment: Comment, page: ResolvedPage) {
    if (comment.parentId === null) return null;
    const parent = await links.load(comment.parentId);
    if (!parent || parent.site !== comment.site || !parent.open || parent.queue === 'deleted') return null;
    // A parent that an alias is about to move still stands where the reader saw it.
    const here = parent.page === page.key || (await pages.keyAfter(comment.site, parent.page)) === page.key;
    return here ? parent : null;
  }

  /**
   * Null once it is stored. Where a repeated request finds its id taken its earlier try has come to pass late, from a
   * server that had stood still: the comment that it stored.
   */
  async function insert({ repeated }: Submission, doc: CommentDoc): Promise<Comment | null> {
    try {
      await inserts.add(doc);
      return null;
    } catch (error) {
      if (!repeated || !isDuplicateKey(error)) throw error;
      const there = await database.comments.findOne({ _id: doc._id });
      if (!there) throw error;
      return commentOf(there);
    }
  }

  /** What may have changed between reading and inserting: the page by an alias, the parent by a decision. */
  async function secondLook(comment: Comment, page: ResolvedPage): Promise<Comment> {
    let { pageKey, open } = comment;
    if (pages.epoch(comment.site) !== page.epoch) {
      // What is known of it may be lost with a server that had it alone.
      await pages.ensure(await pages.resolve(comment.site, page.key, page.named));
      pageKey = await pages.keyAfter(comment.site, page.key);
      if (pageKey !== page.key)
        await moves.these([comment.id], { site: comment.site, from: page.key, to: pageKey });
    }
    if (comment.parentId !== null && comment.status === 'approved') {
      const parent = await links.load(comment.parentId);
      if (parent?.open !== open) {
        await carry.settle([comment.id]);
        open = (await links.load(comment.id))?.open ?? false;
      }
    }
    return pageKey === comment.pageKey && open === comment.open ? comment : { ...comment, pageKey, open };
  }

  async function store(submission: Submission, resolved: ResolvedPage, made: Comment): Promise<Comment> {
    await failpoint('submit: claimed');
    // A page that its first comment then fails to reach stays empty: its key is what it would be anyway.
    const { place: page, renamed } = await pages.ensure(resolved);
    const comment = page.key === made.pageKey ? made : { ...made, pageKey: page.key };
    const entry = {
      page: page.key,
      before: NOT_THERE,
      after: standingOf(comment),
      by: instance,
      event: createdEvent(comment, submission.act),
      tallies: talliesOf(comment, []),
    };
    const there = await insert(submission, docOf(comment, { duplicateKey: submission.duplicateKey, entry }));
    await failpoint('submit: inserted');
    nudge();
    const kept = await secondLook(there ?? comment, page);
    if (renamed || isVisible(kept) || isVisible(comment)) {
      stamps.publish([{ kind: 'page', site: kept.site, pageKey: kept.pageKey }]);
    }
    return kept;
  }

  async function submit(submission: Submission): Promise<SubmitResult> {
    const { comment: posted } = submission;
    const page = await pages.resolve(posted.site, posted.pageKey, submission.page);
    const parent = await parentFor(posted, page);
    if (posted.parentId !== null && parent === null) return { kind: 'parent-not-found' };
    const duplicate = await duplicates.claim(submission);
    if (duplicate !== null) return { kind: 'duplicate', id: duplicate };
    const comment: Comment = {
      ...posted,
      pageKey: page.key,
      ancestors: parent ? [...parent.ancestors, parent._id] : [],
      // A parent that is visible is open.
      open: posted.status === 'approved',
    };
    try {
      return { kind: 'stored', comment: await store(submission, page, comment) };
    } catch (error) {
      // In the next turn: a request that is repeated claims the key anew, for the same comment.
      void turns.run(submission.duplicateKey, () => duplicates.release(submission));
      throw error;
    }
  }

  return {
    submit: (submission: Submission): Promise<SubmitResult> =>
      turns.run(submission.duplicateKey, () => submit(submission)),
  };
}
