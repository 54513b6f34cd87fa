import type { Filter } from '../../filters/filter.ts';
import { nameKeyOf } from '../../filters/filter.ts';
import type { FilterChange, FilterStore } from '../../filters/filter-store.ts';
import { type Database, DURABLE, type FilterDoc } from './database.ts';
import { isDuplicateKey } from './failures.ts';
import type { Stamps } from './stamps.ts';

export interface MongoFilters extends FilterStore {
  /** Forgets what is kept in memory. */
  forget(): void;
}

const filterOf = ({ _id, nameKey: _, ...rest }: FilterDoc): Filter => ({ id: _id, ...rest });
const docOf = ({ id, ...rest }: Filter): FilterDoc => ({ _id: id, nameKey: nameKeyOf(rest.name), ...rest });

/** See filter-store.ts. All are kept in memory while the stamps of other instances are heard. */
export function createFilters({ filters }: Pick<Database, 'filters'>, stamps: Stamps): MongoFilters {
  let kept: readonly Filter[] | null = null;
  let epoch = 0;

  const publish = (): void => stamps.publish([{ kind: 'filters' }]);

  async function read(): Promise<readonly Filter[]> {
    const at = epoch;
    const found = (await filters.find().sort({ _id: 1 }).hint('_id_').toArray()).map(filterOf);
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
    async create(filter) {
      try {
        await filters.insertOne(docOf(filter), { writeConcern: DURABLE });
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
      publish();
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
    async replace(filter, expected) {
      const { _id, ...rest } = docOf(filter);
      try {
        const { matchedCount } = await filters.replaceOne({ _id, version: expected }, rest, {
          writeConcern: DURABLE,
        });
        if (matchedCount === 0) return await unreplaced(_id);
      } catch (error) {
        if (isDuplicateKey(error)) return { replaced: false, why: 'taken' };
        throw error;
      }
      publish();
      return { replaced: true };
    },
    async remove(id) {
      const { deletedCount } = await filters.deleteOne({ _id: id }, { writeConcern: DURABLE });
      if (deletedCount > 0) publish();
      return deletedCount > 0;
    },
    all: async () => (stamps.fresh() ? kept : null) ?? read(),
    forget() {
      epoch += 1;
      kept = null;
    },
  };
}
