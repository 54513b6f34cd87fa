import { withDatabase } from './lane.ts';
import type { OpenedStore } from './stores.ts';
import { until } from './until.ts';

/** Waits until the search index of the store under test has all that was written. */
export async function searchFilled({ place }: OpenedStore): Promise<void> {
  await until('the search index', () =>
    'file' in place ? isFileFilled(place.file) : isDatabaseFilled(place.uri),
  );
}

async function isFileFilled(file: string): Promise<boolean> {
  const { openForReading } = await import('../../src/storage/sqlite/connection.ts');
  const { searchBacklog } = await import('../../src/storage/sqlite/search/backlog.ts');
  const db = openForReading(file);
  try {
    return searchBacklog(db)(1) === 0;
  } finally {
    db.close();
  }
}

const isDatabaseFilled = (uri: string): Promise<boolean> =>
  withDatabase(uri, async (database) => {
    const rules = await database
      .collection('meta')
      .countDocuments({ _id: 'search' as never, rules: { $exists: true } });
    return (
      rules === 1 &&
      (await database.collection('comments').countDocuments({ wordsDue: { $exists: true } })) === 0
    );
  });
