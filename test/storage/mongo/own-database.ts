import { connect, type Database } from '../../../src/storage/mongo/database.ts';
import { type MongoOptions, openMongo } from '../../../src/storage/mongo/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { giveBack, takeDatabase } from '../../support/databases.ts';

/** A database of a test file's own, to look into and to change beside the stores that are opened on it. */
export interface OwnDatabase {
  /** The collections as a store sees them; there from the first test on. */
  database: Database;
  /** A store on it, closed at the end at the latest. */
  open(options?: Omit<MongoOptions, 'uri'>): Promise<Storage>;
}

/** Takes a database before a file's tests, and gives it back after them. */
export function ownDatabase(): OwnDatabase {
  const uri = takeDatabase();
  const opened: Storage[] = [];
  const own = {
    async open(options = {}) {
      const store = await openMongo({ ...options, uri });
      opened.push(store);
      return store;
    },
  } as OwnDatabase;
  beforeAll(async () => {
    own.database = await connect(uri);
  });
  afterAll(async () => {
    for (const store of opened) await store.close();
    await own.database.connection.close();
    await giveBack(uri);
  });
  return own;
}
