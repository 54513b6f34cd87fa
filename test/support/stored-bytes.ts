import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from './built-service.ts';
import type { Outlet } from './canaries.ts';
import { withDatabase } from './lane.ts';

/** Everything that an installation has stored, byte by byte: its files, or every document of its database. */
export async function storedBytes({
  dataDir,
  env,
}: Pick<Installation, 'dataDir' | 'env'>): Promise<Outlet[]> {
  const uri = env.MONGODB_URI;
  return uri === undefined ? filesUnder(dataDir) : documentsOf(uri);
}

function filesUnder(folder: string): Outlet[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({
      from: `file ${entry.name}`,
      bytes: readFileSync(join(entry.parentPath, entry.name)),
    }));
}

async function documentsOf(uri: string): Promise<Outlet[]> {
  const { mongo } = await import('mongoose');
  return withDatabase(uri, async (database) => {
    const outlets: Outlet[] = [];
    for (const collection of await database.collections()) {
      const documents = await collection.find().toArray();
      const bytes = documents.map((document) => mongo.BSON.serialize(document));
      outlets.push({ from: `collection ${collection.collectionName}`, bytes: Buffer.concat(bytes) });
    }
    return outlets;
  });
}

/** Copies a database, as mongodump does; gives what puts the copy in the place of what is there, as mongorestore --drop does. */
export async function dump(uri: string): Promise<() => Promise<void>> {
  // Types as they are stored: a number of 64 bits stays one.
  const options = { promoteValues: false, promoteLongs: false, promoteBuffers: false };
  const copies = await withDatabase(uri, async (database) => {
    const collections = await database.collections();
    return Promise.all(
      collections.map(async (collection) => ({
        name: collection.collectionName,
        documents: await collection.find({}, options).toArray(),
      })),
    );
  });
  return () =>
    withDatabase(uri, async (database) => {
      for (const { collectionName } of await database.collections())
        await database.collection(collectionName).deleteMany();
      for (const { name, documents } of copies)
        if (documents.length > 0) await database.collection(name).insertMany(documents);
    });
}
