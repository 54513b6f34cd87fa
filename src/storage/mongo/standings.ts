import { LRUCache } from 'lru-cache';
import type { AuthorStore } from '../../authors/author-store.ts';
import { FIRST_VERSION, type StandingRecord, standingEvent } from '../../authors/standing.ts';
import { type Database, DURABLE, type StandingDoc } from './database.ts';
import { isDuplicateKey } from './failures.ts';
import type { Stamps } from './stamps.ts';

export interface MongoStandings
  extends Pick<AuthorStore, 'standings' | 'findStanding' | 'setStanding' | 'bringStanding'> {
  /** Takes a record away, once what it still has to tell is told. */
  remove(site: string, key: string): Promise<void>;
  /** Forgets what is kept in memory of the site. */
  forget(site: string): void;
  /** Hands on what a crash left untold. */
  tellUntold(): Promise<void>;
}

const KEPT_SITES = 2000;

const recordOf = ({ _id, untold: _, ...rest }: StandingDoc): StandingRecord => ({ key: _id, ...rest });

/** What people say of authors. Kept in memory by site while the stamps of other instances are heard. */
export function createStandings(
  { standings, inbox }: Pick<Database, 'standings' | 'inbox'>,
  stamps: Stamps,
): MongoStandings {
  const kept = new LRUCache<string, ReadonlyMap<string, StandingRecord>>({ max: KEPT_SITES });
  const epochs = new Map<string, number>();

  /** Into the inbox, from where it is numbered; twice it is one all the same. */
  async function tell({ _id, untold }: Pick<StandingDoc, '_id' | 'untold'>): Promise<void> {
    if (!untold) return;
    const told = { $setOnInsert: { body: untold } };
    await inbox
      .updateOne({ _id: untold.id }, told, { upsert: true, writeConcern: DURABLE })
      .catch((error: unknown) => {
        if (!isDuplicateKey(error)) throw error;
      });
    await standings.updateOne({ _id, 'untold.id': untold.id }, { $unset: { untold: '' } });
  }

  async function write({ key, ...plain }: StandingRecord, expected: number): Promise<boolean> {
    const former = await standings.findOne({ _id: key });
    // One that a crash left untold must not be lost under the new one.
    if (former?.untold) await tell(former);
    const untold = standingEvent(former, { key, ...plain });
    const record = untold === null ? plain : { ...plain, untold };
    if (!(await place(key, record, expected))) return false;
    if (untold !== null) await tell({ _id: key, untold });
    return true;
  }

  async function place(key: string, record: Omit<StandingDoc, '_id'>, expected: number): Promise<boolean> {
    const { matchedCount } = await standings.replaceOne({ _id: key, version: expected }, record, {
      writeConcern: DURABLE,
    });
    if (matchedCount === 1) return true;
    return expected === FIRST_VERSION && add(key, record);
  }

  /** False where there is one. */
  async function add(key: string, record: Omit<StandingDoc, '_id'>): Promise<boolean> {
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
    async bringStanding({ key, ...record }) {
      const isNew = await add(key, record);
      if (isNew) stamps.publish([{ kind: 'standings', site: record.site }]);
      return isNew;
    },
    async remove(site, key) {
      const doc = await standings.findOne({ _id: key });
      if (doc) await tell(doc);
      await standings.deleteOne({ _id: key }, { writeConcern: DURABLE });
      stamps.publish([{ kind: 'standings', site }]);
    },
    async tellUntold() {
      const left = standings.find({ 'untold.id': { $type: 'string' } }).hint('untold-standings');
      for (const doc of await left.toArray()) await tell(doc);
    },
    forget(site) {
      epochs.set(site, (epochs.get(site) ?? 0) + 1);
      kept.delete(site);
    },
  };
}
