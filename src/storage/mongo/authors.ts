import type { AuthorEntry, AuthorFilter, AuthorQuery, AuthorStore } from '../../authors/author-store.ts';
import { sortValueOf } from '../../authors/author-store.ts';
import { createApprovedNames } from './approved-names.ts';
import { type Database, DURABLE, type Filter } from './database.ts';
import type { Directory } from './directory.ts';
import type { AuthorDoc } from './documents.ts';
import type { Stamps } from './stamps.ts';
import type { MongoStandings } from './standings.ts';
import type { Traces } from './traces.ts';
import { wordsFilter } from './words-filter.ts';

export interface AuthorParts {
  database: Pick<Database, 'authors' | 'comments'>;
  standings: MongoStandings;
  directory: Directory;
  traces: Pick<Traces, 'unteach' | 'forgetActs'>;
  stamps: Pick<Stamps, 'publish'>;
}

/** The server merges one sorted scan for each site, up to so many; beyond it would sort in memory. */
const MOST_SCANS = 150;

const entryOf = ({ _id, words: _, rev: _rev, ...rest }: AuthorDoc): AuthorEntry => ({ key: _id, ...rest });

const COLUMN = { recent: 'lastId', comments: 'comments', rejected: 'rejected' } as const;

/** What a site's own measure makes of `known`: enough under the name, and not too many refused. */
function trustFilter({ trust, sites }: AuthorFilter): Filter<AuthorDoc> {
  if (!trust) return {};
  const known = sites.flatMap((site) => {
    const measure = trust.measures.get(site);
    if (!measure) return [];
    const { approvals, maxRejectedShare } = measure;
    const refused = { $add: ['$rejected', '$spam'] };
    const share = { $multiply: [maxRejectedShare, { $add: ['$approved', refused] }] };
    return [
      {
        site,
        approved: { $gte: approvals },
        approvedUnderName: { $gte: approvals },
        $expr: { $lte: [refused, share] },
      },
    ];
  });
  if (trust.is === 'new') return known.length === 0 ? {} : { $nor: known };
  return known.length === 0 ? { _id: '' } : { $or: known };
}

function filterOf(filter: AuthorFilter, sites: string[]): Filter<AuthorDoc> {
  const { words, only, without } = filter;
  const [site] = sites;
  return {
    site: sites.length === 1 && site !== undefined ? site : { $in: sites },
    ...(!only && { comments: { $gt: 0 } }),
    $and: [
      wordsFilter(words),
      only ? { _id: { $in: only } } : {},
      without && without.length > 0 ? { _id: { $nin: without } } : {},
      trustFilter({ ...filter, sites }),
    ],
  };
}

/** The stretches of a list beyond `from`: those of the same value, then the rest. */
export function authorStretches(
  query: AuthorQuery,
  sites: string[],
): { filter: Filter<AuthorDoc>; sort: object }[] {
  const { sort, from, only } = query;
  const column = COLUMN[sort];
  const filter = filterOf(query, sites);
  const order = { [column]: -1, _id: -1 };
  if (!from) return [{ filter, sort: order }];
  const beyond = (more: object) => ({ ...filter, $and: [...(filter.$and ?? []), more] });
  if (only) {
    const later = {
      $or: [{ [column]: { $lt: from.value } }, { [column]: from.value, _id: { $lt: from.key } }],
    };
    return [{ filter: beyond(later), sort: order }];
  }
  return [
    { filter: beyond({ [column]: from.value, _id: { $lt: from.key } }), sort: { _id: -1 } },
    { filter: beyond({ [column]: { $lt: from.value } }), sort: order },
  ];
}

function groupsOf(sites: string[]): string[][] {
  const unique = [...new Set(sites)];
  return Array.from({ length: Math.ceil(unique.length / MOST_SCANS) }, (_, i) =>
    unique.slice(i * MOST_SCANS, (i + 1) * MOST_SCANS),
  );
}

/** AuthorStore on MongoDB. */
export function createAuthors({ database, standings, directory, traces, stamps }: AuthorParts): AuthorStore {
  const { authors, comments } = database;
  const hintOf = ({ only }: AuthorFilter, sort: AuthorQuery['sort']): string =>
    only ? '_id_' : `authors-by-${sort}`;

  async function rowsOf(query: AuthorQuery, sites: string[]): Promise<AuthorEntry[]> {
    const rows: AuthorEntry[] = [];
    for (const { filter, sort } of authorStretches(query, sites)) {
      const wanted = query.limit - rows.length;
      if (wanted <= 0) break;
      const found = await authors
        .find(filter)
        .sort(sort as Record<string, 1 | -1>)
        .hint(hintOf(query, query.sort))
        .limit(wanted)
        .batchSize(wanted + 1)
        .toArray();
      rows.push(...found.map(entryOf));
    }
    return rows;
  }

  return {
    standings: standings.standings,
    findStanding: standings.findStanding,
    setStanding: standings.setStanding,
    bringStanding: standings.bringStanding,
    async forget({ site, key }) {
      await authors.deleteOne({ _id: key }, { writeConcern: DURABLE });
      await traces.unteach({ site, key });
      // Also where nothing was left to take back: who took it back may have been cut off before they told.
      stamps.publish([{ kind: 'lessons', site }]);
      await standings.remove(site, key);
      // Behind it: the last of what was said is handed to the audit as the standing goes.
      await traces.forgetActs({ site, key });
    },
    ...createApprovedNames(database),
    async find(key) {
      const [known, standing] = await Promise.all([
        comments.findOne({ 'author.key': key, work: true }, { projection: { site: 1 }, hint: 'work' }),
        authors.findOne({ _id: key }, { projection: { site: 1 } }),
      ]);
      const site = known?.site ?? standing?.site ?? (await directory.siteOf(key));
      if (site !== undefined) await directory.catchUp([site]);
      const doc = await authors.findOne({ _id: key });
      if (!doc) return null;
      if (site !== undefined) return entryOf(doc);
      // It came into the directory just now, by a step that was under way: what it says may be over already.
      await directory.catchUp([doc.site]);
      const current = await authors.findOne({ _id: key });
      return current && entryOf(current);
    },
    async list(query) {
      if (query.sites.length === 0) return [];
      await directory.catchUp(query.sites);
      const found = await Promise.all(groupsOf(query.sites).map((sites) => rowsOf(query, sites)));
      if (found.length === 1) return found[0] ?? [];
      const before = (a: AuthorEntry, b: AuthorEntry): number => {
        const [one, other] = [sortValueOf(a, query.sort), sortValueOf(b, query.sort)];
        if (one !== other) return one > other ? -1 : 1;
        return a.key > b.key ? -1 : 1;
      };
      return found.flat().sort(before).slice(0, query.limit);
    },
    async count(filter, cap) {
      if (filter.sites.length === 0) return 0;
      await directory.catchUp(filter.sites);
      let total = 0;
      for (const sites of groupsOf(filter.sites)) {
        if (total >= cap) break;
        total += await authors.countDocuments(filterOf(filter, sites), {
          limit: cap - total,
          hint: hintOf(filter, 'recent'),
        });
      }
      return total;
    },
  };
}
