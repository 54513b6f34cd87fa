import { homeOfId } from '../../../ids.ts';
import { type Database, DURABLE } from '../database.ts';
import { OF_OLD } from './due.ts';

/**
 * Rises with every change of foldWords, searchWords, likenessOf or marksOf. What is a letter, and how it folds, is
 * Unicode's: a Node.js that knows more of it fills words in anew.
 */
const RULES = 2;
/** The rules of this program on this Node.js. */
export const rulesNow = (): string => `${RULES}/${process.versions.unicode}`;
const CHUNK = 500;

/**
 * Whether every comment was filled in by this program's rules, but for those whose mark says that they are
 * due. Comments of an earlier program have no such mark: they are given one, the oldest first, by whoever
 * holds the lease.
 */
export interface Readiness {
  isReady(): Promise<boolean>;
  /** Marks some more; false where none is left. */
  markOld(): Promise<boolean>;
}

export function createReadiness({ meta, comments }: Pick<Database, 'meta' | 'comments'>): Readiness {
  let ready = false;
  const read = () => meta.findOne({ _id: 'search' });

  async function isReady(): Promise<boolean> {
    ready ||= (await read())?.rules === rulesNow();
    return ready;
  }

  return {
    isReady,
    async markOld() {
      if (await isReady()) return false;
      const progress = await read();
      const goesOn = progress?.filling === rulesNow();
      const after = goesOn ? (progress.after ?? '') : '';
      const found = await comments
        .find({ _id: { $gt: after } })
        .project<{ _id: string; site: string }>({ site: 1 })
        .sort({ _id: 1 })
        .limit(CHUNK)
        .toArray();
      const last = found.at(-1)?._id;
      if (last === undefined) {
        // Marked is not filled in: of the old ones the lists of phases and reasons are told then, too.
        const left = await comments
          .find({ wordsDue: OF_OLD })
          .project({ _id: 1 })
          .hint('words-due')
          .limit(1)
          .toArray();
        if (left.length > 0) return true;
        const done = { $set: { rules: rulesNow() }, $unset: { filling: '' as const, after: '' as const } };
        await meta.updateOne({ _id: 'search' }, done, { upsert: true, writeConcern: DURABLE });
        return false;
      }
      for (const site of new Set(found.map((one) => one.site))) {
        const ids = found.filter((one) => one.site === site).map(({ _id }) => _id);
        const home = { $in: [...new Set(ids.map(homeOfId))] };
        await comments.updateMany(
          { _id: { $in: ids }, site, home, deletedAt: null },
          { $set: { wordsDue: OF_OLD } },
          { writeConcern: DURABLE },
        );
      }
      const progressed = { $set: { filling: rulesNow(), after: last } };
      await meta.updateOne({ _id: 'search' }, progressed, { upsert: true, writeConcern: DURABLE });
      return true;
    },
  };
}
