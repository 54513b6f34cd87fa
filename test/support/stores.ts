import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { buildWriter } from './build-writer.ts';

/**
 * Opens real stores for tests. Which one, GATEHOUSE_TEST_STORE says: `sqlite` (default, a file in a
 * temporary folder), `mongo-standalone` or `mongo-replica` (the server at GATEHOUSE_TEST_MONGODB_URI,
 * a database of its own for each opening, dropped at the end).
 */
export type StoreName = 'sqlite' | 'mongo-standalone' | 'mongo-replica';

const NAMES: StoreName[] = ['sqlite', 'mongo-standalone', 'mongo-replica'];

export function storeUnderTest(): StoreName {
  const wanted = process.env.GATEHOUSE_TEST_STORE ?? 'sqlite';
  const name = NAMES.find((known) => known === wanted);
  if (!name) throw new Error(`GATEHOUSE_TEST_STORE is ${wanted}; known are ${NAMES.join(', ')}`);
  return name;
}

export interface OpenedStore {
  storage: Storage;
  /** Closes the store and opens the same data again. */
  reopen(): Promise<Storage>;
  /** Closes it and removes its data. */
  dispose(): Promise<void>;
}

export interface StoreOptions {
  clock?: Clock;
}

/** An empty store of the kind under test. */
export function openStore(options: StoreOptions = {}): Promise<OpenedStore> {
  return storeUnderTest() === 'sqlite' ? openSqliteStore(options) : openMongoStore(options);
}

async function reopenable(open: () => Promise<Storage>, clean: () => Promise<void>): Promise<OpenedStore> {
  const opened: OpenedStore = {
    storage: await open(),
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
    () => openSqlite({ dataDir, writerPath, clock: options.clock }),
    () => rm(dataDir, { recursive: true, force: true }),
  );
}

type OpenMongo = (options: { uri: string; clock?: Clock }) => Promise<Storage>;

async function openMongoStore(options: StoreOptions): Promise<OpenedStore> {
  const server = process.env.GATEHOUSE_TEST_MONGODB_URI;
  if (!server) throw new Error('GATEHOUSE_TEST_MONGODB_URI must name the server to test on');
  const adapter = join(__dirname, '../../src/storage/mongo/open.ts');
  if (!existsSync(adapter)) throw new Error('src/storage/mongo/open.ts is not there');
  const { openMongo } = (await import(adapter)) as { openMongo: OpenMongo };
  const uri = withDatabase(server, `gatehouse_test_${randomBytes(6).toString('hex')}`);
  return reopenable(
    () => openMongo({ uri, clock: options.clock }),
    () => dropDatabase(uri),
  );
}

/** The connection string with that database; a list of hosts is no URL that `URL` would read. */
function withDatabase(uri: string, database: string): string {
  const [, hosts, query] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  if (!hosts) throw new Error('GATEHOUSE_TEST_MONGODB_URI is no MongoDB connection string');
  return `${hosts}/${database}${query ?? ''}`;
}

async function dropDatabase(uri: string): Promise<void> {
  const { createConnection } = await import('mongoose');
  const connection = await createConnection(uri).asPromise();
  await connection.dropDatabase();
  await connection.close();
}
