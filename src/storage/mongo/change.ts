import { randomBytes } from 'node:crypto';
import type { PlannedChange } from '../../comments/changes/plan.ts';
import { planChange } from '../../comments/changes.ts';
import { type CommentCommand, newDuplicateKey } from '../../comments/commands.ts';
import { type Comment, type HistoryEntry, isReported, type Report } from '../../comments/comment.ts';
import type { ChangeResult, ManyChange, ManyResult } from '../../comments/comment-store.ts';
import { manyResult } from '../../comments/comment-store.ts';
import { standingOf } from '../../comments/counts.ts';
import { historyAfter } from '../../comments/history.ts';
import { marksOf } from '../../moderation/marks.ts';
import { lessonOf } from '../../screening/learner/lesson.ts';
import { createBatcher, done } from './batcher.ts';
import { createById } from './by-id.ts';
import { type Carry, createSharedMarks, newMark } from './carry.ts';
import { createWrites, TO_DECIDE, type Write } from './change-batches.ts';
import { changesWords, createChangeWords, lostWords } from './change-words.ts';
import {
  type CommentDoc,
  commentOf,
  queuePlace,
  reportsOf,
  shardOf,
  type TailLesson,
} from './comment-doc.ts';
import type { Database } from './database.ts';
import type { Duplicates } from './duplicates.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { LinkReader } from './links.ts';
import type { CommentReader } from './reads.ts';
import type { Terms } from './search/terms.ts';
import type { Stamps } from './stamps.ts';
import { createTraces, tailOf, withoutNotes } from './traces.ts';

export interface ChangeParts {
  database: Pick<Database, 'comments' | 'pages' | 'authors' | 'lessons' | 'learnt' | 'audit' | 'journal'>;
  instance: string;
  duplicates: Duplicates;
  links: LinkReader;
  carry: Carry;
  stamps: Stamps;
  reader: Pick<CommentReader, 'find'>;
  terms: Pick<Terms, 'release'>;
  nudge: () => void;
  failpoint: (name: string) => Promise<void> | void;
}

/** The members that a plan gave another value. */
function changedMembers(current: Comment, next: Comment): Partial<Comment> {
  const names = Object.keys(next) as (keyof Comment)[];
  return Object.fromEntries(
    names.filter((name) => next[name] !== current[name]).map((name) => [name, next[name]]),
  );
}

/** The reports after a change, or null where they stay as they are. */
function changedReports(reports: Report[], change: PlannedChange['reports']): Report[] | null {
  switch (change?.kind) {
    case undefined:
      return null;
    case 'add':
      return [...reports, change.report];
    case 'close':
      return reports.map((one) => (one.closedBy === null ? { ...one, closedBy: change.decisionId } : one));
    case 'reopen':
      return reports.map((one) => (one.closedBy === change.decisionId ? { ...one, closedBy: null } : one));
  }
}

/** The history after a change, or null where it stays as it is. */
function changedHistory(history: HistoryEntry[], { entry, undone }: PlannedChange): HistoryEntry[] | null {
  if (entry === null) return null;
  return historyAfter(history, { entry, undone });
}

/** What `phase=` and `reason=` find the comment by after the change. */
function marksAfter(
  doc: CommentDoc,
  { next }: PlannedChange,
  changed: { history: HistoryEntry[] | null; reports: Report[] | null },
): string[] {
  if (next.deletedAt !== null) return [];
  const { history, reports } = changed;
  return marksOf({
    screening: next.screening,
    history: history ?? doc.history,
    reports: reports ?? reportsOf(doc),
  });
}

/** What a change teaches, with the text that was decided on. */
function taughtBy(doc: CommentDoc, current: Comment, planned: PlannedChange): TailLesson | null {
  const lesson = lessonOf(current, planned, doc.history);
  const { text, author } = planned.next;
  if (!lesson || lesson.label === null || text === null) return lesson;
  return { ...lesson, text, url: author.url };
}

