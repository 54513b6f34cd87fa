import type { mongo } from 'mongoose';
import { type MongoOptions, openMongo } from '../../../src/storage/mongo/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { giveBack, takeDatabase } from '../../support/databases.ts';
import { connectTo } from '../../support/lane.ts';
import { countUnfilled } from '../../support/search-filled.ts';
import { untilNoneLeft } from '../../support/until.ts';

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

/** What is not folded yet: work, batches under way. */
function countUnfolded(installation: Installation): Promise<number> {
  return installation.raw(async (database) => {
    const left = await database.collection('comments').countDocuments({ work: true });
    const journal = await database.collection('journal').findOne({});
    // The holder fills the directories after the fold, and its reads would be taken for a list's.
    const due = await database.collection('directory-todo').countDocuments();
    return left + due + (journal?.state === 'done' ? 0 : 1);
  });
}

/** Whether everything is folded. */
export const isFolded = async (installation: Installation): Promise<boolean> =>
  (await countUnfolded(installation)) === 0;

/** Until the words of all comments are filled in. */
export const untilFilled = (installation: Installation): Promise<void> =>
  untilNoneLeft('comments without their words', () => installation.raw(countUnfilled));

/** Until nothing is done behind the answers any more: what is read then is read for who asks. */
export const untilAtRest = (installation: Installation): Promise<void> =>
  untilNoneLeft(
    'things to be done behind the answers',
    async () => (await installation.raw(countUnfilled)) + (await countUnfolded(installation)),
  );
