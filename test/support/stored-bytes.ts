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
