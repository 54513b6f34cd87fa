import { COUNTER_FIELDS, type CounterField, type Counts } from '../../comments/counts.ts';
import type { Difference } from '../../comments/difference.ts';
import { type CommentDoc, shardOf } from './comment-doc.ts';
import type { Database, Write } from './database.ts';
import type { CounterDoc } from './documents.ts';
import type { Folder } from './folder.ts';
import { JOURNAL_ID } from './journal.ts';
import { pairs } from './pairs.ts';

/**
 * Counters against comments, beside instances that go on writing. While nobody folds, a counter stands still,
 * and so does what each comment is counted as: what it was before the first change in its tail, or, without
 * a tail, what it is. Comments that come meanwhile are counted as nothing. So both sides can be read at leisure.
 */
const FIRST = { $arrayElemAt: ['$tail', 0] };
const HAS_TAIL = { $gt: [{ $size: '$tail' }, 0] };
const counted = (member: 'status' | 'visible' | 'reported', now: unknown) => ({
  $cond: [
    HAS_TAIL,
    { $getField: { field: member, input: { $getField: { field: 'before', input: FIRST } } } },
    now,
  ],
});
const IS_THERE = { $ne: ['$queue', 'deleted'] };
const COUNTED = {
  site: 1,
  ancestors: 1,
  // An erasure that is not folded yet: the counters still have it as its former author's.
  author: {
    $cond: [
      HAS_TAIL,
      { $ifNull: [{ $getField: { field: 'author', input: FIRST } }, '$author.key'] },
      '$author.key',
    ],
  },
  page: { $cond: [HAS_TAIL, { $getField: { field: 'page', input: FIRST } }, '$page'] },
  status: counted('status', { $cond: [IS_THERE, '$status', null] }),
  visible: counted('visible', { $and: [IS_THERE, '$open'] }),
  reported: counted('reported', { $and: [IS_THERE, { $eq: ['$reported', true] }] }),
};

const sumOf = (field: CounterField) => {
  const is = field === 'visible' || field === 'reported' ? `$${field}` : { $eq: ['$status', field] };
  return { $sum: { $cond: [is, 1, 0] } };
};
const SUMS = Object.fromEntries(COUNTER_FIELDS.map((field) => [field, sumOf(field)]));

const SCOPES = {
  s: { $concat: ['s/', '$site'] },
  p: { $concat: ['p/', '$site', '/', '$page'] },
  a: { $concat: ['a/', '$site', '/', '$author'] },
} as const;
type Family = keyof typeof SCOPES;

/** What one stillness finds at most, so that memory stays small; once it is mended the next finds more. */
const MOST = 20_000;
/** A fold or a removal that came in between makes a reading worthless; it is done again. */
const TRIES = 5;

export interface VerifyCountsParts {
  database: Pick<Database, 'comments' | 'counters' | 'journal' | 'sites'>;
  still: Folder['still'];
}

type Found = Omit<Difference, 'repaired'> & {
  site: string;
  /** `seq` is the journal's. */
  mend: (seq: number) => Write<CounterDoc> | Write<CommentDoc>;
};

export async function* verifyCounts(
  { database, still }: VerifyCountsParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { comments, counters, journal, sites } = database;
  const seqNow = async (): Promise<number> =>
    (await journal.findOne({ _id: JOURNAL_ID }, { projection: { seq: 1 } }))?.seq ?? 0;

  async function* wrongCounters(family: Family): AsyncGenerator<Found> {
    const grouped = comments.aggregate<Counts & { _id: string }>(
      [
        { $project: COUNTED },
        { $match: { status: { $ne: null }, ...(family === 'a' && { author: { $type: 'string' } }) } },
        { $group: { _id: SCOPES[family], ...SUMS } },
        { $sort: { _id: 1 } },
      ],
      { allowDiskUse: true },
    );
    const kept = counters.find({ _id: { $gte: `${family}/`, $lt: `${family}0` } }).sort({ _id: 1 });
    for await (const [due, is] of pairs(grouped, kept)) {
      const scope = due?._id ?? is?._id ?? '';
      for (const field of COUNTER_FIELDS) {
        const [should, stands] = [due?.[field] ?? 0, is?.[field] ?? 0];
        if (should === stands) continue;
        const mend = (seq: number): Write<CounterDoc> => ({
          updateOne: {
            filter: { _id: scope },
            update: { $inc: { [field]: should - stands }, $setOnInsert: { batch: seq } },
            upsert: true,
          },
        });
        const site = scope.split('/')[1] ?? '';
        yield { what: 'counter', where: `${scope} ${field}`, kept: stands, due: should, site, mend };
      }
    }
  }

  async function* wrongReplies(): AsyncGenerator<Found> {
    const due = comments.aggregate<{ _id: string; site: string; n: number }>(
      [
        { $match: { parentId: { $ne: null } } },
        { $project: COUNTED },
        { $match: { visible: true } },
        { $unwind: '$ancestors' },
        { $group: { _id: '$ancestors', site: { $first: '$site' }, n: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ],
      { allowDiskUse: true },
    );
    const kept = comments
      .find({ replyCount: { $ne: 0 } })
      .project<Pick<CommentDoc, '_id' | 'site' | 'replyCount'>>({ site: 1, replyCount: 1 })
      .sort({ _id: 1 })
      .hint({ _id: 1 });
    for await (const [should, is] of pairs(due, kept)) {
      const [n, stands] = [should?.n ?? 0, is?.replyCount ?? 0];
      if (n === stands) continue;
      const [id, site] = [should?._id ?? is?._id ?? '', should?.site ?? is?.site ?? ''];
      const mend = (): Write<CommentDoc> => ({
        updateOne: { filter: shardOf(site, id), update: { $inc: { replyCount: n - stands } } },
      });
      yield { what: 'reply-count', where: id, kept: stands, due: n, site, mend };
    }
  }

  /** A removal takes away comments before their counters; what it has begun is its to end. */
  async function withoutRemoved(found: Found[]): Promise<Found[]> {
    const ids = [...new Set(found.map(({ site }) => site))];
    const removing = await sites.find({ _id: { $in: ids }, removing: true }).toArray();
    const gone = new Set(removing.map(({ _id }) => _id));
    return found.filter(({ site }) => !gone.has(site));
  }

  /** One reading, mended before anybody folds again; null where it was disturbed. */
  async function reading(wrong: () => AsyncGenerator<Found>): Promise<Found[] | null> {
    const seq = await seqNow();
    const found: Found[] = [];
    for await (const one of wrong()) if (found.push(one) >= MOST) break;
    const standing = await withoutRemoved(found);
    if ((await seqNow()) !== seq) return null;
    if (repair && standing.length > 0) {
      const writes = standing.map(({ mend }) => mend(seq));
      const options = { ordered: false, writeConcern: { w: 'majority' } } as const;
      if (standing[0]?.what === 'counter') await counters.bulkWrite(writes as Write<CounterDoc>[], options);
      else await comments.bulkWrite(writes as Write<CommentDoc>[], options);
    }
    return standing;
  }

  async function* settle(wrong: () => AsyncGenerator<Found>): AsyncGenerator<Difference> {
    for (let tries = 0; ; ) {
      const found = await still(() => reading(wrong));
      for (const { what, where, kept, due } of found ?? [])
        yield { what, where, kept, due, repaired: repair };
      if (found !== null && (found.length < MOST || !repair)) return;
      if (found === null && ++tries >= TRIES)
        throw new Error('counters were never still: another folds beside us');
    }
  }

  yield* settle(wrongReplies);
  for (const family of Object.keys(SCOPES) as Family[]) yield* settle(() => wrongCounters(family));
}
