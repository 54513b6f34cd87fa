import type { Filter } from '../../filters/filter.ts';
import type { FilterStore } from '../../filters/filter-store.ts';
import type { Connections } from './comments.ts';

export interface SqliteFilterStore extends FilterStore {
  /** Forgets what is kept in memory. */
  drop(): void;
}

/** FilterStore on SQLite. Every post asks for the filters, so all of them are kept in memory once read. */
export function createFilterStore({ db, commits }: Connections): SqliteFilterStore {
  const rows = db.prepare<[], string>('SELECT body FROM filters ORDER BY id').pluck();
  let known: readonly Filter[] | null = null;

  const all = (): readonly Filter[] => {
    known ??= rows.all().map((body) => JSON.parse(body) as Filter);
    return known;
  };

  return {
    create: (filter, audited) => commits.execute('createFilter', { filter, ...audited }),
    find: async (id) => all().find((filter) => filter.id === id) ?? null,
    async list({ scope, before = '~', limit }) {
      const allowed = scope && new Set(scope);
      const found = all()
        .filter(({ sites }) => allowed === null || sites.every((site) => allowed.has(site)))
        .toReversed();
      return { items: found.filter(({ id }) => id < before).slice(0, limit), total: found.length };
    },
    replace: (filter, expected, audited) =>
      commits.execute('replaceFilter', { filter, expected, ...audited }),
    remove: (id, audited) => commits.execute('removeFilter', { id, ...audited }),
    all: async () => all(),
    drop() {
      known = null;
    },
  };
}