/** What a planned change writes, on the condition that nobody else wrote since it was read. */
function writeOf(
  doc: CommentDoc,
  current: Comment,
  planned: PlannedChange,
  command: CommentCommand,
  { by, mark }: { by: string; mark: () => string },
): Write {
  const { next, event, tallies } = planned;
  const history = changedHistory(command.kind === 'erase' ? withoutNotes(doc.history) : doc.history, planned);
  const isErased = command.kind === 'erase';
  const stood = reportsOf(doc);
  const reports = isErased ? withoutNotes(stood) : changedReports(stood, planned.reports);
  const duplicateKey = newDuplicateKey(command);
  const marks = marksAfter(doc, planned, { history, reports });
  const rewords = changesWords(current, next);
  const gone = next.deletedAt !== null;
  const unset = {
    ...(!isReported(next) && doc.reported && { reported: '' as const }),
    ...(rewords && { words: '' as const, likeness: '' as const, near: '' as const }),
    ...(gone && { wordsDue: '' as const }),
    ...(marks.length === 0 && doc.marks && { marks: '' as const }),
  };
  const writes = doc.writes + 1;
  const lesson = taughtBy(doc, current, planned);
  const moves = { n: writes, page: doc.page, before: standingOf(doc), after: standingOf(next), by };
  const told = { event, ...(tallies.length > 0 && { tallies }), ...(lesson && { lesson }) };
  const tail = tailOf(moves, told, { from: current.author.key, to: next.author.key });
  return {
    id: doc._id,
    act: event.id,
    update: {
      filter: {
        ...shardOf(doc.site, doc._id),
        writes: doc.writes,
        // The filling in counts as no write: words that it has given meanwhile are to be released, too.
        ...(rewords && { wordsDue: doc.wordsDue ?? { $exists: false } }),
      },
      update: {
        $set: {
          ...changedMembers(current, next),
          queue: queuePlace(next),
          writes,
          work: true as const,
          ...(history && { history }),
          ...(reports && { reports }),
          ...(duplicateKey !== null && { duplicateKey }),
          ...(next.open !== doc.open && { carry: mark() }),
          ...(isReported(next) && { reported: true as const }),
          ...(rewords && !gone && { wordsDue: newMark() }),
          ...(marks.length > 0 && { marks }),
        },
        ...(Object.keys(unset).length > 0 && { $unset: unset }),
        $push: { tail: { $each: tail } },
      },
    },
  };
}

const isDecision = ({ kind }: CommentCommand): boolean => kind === 'decide' || kind === 'undo';

/** What the caller is told: the comment as it then is, or only that it is so, which a decision of many is. */
type Told = 'comment' | 'result';

