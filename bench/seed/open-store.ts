import type { Storage } from '../../src/storage/storage.ts';
import type { CommitSettings } from '../bare/bare-settings.ts';

export type StoreSettings = CommitSettings['store'];

/** Opens the adapter that the service would open for these settings. */
export async function openStore(store: StoreSettings): Promise<Storage> {
  if (store.kind === 'sqlite') {
    const { openSqlite } = await import('../../src/storage/sqlite/open.ts');
    return openSqlite({ dataDir: store.dataDir, writerPath: store.writerPath });
  }
  const { openMongo } = await import('../../src/storage/mongo/open.ts');
  return openMongo({ uri: store.uri });
}
