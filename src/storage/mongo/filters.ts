import type { Filter } from '../../filters/filter.ts';
import { nameKeyOf } from '../../filters/filter.ts';
import type { FilterChange, FilterStore } from '../../filters/filter-store.ts';
import { NOT_GOING, replaceWith, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE } from './database.ts';
import type { FilterDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';
import type { Stamps } from './stamps.ts';

export interface MongoFilters extends FilterStore {
  /** Forgets what is kept in memory. */
  forget(): void;
}

const filterOf = (doc: FilterDoc): Filter => {
  const { _id: id, nameKey: _, ...rest } = withoutActs(doc);
  return { id, ...rest };
};
const docOf = ({ id, ...rest }: Filter): FilterDoc => ({ _id: id, nameKey: nameKeyOf(rest.name), ...rest });

/** See filter-store.ts. All are kept in memory while the stamps of other instances are heard. */
export function createFilters(
  { filters }: Pick<Database, 'filters'>,
  { stamps, acts }: { stamps: Stamps; acts: Acts },
): MongoFilters {
  let kept: readonly Filter[] | null = null;
  let epoch = 0;

  const publish = (): Promise<void> => stamps.publish([{ kind: 'filters' }]);

  async function read(): Promise<readonly Filter[]> {
    const at = epoch;
    const found = (await filters.find(NOT_GOING).sort({ _id: 1 }).hint('_id_').toArray()).map(filterOf);
    const isSame =
      kept !== null &&
      kept.length === found.length &&
      found.every(({ id, version }, i) => kept?.[i]?.id === id && kept[i].version === version);
    const all = isSame && kept !== null ? kept : found;
    // A change that was heard while they were being read must not be undone by keeping them.
    if (at === epoch) kept = all;
    return all;
  }

  async function unreplaced(id: string): Promise<FilterChange> {
    const doc = await filters.findOne({ _id: id }, { projection: { version: 1 } });
    return doc ? { replaced: false, why: 'stale', version: doc.version } : { replaced: false, why: 'gone' };
  }

  return {
    async create(filter, audited) {
      try {
        await filters.insertOne(withAct(docOf(filter), audited), { writeConcern: DURABLE });
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
      await acts.tell('filters', filter.id, audited, publish());
      return true;
    },
    async find(id) {
      const doc = await filters.findOne({ _id: id });
      return doc && filterOf(doc);
    },
    async list({ scope, before, limit }) {
      const visible = scope === null ? {} : { sites: { $not: { $elemMatch: { $nin: scope } } } };
      const page = before === undefined ? visible : { ...visible, _id: { $lt: before } };
      const [docs, total] = await Promise.all([
        filters.find(page).sort({ _id: -1 }).limit(limit).hint('_id_').toArray(),
        filters.countDocuments(visible),
      ]);
      return { items: docs.map(filterOf), total };
    },
    async replace(filter, expected, audited) {
      const { _id, ...rest } = docOf(filter);
      try {
        const standing = { _id, version: expected };
        const { matchedCount } = await filters.updateOne(standing, replaceWith(rest, audited), {
          writeConcern: DURABLE,
        });
        if (matchedCount === 0) return await unreplaced(_id);
      } catch (error) {
        if (isDuplicateKey(error)) return { replaced: false, why: 'taken' };
        throw error;
      }
      await acts.tell('filters', _id, audited, publish());
      return { replaced: true };
    },
    async remove(id, audited) {
      const removed = await acts.remove('filters', id, audited);
      if (removed) await publish();
      return removed;
    },
    all: async () => (stamps.fresh() ? kept : null) ?? read(),
    forget() {
      epoch += 1;
      kept = null;
    },
  };
}