/** Carries out commands on stored comments. */
export function createChange(parts: ChangeParts) {
  const { database, instance, duplicates, links, carry, stamps, reader, terms, nudge, failpoint } = parts;
  const writes = createWrites(database);
  const traces = createTraces(database);
  const { wordsOf, markDue } = createChangeWords(database);
  const turns = createKeyedLock();
  const mark = createSharedMarks();
  const loads = createById(database.comments, { voters: 0 });
  const loadsToDecide = createById(database.comments, TO_DECIDE);

  // What is approved or hidden together is carried down together.
  const carries = createBatcher<string, void>(
    async (ids) => {
      await carry.down(ids);
      return ids.map(() => done(undefined));
    },
    { lanes: 4 },
  );
  /** What is erased must not outlive it in the directory of authors, which is filled anew behind. */
  async function forgetName({ author }: CommentDoc, next: Comment): Promise<void> {
    const { key, name, url, email } = next.author;
    if (key === null || (name === author.name && url === author.url && email === author.email)) return;
    const nothing = { name: null, url: null, email: null, names: [], words: [] };
    const rev = randomBytes(9).toString('base64url');
    await database.authors.updateOne({ _id: key }, { $set: { ...nothing, rev } });
  }

  /** Nor in what was learnt from it: the log loses the text now, and the fold takes the lesson back behind. */
  async function forgetLesson(doc: CommentDoc, { next, entry }: PlannedChange): Promise<void> {
    if (doc.text === null || next.text !== null || entry?.action === 'expire') return;
    const standing = { comment: next.id, by: { $exists: false } };
    await database.lessons.updateMany(standing, { $unset: { label: '', text: '', url: '', keys: '' } });
  }

  /** With what was carried to the comment and from it meanwhile. */
  async function asItIs(next: Comment): Promise<Comment> {
    const now = await reader.find(next.id);
    if (!now) return next;
    const { replyCount, version, open } = now;
    return { ...next, replyCount, open: version === next.version ? open : next.open };
  }

  /** What follows the write before its caller may hear of it. */
  async function complete(
    doc: CommentDoc,
    planned: PlannedChange,
    { parentOpen, told }: { parentOpen: boolean; told: Told },
  ): Promise<PlannedChange> {
    const { next } = planned;
    nudge();
    await forgetName(doc, next);
    // Once more after the write: what a fold had taken out of the tail before may have come to the audit meanwhile.
    if (next.author.key !== doc.author.key) await traces.forget(doc);
    await forgetLesson(doc, planned);
    if (next.open !== doc.open) await carries.add(next.id);
    if (next.parentId !== null && next.status === 'approved') {
      const parent = await links.load(next.parentId);
      if ((parent?.open ?? false) !== parentOpen) await carry.settle([next.id]);
    }
    await failpoint('change: carried');
    const now = told === 'comment' ? await asItIs(next) : next;
    // A reply that was not read again may have been opened with its parent.
    const mayBeOpen = told === 'result' && next.parentId !== null && next.status === 'approved';
    if (doc.open || next.open || now.open || mayBeOpen) {
      stamps.publish([{ kind: 'page', site: next.site, pageKey: next.pageKey }]);
    }
    return { ...planned, next: now };
  }

  /** What failed may stand all the same, as a write does that too few members had in time. */
  const failing =
    ({ site, page }: CommentDoc) =>
    (error: unknown): never => {
      stamps.publish([{ kind: 'page', site, pageKey: page }]);
      throw error;
    };

  async function change(id: string, command: CommentCommand, told: Told): Promise<ChangeResult> {
    const load = told === 'result' && isDecision(command) ? loadsToDecide : loads;
    for (;;) {
      const doc = await load(id);
      if (!doc) return { refused: 'not-found' };
      const parentOpen = doc.parentId === null || ((await links.load(doc.parentId))?.open ?? false);
      const current = commentOf(doc);
      const planned = planChange(current, command, {
        // A build that knew of no reports closed none.
        history: doc.history.map((entry) => ({ ...entry, closedReports: entry.closedReports ?? 0 })),
        parentOpen,
        reports: () => reportsOf(doc),
      });
      if (planned.refused !== undefined) return planned;
      // Before the write: a claim too many is seen through, one too few would let a duplicate pass.
      const duplicateKey = newDuplicateKey(command);
      if (command.kind === 'erase') {
        await duplicates.release({ comment: { id }, duplicateKey: doc.duplicateKey });
        await traces.forget(doc);
      } else if (duplicateKey !== null) await duplicates.add(doc.site, duplicateKey, id);
      if (command.kind === 'expire') await traces.outlive(doc);
      // Before the write, too: a word that is nobody else's must not outlive it in the list of words.
      const words = changesWords(current, planned.next) ? await wordsOf(doc, current) : [];
      if (words.length > 0) {
        if (!(await markDue(doc))) continue;
        await terms.release(words, [id]);
        await failpoint('change: words released');
      }
      const write = writeOf(doc, current, planned, command, { by: instance, mark });
      const happened = await writes.add(write).catch(failing(doc));
      await failpoint('change: written');
      // Once more: who fills in may have put them back while the comment still had them, and of two that lose a word at
      // the same time each saw it with the other. One that stays is to be found by those that it keeps.
      if (happened && words.length > 0)
        await terms.release(planned.next.deletedAt === null ? lostWords(current, planned.next) : words, []);
      // Lost to another write: planned anew on what stands now, where a version that was seen is a conflict.
      if (happened) return complete(doc, planned, { parentOpen, told }).catch(failing(doc));
    }
  }

  const inTurn = (id: string, command: CommentCommand, told: Told): Promise<ChangeResult> =>
    turns.run(id, () => change(id, command, told));
  return {
    change: (id: string, command: CommentCommand) => inTurn(id, command, 'comment'),
    /** What arrives together shares its reads and writes; those of one comment keep their order. */
    changeMany: (changes: ManyChange[]): Promise<ManyResult[]> =>
      Promise.all(changes.map(async ({ id, command }) => manyResult(await inTurn(id, command, 'result')))),
  };
}
