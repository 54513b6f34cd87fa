import type { Volume } from '../../comments/tallies.ts';
import { VOLUMES } from '../../comments/tallies.ts';
import type { StatsStore, TallyQuery, TallySum, TallySums } from '../../moderation/stats-store.ts';
import { addToRest, noVolume, stretchOf } from '../../moderation/stats-store.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database, Filter } from './database.ts';
import type { JournalDoc, SiteTally, TallyDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';
import type { JournalReader, JournalView } from './journal.ts';

/** Slots have so many digits until the year 2255: ids of one site sort by them. */
const DIGITS = 8;
const placeOf = (site: string, slot: number): string => `${site}/${String(slot).padStart(DIGITS, '0')}`;
export const tallyId = ({ site, slot, what }: Pick<SiteTally, 'site' | 'slot' | 'what'>): string =>
  `${placeOf(site, slot)}/${what}`;

/** What a batch of the fold moves, each tally once. */
export function talliesIn(owners: Pick<CommentDoc, 'site' | 'tail'>[]): SiteTally[] {
  const sums = new Map<string, SiteTally>();
  for (const { site, tail } of owners) {
    for (const { slot, what, by } of tail.flatMap(({ tallies }) => tallies ?? [])) {
      const id = tallyId({ site, slot, what });
      const sum = sums.get(id);
      if (sum) sum.by += by;
      else sums.set(id, { site, slot, what, by });
    }
  }
  return [...sums.values()].filter(({ by }) => by !== 0);
}

/** Moves them; done twice it does nothing more, as with the counters. */
export async function applyTallies(
  { tallies }: Pick<Database, 'tallies'>,
  { seq, tallies: moved = [] }: JournalDoc,
): Promise<void> {
  if (moved.length === 0) return;
  const writes = moved.map(({ site, slot, what, by }) => ({
    updateOne: {
      filter: { _id: tallyId({ site, slot, what }), batch: { $lt: seq } },
      update: { $inc: { n: by }, $set: { batch: seq, slot, what } },
      upsert: true,
    },
  }));
  try {
    await tallies.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
  } catch (error) {
    // A tally that has this batch already does not match, and its insert finds the id taken.
    for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
  }
}

/** Of one command: each is a range of the index. */
const SITES_AT_ONCE = 100;

type Grouped = TallySum & { applied: string[] };
type Waiting = Pick<CommentDoc, '_id' | 'tail'>;

interface Found {
  volumes: TallyDoc[];
  rest: Grouped[];
  waiting: Waiting[];
}

/** StatsStore on MongoDB: what is folded, and what is not yet, as one truth; see journal.ts. */
export function createStats(
  { tallies, comments }: Pick<Database, 'tallies' | 'comments'>,
  journals: JournalReader,
): StatsStore {
  /** `seq` names the batch that may be half applied: which of the tallies summed up have it is told along. */
  async function find(query: TallyQuery, seq: number): Promise<Found> {
    const [volumes, rest, waiting] = await Promise.all([
      tallies
        .find({ ...inRanges(query), what: { $in: [...VOLUMES] } })
        .hint('_id_')
        .batchSize(10_000)
        .toArray(),
      tallies
        .aggregate<Grouped>(
          [
            { $match: { ...inRanges(query), what: { $nin: [...VOLUMES] } } },
            {
              $group: {
                _id: '$what',
                n: { $sum: '$n' },
                last: { $max: '$slot' },
                applied: { $push: { $cond: [{ $eq: ['$batch', seq] }, '$_id', '$$REMOVE'] } },
              },
            },
            { $project: { _id: 0, what: '$_id', n: 1, last: 1, applied: 1 } },
          ],
          { hint: '_id_', batchSize: 10_000 },
        )
        .toArray(),
      comments
        .find({ work: true, site: { $in: query.sites } })
        .project<Waiting>({ 'tail.n': 1, 'tail.tallies': 1 })
        .hint('work')
        .batchSize(10_000)
        .toArray(),
    ]);
    return { volumes, rest, waiting };
  }

  return {
    async tallies({ sites, bounds }) {
      const sums = { volumes: bounds.slice(1).map(noVolume), rest: new Map<string, TallySum>() };
      for (let start = 0; start < sites.length; start += SITES_AT_ONCE) {
        const query = { sites: sites.slice(start, start + SITES_AT_ONCE), bounds };
        const { value, journal } = await journals.read(({ seq }) => find(query, seq));
        addFound(sums, { query, found: value, journal });
      }
      return { volumes: sums.volumes, rest: [...sums.rest.values()].map(plain).filter(({ n }) => n !== 0) };
    },
  };
}

/** What is tallied of these sites between the bounds. */
function inRanges({ sites, bounds }: TallyQuery): Filter<TallyDoc> {
  const [first = 0, last = 0] = [bounds[0], bounds.at(-1)];
  return { $or: sites.map((site) => ({ _id: { $gte: placeOf(site, first), $lt: placeOf(site, last) } })) };
}

interface Sums {
  volumes: TallySums['volumes'];
  rest: Map<string, TallySum>;
}

interface FoundOf {
  query: TallyQuery;
  found: Found;
  journal: JournalView;
}

function addFound({ volumes, rest }: Sums, { query: { sites, bounds }, found, journal }: FoundOf): void {
  const asked = new Set(sites);
  const add = (slot: number, what: string, n: number): void => {
    const stretch = volumes[stretchOf(bounds, slot)];
    if (stretch === undefined) return;
    if ((VOLUMES as readonly string[]).includes(what)) stretch[what as Volume] += n;
    else addToRest(rest, { what, n, last: slot });
  };
  for (const sum of found.rest) addToRest(rest, sum);
  for (const { slot, what, n } of found.volumes) add(slot, what, n);
  const applied = new Set([
    ...found.rest.flatMap((sum) => sum.applied),
    ...found.volumes.filter(({ batch }) => batch >= journal.seq).map(({ _id }) => _id),
  ]);
  for (const tally of journal.tallies) {
    if (asked.has(tally.site) && !applied.has(tallyId(tally))) add(tally.slot, tally.what, tally.by);
  }
  for (const { _id, tail } of found.waiting) {
    const folding = journal.folding.get(_id) ?? 0;
    for (const { n, tallies = [] } of tail)
      if (n > folding) for (const { slot, what, by } of tallies) add(slot, what, by);
  }
}

const plain = ({ what, n, last }: TallySum): TallySum => ({ what, n, last });
