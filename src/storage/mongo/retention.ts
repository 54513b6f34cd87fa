import { type CommentStatus, STATUSES } from '../../comments/comment.ts';
import type { AgedComment, RetentionStore } from '../../moving/retention-store.ts';
import type { CommentDoc } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import type { Lease } from './lease.ts';

type AgedDoc = Pick<CommentDoc, '_id' | 'version' | 'createdAt' | 'status'> & {
  history: { at: number; from: CommentStatus; to: CommentStatus }[];
  screening: { phase: string }[];
};

/** A comment that was screened has an outcome of every phase; one that came from elsewhere has none. */
function agedOf({ _id, version, createdAt, status, history, screening }: AgedDoc): AgedComment {
  const entered = history.filter(({ from, to }) => to === status && from !== status);
  const since = Math.max(createdAt, ...entered.map(({ at }) => at));
  return { id: _id, version, since, isImported: entered.length === 0 && screening.length === 0 };
}

/** RetentionStore on MongoDB. */
export function createRetention(
  { comments, audit, imports, retention }: Pick<Database, 'comments' | 'audit' | 'imports' | 'retention'>,
  lease: Lease,
): RetentionStore {
  return {
    hold: lease.hold,
    release: lease.release,
    mark: async (name) => (await retention.findOne({ _id: name }))?.value ?? null,
    async setMark(name, value) {
      const options = { upsert: true, writeConcern: DURABLE };
      await retention.updateOne({ _id: name }, { $set: { value } }, options);
    },
    async aged({ site, status, after, before, limit }) {
      const found = await comments
        .find({ site, queue: status, _id: { $gt: after, $lt: before } })
        .project<AgedDoc>({
          version: 1,
          createdAt: 1,
          status: 1,
          'history.at': 1,
          'history.from': 1,
          'history.to': 1,
          'screening.phase': 1,
        })
        .sort({ _id: 1 })
        .limit(limit)
        .hint('queue-of-site')
        .toArray();
      return found.map(agedOf);
    },
    async addressed({ site, after, before, limit }) {
      const found = await comments
        .find({ site, queue: { $in: [...STATUSES] }, _id: { $gt: after, $lt: before } })
        .project<Pick<CommentDoc, '_id' | 'author'>>({ 'author.email': 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .hint('queue-of-site')
        .toArray();
      const ids = found.filter(({ author }) => typeof author.email === 'string').map(({ _id }) => _id);
      return { ids, last: found.at(-1)?._id ?? null };
    },
    async lastImport(site) {
      const found = await imports
        .find({ site })
        .project<{ open?: true; dryRun: boolean; finishedAt: number | null }>({
          open: 1,
          dryRun: 1,
          finishedAt: 1,
        })
        .hint('imports-of-site')
        .toArray();
      const ends = found
        .filter(({ dryRun }) => !dryRun)
        .map(({ open, finishedAt }) => (open ? Number.POSITIVE_INFINITY : (finishedAt ?? 0)));
      return ends.length === 0 ? null : Math.max(...ends);
    },
    async trimAudit({ site, before, limit }) {
      const oldest = await audit
        .find({ site, _id: { $lt: before } })
        .project<{ _id: string }>({ _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .hint('audit-of-site')
        .toArray();
      if (oldest.length === 0) return 0;
      const ids = oldest.map(({ _id }) => _id);
      await audit.deleteMany({ _id: { $in: ids } }, { writeConcern: DURABLE });
      return ids.length;
    },
  };
}
