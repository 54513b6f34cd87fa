import type { mongo } from 'mongoose';
import { type MongoOptions, openMongo } from '../../../src/storage/mongo/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { giveBack, takeDatabase } from '../../support/databases.ts';
import { connectTo } from '../../support/lane.ts';

/** Several stores on one database of its own, as several instances have it. */
export interface Installation {
  uri: string;
  open(options?: Omit<MongoOptions, 'uri'>): Promise<Storage>;
  /** The driver's own handle on the same database. */
  raw<T>(work: (database: mongo.Db) => Promise<T>): Promise<T>;
  /** Closes all that were opened and empties the database. */
  dispose(): Promise<void>;
}

export function createMongoInstallation(): Installation {
  const uri = takeDatabase();
  const opened: Storage[] = [];
  // One for all that a test asks: some ask every few milliseconds.
  let own: ReturnType<typeof connectTo> | null = null;
  const connected = () => {
    own ??= connectTo(uri);
    return own;
  };
  return {
    uri,
    async open(options = {}) {
      const storage = await openMongo({ ...options, uri });
      opened.push(storage);
      return storage;
    },
    raw: async (work) => work((await connected()).database),
    async dispose() {
      for (const storage of opened) await storage.close();
      if (own) await (await own).close();
      await giveBack(uri);
    },
  };
}

/** Whether everything is folded: no work left, no batch under way. */
export async function isFolded(installation: Installation): Promise<boolean> {
  return installation.raw(async (database) => {
    const left = await database.collection('comments').countDocuments({ work: true });
    const journal = await database.collection('journal').findOne({});
    // The holder fills the directories after the fold, and its reads would be taken for a list's.
    const due = await database.collection('directory-todo').countDocuments();
    return left === 0 && journal?.state === 'done' && due === 0;
  });
}

/** Whether nothing is done behind the answers any more: what is read then is read for who asks. */
export async function isAtRest(installation: Installation): Promise<boolean> {
  const due = await installation.raw((database) =>
    database.collection('comments').countDocuments({ wordsDue: { $exists: true } }),
  );
  return due === 0 && (await isFolded(installation));
}
