import { LRUCache } from 'lru-cache';
import type { AuthorStore } from '../../authors/author-store.ts';
import { FIRST_VERSION, type StandingRecord, standingEvent } from '../../authors/standing.ts';
import type { Audited } from '../../moderation/audit.ts';
import { replaceWith, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import type { MongoBatches } from './batches.ts';
import { type Database, DURABLE } from './database.ts';
import type { StandingDoc } from './documents.ts';
import { createEpochs } from './epochs.ts';
import { isDuplicateKey } from './failures.ts';
import type { Stamps } from './stamps.ts';

export interface MongoStandings
  extends Pick<AuthorStore, 'standings' | 'findStanding' | 'setStanding' | 'bringStanding'> {
  /** Takes a record away, once what it still has to tell is told. */
  remove(site: string, key: string): Promise<void>;
  /** Forgets what is kept in memory of the site, or of all. */
  forget(site?: string): void;
  /** Hands on what a crash left untold, and lets batches begin that it left. */
  tellUntold(): Promise<void>;
}

const KEPT_SITES = 2000;

/** What a change of a standing brings with it. */
type Brought = NonNullable<Parameters<AuthorStore['setStanding']>[2]>;

const recordOf = (doc: StandingDoc): StandingRecord => {
  const { _id: key, untold: _, batch: __, ...rest } = withoutActs(doc);
  return { key, ...rest };
};

export interface StandingParts {
  database: Pick<Database, 'standings' | 'inbox'>;
  stamps: Stamps;
  acts: Acts;
  batches: Pick<MongoBatches, 'beginOnce'>;
}

/** What people say of authors. Kept in memory by site while the stamps of other instances are heard. */
export function createStandings({ database, stamps, acts, batches }: StandingParts): MongoStandings {
  const { standings, inbox } = database;
  const kept = new LRUCache<string, ReadonlyMap<string, StandingRecord>>({ max: KEPT_SITES });
  const epochs = createEpochs();

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

  /** To where batches are kept; twice it is one all the same. */
  async function begin(
    { _id, batch }: Pick<StandingDoc, '_id' | 'batch'>,
    whose: 'mine' | 'nobodys',
  ): Promise<void> {
    if (!batch) return;
    await batches.beginOnce(batch, whose);
    await standings.updateOne({ _id, 'batch.id': batch.id }, { $unset: { batch: '' } });
  }

  async function write(
    { key, ...plain }: StandingRecord,
    { expected, ...brings }: { expected: number } & Brought,
  ): Promise<boolean> {
    const former = await standings.findOne({ _id: key });
    // What a crash left of an earlier change must not be lost under the new one.
    if (former?.untold) await tell(former);
    if (former?.batch) await begin(former, 'nobodys');
    const { batch, act, spoken } = brings;
    const untold = standingEvent(former, { key, ...plain }, spoken) ?? undefined;
    const doc: StandingDoc = { _id: key, ...plain, ...(untold && { untold }), ...(batch && { batch }) };
    if (!(await place(doc, { expected, act }))) return false;
    await acts.tell('standings', key, { act }, stamps.publish([{ kind: 'standings', site: plain.site }]));
    await tell(doc);
    await begin(doc, 'mine');
    return true;
  }

  async function place(
    doc: StandingDoc,
    { expected, act }: { expected: number } & Audited,
  ): Promise<boolean> {
    const { _id, ...record } = doc;
    const { matchedCount } = await standings.updateOne(
      { _id, version: expected },
      replaceWith(record, { act }),
      { writeConcern: DURABLE },
    );
    if (matchedCount === 1) return true;
    return expected === FIRST_VERSION && add(doc, { act });
  }

  /** False where there is one. */
  async function add(doc: StandingDoc, audited?: Audited): Promise<boolean> {
    try {
      await standings.insertOne(withAct(doc, audited), { writeConcern: DURABLE });
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
      const epoch = epochs.of(site);
      const docs = await standings.find({ site }).hint('standings-of-site').toArray();
      const records = new Map(docs.map((doc) => [doc._id, recordOf(doc)]));
      // A change that was heard while they were being read must not be undone by keeping them.
      if (epochs.of(site) === epoch) kept.set(site, records);
      return records;
    },
    async findStanding(key) {
      const doc = await standings.findOne({ _id: key });
      return doc ? recordOf(doc) : null;
    },
    async setStanding(record, expected, brings) {
      if (await write(record, { expected, ...brings })) return { set: true };
      const doc = await standings.findOne({ _id: record.key }, { projection: { version: 1 } });
      return { set: false, version: doc?.version ?? FIRST_VERSION };
    },
    async bringStanding({ key, ...record }) {
      const isNew = await add({ _id: key, ...record });
      if (isNew) stamps.publish([{ kind: 'standings', site: record.site }]);
      return isNew;
    },
    async remove(site, key) {
      const doc = await standings.findOne({ _id: key });
      if (doc) await tell(doc);
      await acts.settle('standings', key);
      await standings.deleteOne({ _id: key }, { writeConcern: DURABLE });
      stamps.publish([{ kind: 'standings', site }]);
    },
    async tellUntold() {
      const left = standings.find({ 'untold.id': { $type: 'string' } }).hint('untold-standings');
      for (const doc of await left.toArray()) await tell(doc);
      const open = standings.find({ 'batch.id': { $type: 'string' } }).hint('standings-with-batch');
      for (const doc of await open.toArray()) await begin(doc, 'nobodys');
    },
    forget(site) {
      epochs.rise(site);
      if (site === undefined) kept.clear();
      else kept.delete(site);
    },
  };
}
