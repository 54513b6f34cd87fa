import type { Vote, VoteStore, VoteValue } from '../../comments/vote-store.ts';
import { MOST_OF_ADDRESS, MOST_OF_READER, MOST_VOTERS } from '../../comments/vote-store.ts';
import { type CommentDoc, shardOf } from './comment-doc.ts';
import { type Database, DURABLE, type Filter } from './database.ts';
import type { Stamps } from './stamps.ts';

const placeOf = ({ site, reader }: Pick<Vote, 'site' | 'reader'>): string => `${site}/${reader}/`;
/** Everything that begins with a place, which ends in a slash: '0' is the character after it. */
const under = (place: string): Filter<{ _id: string }> => ({
  _id: { $gt: place, $lt: `${place.slice(0, -1)}0` },
});

const VOTERS = { $ifNull: ['$voters', []] };
const votersWhere = (cond: object) => ({ $filter: { input: VOTERS, cond } });

/** Sets one reader's vote and both counts by what stands in the document at that moment. */
function votePipeline({ reader, address, value }: Vote): object[] {
  const mine = votersWhere({ $eq: ['$$this.r', reader] });
  const ofAddress = { $size: votersWhere({ $eq: ['$$this.a', address] }) };
  const hasRoom = {
    $and: [{ $lt: [ofAddress, MOST_OF_ADDRESS] }, { $lt: [{ $size: VOTERS }, MOST_VOTERS] }],
  };
  const before = { $ifNull: [{ $first: { $map: { input: mine, in: '$$this.v' } } }, 0] };
  const after = { $cond: [{ $or: [{ $ne: ['$$before', 0] }, hasRoom] }, value, 0] };
  const moved = (which: 1 | -1) => ({
    $subtract: [
      { $cond: [{ $eq: ['$$after', which] }, 1, 0] },
      { $cond: [{ $eq: ['$$before', which] }, 1, 0] },
    ],
  });
  const asked = {
    $let: {
      vars: { before },
      in: {
        $let: {
          vars: { after },
          in: { up: moved(1), down: moved(-1), mine: '$$after' },
        },
      },
    },
  };
  const others = votersWhere({ $ne: ['$$this.r', reader] });
  const own = { $cond: [{ $eq: ['$voting.mine', 0] }, [], [{ r: reader, a: address, v: '$voting.mine' }]] };
  return [
    { $set: { voting: asked } },
    {
      $set: {
        voters: { $concatArrays: [others, own] },
        votesUp: { $add: ['$votesUp', '$voting.up'] },
        votesDown: { $add: ['$votesDown', '$voting.down'] },
        score: { $add: ['$score', { $subtract: ['$voting.up', '$voting.down'] }] },
      },
    },
    { $unset: 'voting' },
  ];
}

type Voted = Pick<CommentDoc, 'votesUp' | 'votesDown' | 'page'>;
type OwnVote = Pick<CommentDoc, '_id' | 'voters'>;

/** VoteStore on MongoDB. */
export function createVotes(
  { comments, votes }: Pick<Database, 'comments' | 'votes'>,
  stamps: Pick<Stamps, 'publish'>,
): VoteStore {
  return {
    async cast(vote) {
      const { commentId, site } = vote;
      const _id = placeOf(vote) + commentId;
      // Before the vote: what is acknowledged can be found. One too many is seen through.
      await votes.updateOne({ _id }, { $setOnInsert: { _id } }, { upsert: true, writeConcern: DURABLE });
      const visible = { ...shardOf(site, commentId), open: true, deletedAt: null };
      const voted = (await comments.findOneAndUpdate(visible, votePipeline(vote), {
        returnDocument: 'after',
        projection: { votesUp: 1, votesDown: 1, page: 1 },
        writeConcern: DURABLE,
      })) as Voted | null;
      if (!voted) return null;
      stamps.publish([{ kind: 'page', site, pageKey: voted.page }]);
      return { up: voted.votesUp, down: voted.votesDown };
    },
    async of(asked, pageKey) {
      const place = placeOf(asked);
      const found = await votes
        .find(under(place))
        .sort({ _id: -1 })
        .hint('_id_')
        .limit(MOST_OF_READER)
        .batchSize(MOST_OF_READER + 1)
        .toArray();
      const ids = found.map(({ _id }) => _id.slice(place.length));
      if (ids.length === 0) return new Map();
      const own = await comments
        .find({ _id: { $in: ids }, page: pageKey, open: true, deletedAt: null })
        .project<OwnVote>({ voters: { $elemMatch: { r: asked.reader } } })
        .hint('_id_')
        .batchSize(MOST_OF_READER + 1)
        .toArray();
      return new Map(
        own.flatMap(({ _id, voters = [] }): [string, VoteValue][] => voters.map(({ v }) => [_id, v])),
      );
    },
  };
}
