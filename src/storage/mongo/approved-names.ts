import type { AuthorStore } from '../../authors/author-store.ts';
import { groupBy } from '../../group-by.ts';
import { createBatcher, done } from './batcher.ts';
import type { Database } from './database.ts';

type Asked = Parameters<AuthorStore['approvedNames']>[0];
type Names = Awaited<ReturnType<AuthorStore['approvedNames']>>;

interface Found {
  site: string;
  key: string;
  name: string | null;
}

interface Walk extends Omit<Asked, 'keys'> {
  key: string;
}

/** Walks of one query: the server takes no more than a thousand stages. */
const CHUNK = 100;
const INDEX = 'queue-of-author';

const nameOf = (site: string, key: string): string => `${site} ${key}`;

/** The newest approved comments of one author. */
const walkOf = ({ site, key, limit }: Walk): object[] => [
  { $match: { site, 'author.key': key, queue: 'approved' } },
  { $sort: { _id: -1 } },
  { $limit: limit },
  { $project: { _id: 0, site: 1, key: '$author.key', name: '$author.name' } },
];

/** The newest one of each of these: in the index's own order the server skips from author to author. */
const newestOf = (site: string, keys: string[]): object[] => [
  { $match: { site, 'author.key': { $in: keys }, queue: 'approved' } },
  { $sort: { site: -1, 'author.key': -1, queue: -1, _id: -1 } },
  { $group: { _id: '$author.key', name: { $first: '$author.name' } } },
  { $project: { _id: 0, site: { $literal: site }, key: '$_id', name: 1 } },
];

function pipelinesOf(walks: Walk[]): object[][] {
  const short = groupBy(
    walks.filter(({ limit }) => limit === 1),
    ({ site }) => site,
  );
  const newest = [...short].map(([site, ofSite]) =>
    newestOf(
      site,
      ofSite.map(({ key }) => key),
    ),
  );
  return [...newest, ...walks.filter(({ limit }) => limit > 1).map(walkOf)];
}

/** AuthorStore.approvedNames: what is asked for together, of any sites, is one query, a short walk for each author. */
export function createApprovedNames({
  comments,
}: Pick<Database, 'comments'>): Pick<AuthorStore, 'approvedNames'> {
  async function read(pipelines: object[][]): Promise<Found[]> {
    const [first = [], ...others] = pipelines;
    const coll = comments.collectionName;
    const pipeline = [...first, ...others.map((stages) => ({ $unionWith: { coll, pipeline: stages } }))];
    return comments.aggregate<Found>(pipeline, { hint: INDEX, batchSize: 100_000 }).toArray();
  }

  /** By `nameOf`: as many as the one who asks for the most of them wants. */
  async function readAll(asked: Asked[]): Promise<Names> {
    const byName = new Map<string, Walk>();
    for (const { keys, site, limit } of asked) {
      for (const key of keys) {
        const most = Math.max(limit, byName.get(nameOf(site, key))?.limit ?? 0);
        byName.set(nameOf(site, key), { site, key, limit: most });
      }
    }
    const names: Names = new Map([...byName.keys()].map((name) => [name, []]));
    const pipelines = pipelinesOf([...byName.values()]);
    const chunks: object[][][] = [];
    for (let i = 0; i < pipelines.length; i += CHUNK) chunks.push(pipelines.slice(i, i + CHUNK));
    for (const { site, key, name } of (await Promise.all(chunks.map(read))).flat())
      names.get(nameOf(site, key))?.push(name);
    return names;
  }

  const reads = createBatcher<Asked, Names>(
    async (asked) => {
      const found = await readAll(asked);
      const namesOf = (site: string, key: string) => found.get(nameOf(site, key)) ?? [];
      return asked.map(({ site, keys, limit }) =>
        done(new Map(keys.map((key) => [key, namesOf(site, key).slice(0, limit)]))),
      );
    },
    { max: 20, lanes: 4 },
  );
  return { approvedNames: (asked) => reads.add(asked) };
}
