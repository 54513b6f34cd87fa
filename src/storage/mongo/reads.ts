import { type Comment, type HistoryEntry, isTombstone, type Report } from '../../comments/comment.ts';
import type { ChildrenQuery, PageQuery } from '../../comments/comment-store.ts';
import { groupBy } from '../../group-by.ts';
import { createBatcher, done } from './batcher.ts';
import { type CommentDoc, type CommentRow, reportsOf, WITHOUT_HISTORY } from './comment-doc.ts';
import type { Database, Filter } from './database.ts';
import type { TrueReader } from './reply-counts.ts';
import { addPage, noReach } from './unfolded.ts';

/** Reads of single comments and of a page's public lists. */
export interface CommentReader {
  find(id: string): Promise<Comment | null>;
  findMany(ids: string[]): Promise<Comment[]>;
  sitesOf(ids: string[]): Promise<Map<string, string>>;
  findByLegacyId(site: string, legacyId: string): Promise<Comment | null>;
  history(id: string): Promise<HistoryEntry[]>;
  openReports(ids: string[]): Promise<Map<string, Report[]>>;
  listPage(query: PageQuery): Promise<Comment[]>;
  children(query: ChildrenQuery): Promise<Map<string, Comment[]>>;
  descendants(parents: string[], limit: number): Promise<Comment[]>;
}

/** A stretch of a list whose rows lie side by side in one index. */
export interface Stretch {
  filter: Filter<CommentDoc>;
  sort: Record<string, 1 | -1>;
  hint: string;
}

/** Deleted comments are shown only while they hold up visible replies. */
const isShown = (comment: Comment): boolean => comment.deletedAt === null || isTombstone(comment);

/** The stretches of a page's list in walking order, beyond `from`. */
export function stretchesOf(query: PageQuery): Stretch[] {
  const { site, pageKey, sort, backwards = false, inclusive = false, from } = query;
  const base: Filter<CommentDoc> = {
    site,
    page: pageKey,
    root: query.depth === 'roots' ? true : { $in: [true, false] },
    open: true,
  };
  const rising = (sort === 'newest') === backwards;
  const bound = (up: boolean): string => `${up ? '$gt' : '$lt'}${inclusive ? 'e' : ''}`;
  const way = (up: boolean): 1 | -1 => (up ? 1 : -1);
  if (sort !== 'top') {
    const filter = from ? { ...base, _id: { [bound(rising)]: from.id } } : base;
    return [{ filter, sort: { _id: way(rising) }, hint: 'thread-by-time' }];
  }
  const order = { score: way(backwards), _id: way(!backwards) };
  if (!from) return [{ filter: base, sort: order, hint: 'thread-by-score' }];
  const value = from.value ?? 0;
  return [
    // Of one score: ordered by id alone, or the server would not merge the two scans but sort.
    {
      filter: { ...base, score: value, _id: { [bound(!backwards)]: from.id } },
      sort: { _id: order._id },
      hint: 'thread-by-score',
    },
    {
      filter: { ...base, score: { [backwards ? '$gt' : '$lt']: value } },
      sort: order,
      hint: 'thread-by-score',
    },
  ];
}

/** Reads stretch after stretch until `limit` rows are there. */
export async function readStretches(
  { comments }: Pick<Database, 'comments'>,
  stretches: Stretch[],
  { limit, without = WITHOUT_HISTORY }: { limit: number; without?: Partial<Record<keyof CommentDoc, 0>> },
): Promise<CommentRow[]> {
  const rows: CommentRow[] = [];
  for (const { filter, sort, hint } of stretches) {
    if (rows.length >= limit) break;
    const wanted = limit - rows.length;
    const found = await comments
      .find(filter)
      .project<CommentRow>(without)
      .sort(sort)
      .hint(hint)
      .limit(wanted)
      .batchSize(wanted + 1)
      .toArray();
    rows.push(...found);
  }
  return rows;
}

const byMoment = (one: Report, other: Report): number =>
  one.at - other.at || (one.reader < other.reader ? -1 : 1);

