import type { mongo } from 'mongoose';
import { withDatabase } from './lane.ts';
import type { OpenedStore } from './stores.ts';
import { untilNoneLeft } from './until.ts';

/** More than any test writes. */
const MANY = 1_000_000;

/** Waits until the search index of the store under test has all that was written. */
export async function searchFilled({ place }: OpenedStore): Promise<void> {
  const wait = (countLeft: () => Promise<number>) => untilNoneLeft('comments without their words', countLeft);
  if ('file' in place) await wait(() => countInFile(place.file));
  else await withDatabase(place.uri, (database) => wait(() => countUnfilled(database)));
}

async function countInFile(file: string): Promise<number> {
  const { openForReading } = await import('../../src/storage/sqlite/connection.ts');
  const { searchBacklog } = await import('../../src/storage/sqlite/search/backlog.ts');
  const db = openForReading(file);
  try {
    return searchBacklog(db)(MANY);
  } finally {
    db.close();
  }
}

/** Comments without their words; the rules by which they are written have to be known, too. */
export async function countUnfilled(database: mongo.Db): Promise<number> {
  const rules = await database
    .collection('meta')
    .countDocuments({ _id: 'search' as never, rules: { $exists: true } });
  const due = await database
    .collection('comments')
    .countDocuments({ wordsDue: { $exists: true } }, { hint: 'words-due' });
  return due + 1 - rules;
}
