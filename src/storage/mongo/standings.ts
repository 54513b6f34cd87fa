import { LRUCache } from 'lru-cache';
import type { AuthorStore } from '../../authors/author-store.ts';
import { FIRST_VERSION, type StandingRecord } from '../../authors/standing.ts';
import { type Database, DURABLE, type StandingDoc } from './database.ts';
import { isDuplicateKey } from './failures.ts';
import type { Stamps } from './stamps.ts';

export interface MongoStandings extends Pick<AuthorStore, 'standings' | 'findStanding' | 'setStanding'> {
  /** Forgets what is kept in memory of the site. */
  forget(site: string): void;
}

const KEPT_SITES = 2000;

const recordOf = ({ _id, ...rest }: StandingDoc): StandingRecord => ({ key: _id, ...rest });

/** What people say of authors. Kept in memory by site while the stamps of other instances are heard. */
export function createStandings({ standings }: Pick<Database, 'standings'>, stamps: Stamps): MongoStandings {
  const kept = new LRUCache<string, ReadonlyMap<string, StandingRecord>>({ max: KEPT_SITES });
  const epochs = new Map<string, number>();

  async function write({ key, ...record }: StandingRecord, expected: number): Promise<boolean> {
    const { matchedCount } = await standings.replaceOne({ _id: key, version: expected }, record, {
      writeConcern: DURABLE,
    });
    if (matchedCount === 1) return true;
    if (expected !== FIRST_VERSION) return false;
    try {
      await standings.insertOne({ _id: key, ...record }, { writeConcern: DURABLE });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    async standings(site) {
      const known = stamps.fresh() ? kept.get(site) : undefined;
      if (known) return known;
      const epoch = epochs.get(site);
      const docs = await standings.find({ site }).hint('standings-of-site').toArray();
      const records = new Map(docs.map((doc) => [doc._id, recordOf(doc)]));
      // A change that was heard while they were being read must not be undone by keeping them.
      if (epochs.get(site) === epoch) kept.set(site, records);
      return records;
    },
    async findStanding(key) {
      const doc = await standings.findOne({ _id: key });
      return doc ? recordOf(doc) : null;
    },
    async setStanding(record, expected) {
      if (await write(record, expected)) {
        stamps.publish([{ kind: 'standings', site: record.site }]);
        return { set: true };
      }
      const doc = await standings.findOne({ _id: record.key }, { projection: { version: 1 } });
      return { set: false, version: doc?.version ?? FIRST_VERSION };
    },
    forget(site) {
      epochs.set(site, (epochs.get(site) ?? 0) + 1);
      kept.delete(site);
    },
  };
}