export function createCommentReader(
  database: Pick<Database, 'comments'>,
  trueReader: TrueReader,
): CommentReader {
  const { comments } = database;
  const rowsOf = (ids: string[]): Promise<CommentRow[]> =>
    comments
      .find({ _id: { $in: ids } })
      .project<CommentRow>(WITHOUT_HISTORY)
      .batchSize(10_000)
      .toArray();
  const finds = createBatcher<string, Comment | null>(
    async (ids) => {
      const found = await trueReader.read(() => rowsOf([...new Set(ids)]));
      const byId = new Map(found.map((comment) => [comment.id, comment]));
      return ids.map((id) => done(byId.get(id) ?? null));
    },
    { lanes: 4 },
  );

  async function listPage(query: PageQuery): Promise<Comment[]> {
    const reach = noReach();
    addPage(reach, query.site, query.pageKey);
    const shown: Comment[] = [];
    for (let part = query; ; ) {
      const wanted = query.limit - shown.length;
      const found = await trueReader.read(
        () => readStretches(database, stretchesOf(part), { limit: wanted }),
        reach,
      );
      shown.push(...found.filter(isShown));
      const last = found.at(-1);
      if (found.length < wanted || shown.length >= query.limit || !last) return shown;
      part = { ...query, inclusive: false, from: { id: last.id, value: last.votesUp - last.votesDown } };
    }
  }

  /** At most `perParent` of each, before those that are not shown are taken out. */
  function childRows({ parents, after, perParent }: ChildrenQuery): Promise<CommentRow[]> {
    const open = {
      status: 'approved' as const,
      open: true,
      ...(after === undefined ? {} : { _id: { $gt: after } }),
    };
    const [only] = parents;
    if (parents.length === 1 && only !== undefined) {
      const found = comments.find({ parentId: only, ...open }).project<CommentRow>(WITHOUT_HISTORY);
      return found
        .sort({ _id: 1 })
        .hint('children')
        .limit(perParent)
        .batchSize(perParent + 1)
        .toArray();
    }
    // Unwound at once: the children of a parent need not fit into one document.
    return comments
      .aggregate<CommentRow>(
        [
          { $match: { _id: { $in: parents } } },
          { $project: { _id: 1 } },
          {
            $lookup: {
              from: comments.collectionName,
              localField: '_id',
              foreignField: 'parentId',
              pipeline: [
                { $match: open },
                { $sort: { _id: 1 } },
                { $limit: perParent },
                { $project: WITHOUT_HISTORY },
              ],
              as: 'child',
            },
          },
          { $unwind: '$child' },
          { $replaceRoot: { newRoot: '$child' } },
        ],
        { batchSize: 10_000 },
      )
      .toArray();
  }

  async function children(query: ChildrenQuery): Promise<Map<string, Comment[]>> {
    const shown = new Map<string, Comment[]>();
    if (query.parents.length === 0 || query.perParent < 1) return shown;
    const found = await trueReader.read(() => childRows(query));
    for (const [parent, group] of groupBy(found, (comment) => comment.parentId ?? '')) {
      group.sort((a, b) => (a.id < b.id ? -1 : 1));
      const kept = group.filter(isShown);
      const last = group.at(-1);
      if (kept.length < group.length && group.length === query.perParent && last) {
        const rest = await children({
          parents: [parent],
          after: last.id,
          perParent: query.perParent - kept.length,
        });
        kept.push(...(rest.get(parent) ?? []));
      }
      if (kept.length > 0) shown.set(parent, kept);
    }
    return shown;
  }

  async function descendants(parents: string[], limit: number): Promise<Comment[]> {
    const all: Comment[] = [];
    let level = parents;
    while (level.length > 0 && all.length < limit) {
      const found = await children({ parents: level, perParent: limit - all.length });
      const next = level.flatMap((parent) => found.get(parent) ?? []);
      all.push(...next);
      level = next.filter((comment) => comment.replyCount > 0).map((comment) => comment.id);
    }
    return all.slice(0, limit);
  }

  return {
    find: (id) => finds.add(id),
    findMany: (ids) => (ids.length === 0 ? Promise.resolve([]) : trueReader.read(() => rowsOf(ids))),
    async sitesOf(ids) {
      const found = comments.find({ _id: { $in: ids } }).project<{ _id: string; site: string }>({ site: 1 });
      return new Map((await found.batchSize(10_000).toArray()).map(({ _id, site }) => [_id, site]));
    },
    async findByLegacyId(site, legacyId) {
      const row = await comments.findOne({ site, legacyId }, { projection: { _id: 1 }, hint: 'legacy-id' });
      return row ? finds.add(row._id) : null;
    },
    async history(id) {
      const doc = await comments.findOne({ _id: id }, { projection: { history: 1 } });
      return doc?.history ?? [];
    },
    async openReports(ids) {
      const open = { $filter: { input: '$reports', cond: { $eq: ['$$this.closedBy', null] } } };
      const docs = await comments
        .find({ _id: { $in: ids }, openReports: { $gt: 0 } })
        .project<Pick<CommentDoc, '_id' | 'reports'>>({ reports: open })
        .toArray();
      return new Map(docs.map((doc) => [doc._id, reportsOf(doc).sort(byMoment)]));
    },
    listPage,
    children,
    descendants,
  };
}
