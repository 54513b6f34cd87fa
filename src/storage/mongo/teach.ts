import { EVERY_SITE } from '../../screening/learner/lesson-store.ts';
import { likenessOf } from '../../text/likeness.ts';
import type { CommentDoc, TailLesson } from './comment-doc.ts';
import type { Database, Write } from './database.ts';
import type { JournalDoc, LessonDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';

type Parts = Pick<Database, 'comments' | 'lessons' | 'learnt'>;
const MAJORITY = { writeConcern: { w: 'majority' as const } };
const TEACHING: ReadonlySet<string> = new Set(['decided', 'undone', 'edited', 'deleted']);

type Taught = Pick<CommentDoc, '_id' | 'site' | 'tail'>;

/** What of a lesson goes when it is taken back. */
const TAKEN = { label: '', text: '', url: '', keys: '' } as const;

/** What of a decision its line in the log has; nothing where it takes back what was said. */
export function saidIn(site: string, { label, text, url }: TailLesson): Partial<LessonDoc> {
  if (label === null) return {};
  return {
    label,
    text,
    url: url ?? null,
    keys: likenessOf(site, text ?? '').keys,
    ...(label === 'rejected' && { aside: true }),
  };
}

/** The lessons in the tails of a batch, by their events' numbers, lowest first. */
async function lessonsIn({ comments }: Parts, { events, lastNumber }: JournalDoc): Promise<LessonDoc[]> {
  const first = lastNumber - events.length + 1;
  const numbers = new Map<string, number>();
  const ids = new Set<string>();
  for (const [i, event] of events.entries()) {
    if (!('commentId' in event) || !TEACHING.has(event.type)) continue;
    numbers.set(event.id, first + i);
    ids.add(event.commentId);
  }
  if (ids.size === 0) return [];
  const owners = await comments
    .find({ _id: { $in: [...ids] } })
    .project<Taught>({ site: 1, 'tail.event.id': 1, 'tail.lesson': 1 })
    .toArray();
  const found = owners.flatMap(({ _id: comment, site, tail }) =>
    tail.flatMap(({ event, lesson }): LessonDoc[] => {
      const number = numbers.get(event?.id ?? '');
      if (!lesson || number === undefined) return [];
      return [{ _id: number, site, comment, ...saidIn(site, lesson) }];
    }),
  );
  return found.sort((a, b) => a._id - b._id);
}

/** Of several lessons of one comment in a batch the last one stands. */
function settleAmong(found: LessonDoc[]): void {
  const newest = new Map<string, LessonDoc>();
  for (const lesson of found) {
    const before = newest.get(lesson.comment);
    if (before) {
      lesson.supersedes = before._id;
      before.by = lesson._id;
      if (before.aside) lesson.unlearnsNothing = true;
      for (const name of Object.keys(TAKEN) as (keyof typeof TAKEN)[]) delete before[name];
    }
    newest.set(lesson.comment, lesson);
  }
}

type Earlier = Pick<LessonDoc, '_id' | 'comment' | 'by' | 'aside'>;

/** Takes back what stands of the comments; a second time it finds what it took back the first time. */
async function takeBack({ lessons, learnt }: Parts, found: LessonDoc[]): Promise<void> {
  const firsts = new Map(
    found.filter(({ supersedes }) => supersedes === undefined).map((lesson) => [lesson.comment, lesson]),
  );
  const earlier = await lessons
    .find({ comment: { $in: [...firsts.keys()] } })
    .project<Earlier>({ comment: 1, by: 1, aside: 1 })
    .sort({ comment: 1, _id: 1 })
    .hint('lessons-of-comment')
    .batchSize(10_000)
    .toArray();
  const writes: Write<LessonDoc>[] = [];
  /** By site the lowest number that a snapshot must not have learnt. */
  const unlearnt = new Map<string, number>();
  for (const { _id, comment, by, aside } of earlier) {
    const lesson = firsts.get(comment);
    const isTaken = by === lesson?._id;
    if (!lesson || !(isTaken || (by === undefined && _id < lesson._id))) continue;
    lesson.supersedes = _id;
    if (!isTaken) writes.push(takingBack(_id, lesson));
    if (aside) lesson.unlearnsNothing = true;
    else
      for (const site of [lesson.site, EVERY_SITE])
        unlearnt.set(site, Math.min(_id, unlearnt.get(site) ?? _id));
  }
  if (writes.length > 0) await lessons.bulkWrite(writes, { ordered: false, ...MAJORITY });
  for (const [_id, number] of unlearnt) await learnt.deleteOne({ _id, number: { $gte: number } }, MAJORITY);
}

const takingBack = (_id: number, { _id: by }: LessonDoc): Write<LessonDoc> => ({
  updateOne: { filter: { _id, by: { $exists: false } }, update: { $set: { by }, $unset: TAKEN } },
});

/**
 * Hands a batch's lessons on to the log. Done twice it does nothing more, and before the batch's events are told:
 * whoever hears of a decision finds its lesson.
 */
export async function teach(parts: Parts, doc: JournalDoc): Promise<void> {
  const found = await lessonsIn(parts, doc);
  if (found.length === 0) return;
  settleAmong(found);
  await takeBack(parts, found);
  // A decision of before there were lessons left none to take back.
  const telling = found.filter(({ label, supersedes, by }) => label || by || supersedes !== undefined);
  const known = await parts.lessons
    .find({ _id: { $in: telling.map(({ _id }) => _id) } })
    .project<{ _id: number }>({ _id: 1 })
    .toArray();
  const there = new Set(known.map(({ _id }) => _id));
  const fresh = telling.filter(({ _id }) => !there.has(_id));
  if (fresh.length === 0) return;
  try {
    // In order: whoever sees a number sees all before it.
    await parts.lessons.insertMany(fresh, { ordered: true, ...MAJORITY });
  } catch (error) {
    // Another instance carries out the same batch; it ends what it began.
    if (!isDuplicateKey(error)) throw error;
    return teach(parts, doc);
  }
}
