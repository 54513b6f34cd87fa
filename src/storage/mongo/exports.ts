import { STATUSES } from '../../comments/comment.ts';
import { type ExportStore, inOneOrder } from '../../moving/export-store.ts';
import {
  type CommentDoc,
  type CommentRow,
  commentOf,
  type QueuePlace,
  reportsOf,
  WITHOUT_HISTORY,
} from './comment-doc.ts';
import type { Database } from './database.ts';
import { referenceId } from './page-writes.ts';
import { aliasId } from './pages.ts';

const PLACES: QueuePlace[] = [...STATUSES, 'deleted'];
/** Greater than every reference of a site: the character after the space that ends its name. */
const endOf = (site: string): string => `${site}!`;

/** ExportStore on MongoDB. No moment is held: each part is as it is when it is read. */
export function createExports({
  comments,
  copies,
  references,
  aliases,
}: Pick<Database, 'comments' | 'copies' | 'references' | 'aliases'>): ExportStore {
  async function formerIds(ids: string[]): Promise<Map<string, string>> {
    const found = await copies.find({ _id: { $in: ids } }).toArray();
    return new Map(found.map(({ _id, formerId }) => [_id, formerId]));
  }

  /** What stands behind the site's name in the ids of a collection, beyond `from`. */
  async function namesIn(
    collection: Pick<typeof references | typeof aliases, 'find'>,
    { site, from, limit }: { site: string; from: string; limit: number },
  ): Promise<string[]> {
    const found = await collection
      .find({ _id: { $gt: from, $lt: endOf(site) } })
      .project<{ _id: string }>({ _id: 1 })
      .sort({ _id: 1 })
      .hint('_id_')
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id.slice(site.length + 1));
  }

  return {
    async walk({ site, after, limit }) {
      const rows = await comments
        .find({ site, queue: { $in: PLACES }, _id: { $gt: after } })
        .project<CommentRow>(WITHOUT_HISTORY)
        .sort({ _id: 1 })
        .hint('queue-of-site')
        .limit(limit)
        .batchSize(limit + 1)
        .toArray();
      const former = await formerIds(rows.flatMap(({ _id, parentId }) => [_id, parentId ?? []].flat()));
      return rows.map((row) => ({
        comment: commentOf(row),
        formerId: former.get(row._id) ?? null,
        parentFormerId: former.get(row.parentId ?? '') ?? null,
      }));
    },
    async pasts(ids) {
      const found = await comments
        .find({ _id: { $in: ids } })
        .project<Pick<CommentDoc, '_id' | 'history' | 'reports'>>({ history: 1, reports: 1 })
        .hint('_id_')
        .toArray();
      return new Map(found.map((doc) => [doc._id, { history: doc.history, reports: reportsOf(doc) }]));
    },
    async walkReferences({ site, after, limit }) {
      const address = after.startsWith('u:') ? after.slice(2) : '';
      const [own, joined] = await Promise.all([
        namesIn(references, { site, from: referenceId(site, after), limit }),
        namesIn(aliases, { site, from: aliasId(site, address), limit }),
      ]);
      return inOneOrder(own, joined).slice(0, limit);
    },
  };
}
