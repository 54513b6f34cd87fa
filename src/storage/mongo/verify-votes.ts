import type { Difference } from '../../comments/difference.ts';
import { shardOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';

export interface VerifyVotesParts {
  database: Pick<Database, 'comments' | 'votes' | 'imports'>;
}

const VOTERS = { $ifNull: ['$voters', []] };
const readersWho = (value: 1 | -1) => ({
  $size: { $filter: { input: VOTERS, cond: { $eq: ['$$this.v', value] } } },
});
const [UP, DOWN] = [readersWho(1), readersWho(-1)];
/** Where their readers look for these votes (votes.ts). */
const PLACES = { $map: { input: VOTERS, in: { $concat: ['$site', '/', '$$this.r', '/', '$_id'] } } };

interface Counted {
  _id: string;
  site: string;
  votesUp: number;
  votesDown: number;
  up: number;
  down: number;
}

/** The votes of each comment against its readers who vote. One document is whole at every moment, whoever votes. */
export async function* verifyVotes(
  { database: { comments, votes, imports } }: VerifyVotesParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const imported = new Set<string>();

  /** An import brings numbers without readers. It is noted before its comments: asked once one was read, it is known. */
  async function mayHaveMore(site: string): Promise<boolean> {
    if (imported.has(site)) return true;
    const found = await imports.findOne(
      { site, dryRun: false },
      { projection: { _id: 1 }, hint: 'imports-of-site' },
    );
    if (found) imported.add(site);
    return found !== null;
  }

  async function mend({ _id, site }: Counted, hasMore: boolean): Promise<void> {
    const due = (member: string, readers: object) => (hasMore ? { $max: [member, readers] } : readers);
    await comments.updateOne(
      shardOf(site, _id),
      [
        { $set: { votesUp: due('$votesUp', UP), votesDown: due('$votesDown', DOWN) } },
        { $set: { score: { $subtract: ['$votesUp', '$votesDown'] } } },
      ],
      { writeConcern: DURABLE },
    );
  }

  async function* wrongNumbers(): AsyncGenerator<Difference> {
    const found = comments.aggregate<Counted>([
      { $match: { $expr: { $or: [{ $ne: ['$votesUp', UP] }, { $ne: ['$votesDown', DOWN] }] } } },
      { $project: { site: 1, votesUp: 1, votesDown: 1, up: UP, down: DOWN } },
    ]);
    for await (const one of found) {
      const { _id: where, site, votesUp, votesDown, up, down } = one;
      const hasMore = await mayHaveMore(site);
      const isWrong = (kept: number, due: number): boolean => (hasMore ? kept < due : kept !== due);
      const [upIsWrong, downIsWrong] = [isWrong(votesUp, up), isWrong(votesDown, down)];
      if (!upIsWrong && !downIsWrong) continue;
      if (repair) await mend(one, hasMore);
      if (upIsWrong) yield { what: 'votes-up', where, kept: votesUp, due: up, repaired: repair };
      if (downIsWrong) yield { what: 'votes-down', where, kept: votesDown, due: down, repaired: repair };
    }
  }

  /** A vote is written where its reader looks for it before it counts, so nothing of this is under way. */
  async function* lostVoters(): AsyncGenerator<Difference> {
    const found = comments.aggregate<{ _id: string; lost: string[] }>([
      { $match: { 'voters.0': { $exists: true } } },
      { $project: { places: PLACES } },
      { $lookup: { from: votes.collectionName, localField: 'places', foreignField: '_id', as: 'found' } },
      { $project: { lost: { $setDifference: ['$places', '$found._id'] } } },
      { $match: { 'lost.0': { $exists: true } } },
    ]);
    for await (const { _id: where, lost } of found) {
      for (const _id of repair ? lost : [])
        await votes.updateOne({ _id }, { $setOnInsert: { _id } }, { upsert: true, writeConcern: DURABLE });
      yield { what: 'voters', where, kept: false, due: true, repaired: repair };
    }
  }

  yield* wrongNumbers();
  yield* lostVoters();
}
