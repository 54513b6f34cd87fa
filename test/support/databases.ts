import { dropDatabase, freshDatabase, withDatabase } from './lane.ts';

/**
 * Databases of one test file on the lane's MongoDB server, used again once they are emptied: a server takes
 * seconds to make some fifty collections with their indexes, and a moment to empty them.
 */
const emptied: string[] = [];

/** A connection string of a database in which nothing is, be it new or used before. */
export const takeDatabase = (): string => emptied.pop() ?? freshDatabase();

/** Empties the database for the next one; nobody may have it open. Its indexes stay. */
export async function giveBack(uri: string): Promise<void> {
  await withDatabase(uri, async (database) => {
    const collections = await database.listCollections({}, { nameOnly: true }).toArray();
    await Promise.all(collections.map(({ name }) => database.collection(name).deleteMany({})));
  });
  emptied.push(uri);
}

afterAll(async () => {
  for (const uri of emptied.splice(0)) await dropDatabase(uri);
});
