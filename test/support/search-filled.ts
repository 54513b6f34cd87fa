import type { mongo } from 'mongoose';
import { withDatabase } from './lane.ts';
import type { OpenedStore } from './stores.ts';
import { until } from './until.ts';

/** Waits until the search index of the store under test has all that was written. */
export async function searchFilled({ place }: OpenedStore): Promise<void> {
  if ('file' in place) await until('the search index', () => isFileFilled(place.file));
  else
    await withDatabase(place.uri, (database) => until('the search index', () => isDatabaseFilled(database)));
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

async function isDatabaseFilled(database: mongo.Db): Promise<boolean> {
  const rules = await database
    .collection('meta')
    .countDocuments({ _id: 'search' as never, rules: { $exists: true } });
  const due = await database
    .collection('comments')
    .findOne({ wordsDue: { $exists: true } }, { hint: 'words-due', projection: { _id: 1 } });
  return rules === 1 && due === null;
}
