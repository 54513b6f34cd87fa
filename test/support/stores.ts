import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { buildWriter } from './build-writer.ts';
import { giveBack, takeDatabase } from './databases.ts';
import { type StoreName, storeUnderTest } from './lane.ts';

/**
 * Opens real stores for tests, of the kind that lane.ts names: an SQLite file in a temporary folder, or a
 * database of its own for each opening on the lane's MongoDB server, emptied at the end.
 */
export interface OpenedStore {
  storage: Storage;
  /** Where its data lies, for tests that reach past it. */
  place: { file: string } | { uri: string };
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Storage>;
  /** Closes it and removes its data. */
  dispose(): Promise<void>;
}

export interface StoreOptions {
  clock?: Clock;
  /** Default: the kind under test. */
  kind?: StoreName;
}

/** An empty store of that kind. */
export function openStore(options: StoreOptions = {}): Promise<OpenedStore> {
  const { kind = storeUnderTest() } = options;
  return kind === 'sqlite' ? openSqliteStore(options) : openMongoStore(options);
}

async function reopenable(
  place: OpenedStore['place'],
  open: () => Promise<Storage>,
  clean: () => Promise<void>,
): Promise<OpenedStore> {
  const opened: OpenedStore = {
    storage: await open(),
    place,
    async reopen() {
      await opened.storage.close();
      opened.storage = await open();
      return opened.storage;
    },
    async dispose() {
      await opened.storage.close();
      await clean();
    },
  };
  return opened;
}

async function openSqliteStore(options: StoreOptions): Promise<OpenedStore> {
  const { openSqlite } = await import('../../src/storage/sqlite/open.ts');
  const writerPath = buildWriter();
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  return reopenable(
    { file: join(dataDir, 'gatehouse.db') },
    () => openSqlite({ dataDir, writerPath, clock: options.clock }),
    () => rm(dataDir, { recursive: true, force: true }),
  );
}

async function openMongoStore(options: StoreOptions): Promise<OpenedStore> {
  const { openMongo } = await import('../../src/storage/mongo/open.ts');
  const uri = takeDatabase();
  return reopenable(
    { uri },
    () => openMongo({ uri, clock: options.clock }),
    () => giveBack(uri),
  );
}
