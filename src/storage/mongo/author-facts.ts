import { randomBytes } from 'node:crypto';
import { type AuthorEntry, NAMES_FROM } from '../../authors/author-store.ts';
import { countName, NAMES_LOOKED_AT } from '../../authors/standing.ts';
import { STATUSES } from '../../comments/comment.ts';
import { authorScope, type Counts, NO_COUNTS } from '../../comments/counts.ts';
import { groupBy } from '../../group-by.ts';
import { foldWords } from '../../text/words.ts';
import type { CountReader } from './counters.ts';
import { type Database, DURABLE } from './database.ts';
import type { AuthorDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';

/** Authors worked out by one query. */
const CHUNK = 100;
/** Their authors are worked out side by side: what is short of each site is mostly waiting. */
const SITES_AT_ONCE = 8;

interface Said {
  _id: string;
  createdAt: number;
  author: { name: string | null; url: string | null; email: string | null };
}

interface Found {
  _id: string;
  newest: Said[];
  first: Pick<Said, '_id' | 'createdAt'>[];
  approved: Pick<Said, 'author'>[];
}

/** An author, by one of their comments; null where that one is no longer theirs, and there may be none. */
export interface AuthorName {
  key: string;
  site: string;
  comment: string | null;
}

/** Each author once, where it can be by a comment of theirs. */
export function uniqueNames(names: AuthorName[]): AuthorName[] {
  const ordered = [...names].sort((a, b) => Number(b.comment === null) - Number(a.comment === null));
  return [...new Map(ordered.map((name) => [name.key, name])).values()];
}

export const uniqueWords = (texts: (string | null)[]): string[] => [
  ...new Set(texts.flatMap((text) => foldWords(text ?? ''))),
];

/** The comments of the author of each of these comments, by three short walks for each. */
function pipelineOf(site: string, comments: string[], collection: string): object[] {
  const ofAuthor = (queue: unknown, order: 1 | -1, limit: number, project: object, as: string) => ({
    $lookup: {
      from: collection,
      localField: 'author.key',
      foreignField: 'author.key',
      pipeline: [
        { $match: { site, queue } },
        { $sort: { _id: order } },
        { $limit: limit },
        { $project: project },
      ],
      as,
    },
  });
  const names = { createdAt: 1, 'author.name': 1, 'author.url': 1, 'author.email': 1 };
  const any = { $in: [...STATUSES] };
  return [
    // Of one that was erased meanwhile nobody is the author.
    { $match: { _id: { $in: comments }, 'author.key': { $type: 'string' } } },
    { $project: { 'author.key': 1 } },
    ofAuthor(any, -1, NAMES_FROM, names, 'newest'),
    ofAuthor(any, 1, 1, { createdAt: 1 }, 'first'),
    ofAuthor('approved', -1, NAMES_LOOKED_AT, { 'author.name': 1 }, 'approved'),
    { $project: { _id: '$author.key', newest: 1, first: 1, approved: 1 } },
  ];
}

/** Works out authors' entries, as far as one of the comments that name them is still theirs. */
export type AuthorReading = (site: string, names: AuthorName[]) => Promise<AuthorEntry[]>;

export function createAuthorReading(
  { comments }: Pick<Database, 'comments'>,
  countsOf: (scopes: string[]) => Promise<Map<string, Counts>>,
): AuthorReading {
  return async (site, names) => {
    const pipeline = pipelineOf(
      site,
      names.flatMap(({ comment }) => comment ?? []),
      comments.collectionName,
    );
    const [found, counts] = await Promise.all([
      comments.aggregate<Found>(pipeline, { batchSize: 10_000 }).toArray(),
      countsOf(names.map(({ key }) => authorScope(site, key))),
    ]);
    return found.map(({ _id: key, newest, first, approved }) => {
      const of = counts.get(authorScope(site, key)) ?? NO_COUNTS;
      const last = newest[0];
      return {
        site,
        key,
        name: last?.author.name ?? null,
        url: last?.author.url ?? null,
        email: last?.author.email ?? null,
        names: [...new Set(newest.flatMap(({ author }) => author.name ?? []))],
        firstAt: first[0]?.createdAt ?? null,
        lastAt: last?.createdAt ?? null,
        lastId: last?._id ?? '',
        comments: STATUSES.reduce((sum, status) => sum + of[status], 0),
        approved: of.approved,
        rejected: of.rejected,
        spam: of.spam,
        approvedUnderName: countName(
          approved.map(({ author }) => author.name),
          last?.author.name ?? null,
        ),
      };
    });
  };
}

/** Keeps authors' entries of the directory. */
export function createAuthorFacts(database: Database, counts: CountReader) {
  const { authors, comments, sites } = database;
  const workOut = createAuthorReading(database, counts.read);

  /** Writes what was worked out where nobody wrote since `revs` were read; the keys of the others. */
  async function write(entries: AuthorEntry[], revs: Map<string, string>): Promise<Set<string>> {
    if (entries.length === 0) return new Set();
    const own = randomBytes(9).toString('base64url');
    const writes = entries.map(({ key, ...entry }) => {
      const rev = revs.get(key);
      const doc: Omit<AuthorDoc, '_id'> = { ...entry, words: uniqueWords(entry.names), rev: own };
      return {
        updateOne: {
          filter: { _id: key, rev: rev ?? { $exists: false } },
          update: { $set: doc },
          upsert: rev === undefined,
        },
      };
    });
    try {
      const { matchedCount, upsertedCount } = await authors.bulkWrite(writes, { ordered: false });
      if (matchedCount + upsertedCount === writes.length) return new Set();
    } catch (error) {
      for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
    }
    // Somebody wrote some of them meanwhile, from a state that may be older than ours.
    const keys = entries.map(({ key }) => key);
    const ours = await authors
      .find({ _id: { $in: keys }, rev: own })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    const written = new Set(ours.map(({ _id }) => _id));
    return new Set(keys.filter((key) => !written.has(key)));
  }

  const theirs = ({ key, site }: AuthorName) => ({ site, 'author.key': key });

  /** With a comment of each that has one. */
  async function withComments(names: AuthorName[]): Promise<AuthorName[]> {
    return Promise.all(
      names.map(async (name) => {
        if (name.comment !== null) return name;
        const any = await comments.findOne(theirs(name), {
          projection: { _id: 1 },
          hint: 'queue-of-author',
        });
        return { ...name, comment: any?._id ?? null };
      }),
    );
  }

  /** Those of them whose comment was taken from them meanwhile, with no comment. */
  async function robbed(names: AuthorName[]): Promise<AuthorName[]> {
    if (names.length === 0) return [];
    const found = await comments
      .find({ _id: { $in: names.flatMap(({ comment }) => comment ?? []) } })
      .project<{ _id: string; author: { key: string | null } }>({ 'author.key': 1 })
      .toArray();
    const keys = new Map(found.map(({ _id, author }) => [_id, author.key]));
    return names
      .filter(({ key, comment }) => keys.get(comment ?? '') !== key)
      .map((name) => ({ ...name, comment: null }));
  }

  /** Takes out entries of whom there is no comment, as far as nobody wrote them since `revs` were read. */
  async function dropEmpty(names: AuthorName[], revs: Map<string, string>): Promise<void> {
    for (const { key } of names) {
      const rev = revs.get(key);
      if (rev !== undefined) await authors.deleteOne({ _id: key, rev }, { writeConcern: DURABLE });
    }
  }

  async function refreshChunk(site: string, names: AuthorName[]): Promise<void> {
    for (let left = names; left.length > 0; ) {
      const known = await authors
        .find({ _id: { $in: left.map(({ key }) => key) } })
        .project<Pick<AuthorDoc, '_id' | 'rev'>>({ rev: 1 })
        .toArray();
      const revs = new Map(known.map(({ _id, rev }) => [_id, rev]));
      const named = await withComments(left);
      const entries = await workOut(site, named);
      const lost = await write(entries, revs);
      await dropEmpty(
        named.filter(({ comment }) => comment === null),
        revs,
      );
      // An erasure takes the entry out, which a write that knew of one notices by its `rev`; one that knew of none puts
      // back what it read before, and has to look again.
      const worked = new Set(entries.map(({ key }) => key));
      const isNew = ({ key }: AuthorName): boolean => !worked.has(key) || !revs.has(key);
      const again = await robbed(named.filter((name) => name.comment !== null && isNew(name)));
      const others = named.filter(({ key }) => lost.has(key) && !again.some((name) => name.key === key));
      left = [...again, ...others];
    }
  }

  async function refreshSite(site: string, names: AuthorName[]): Promise<void> {
    // A site that is being removed takes its directory along.
    if (await sites.findOne({ _id: site, removing: true }, { projection: { _id: 1 } })) return;
    for (let start = 0; start < names.length; start += CHUNK)
      await refreshChunk(site, names.slice(start, start + CHUNK));
  }

  return {
    /** Brings these authors' entries up to what their comments are now. */
    async refresh(names: AuthorName[]): Promise<void> {
      const bySite = groupBy(uniqueNames(names), (name) => name.site).entries();
      const goThrough = async (): Promise<void> => {
        // All take from the one iterator.
        for (const [site, ofSite] of bySite) await refreshSite(site, ofSite);
      };
      const ways = await Promise.allSettled(Array.from({ length: SITES_AT_ONCE }, goThrough));
      // Where one failed the others have come to rest before the caller hears of it.
      for (const way of ways) if (way.status === 'rejected') throw way.reason;
    },
  };
}
