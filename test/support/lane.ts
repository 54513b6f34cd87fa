import { randomBytes } from 'node:crypto';
import os from 'node:os';
import type { mongo } from 'mongoose';

/**
 * Which store this run is about: GATEHOUSE_TEST_STORE, `sqlite` where it is not set. In the MongoDB lanes the
 * server is at GATEHOUSE_TEST_MONGODB_URI. scripts/test.mjs sets both.
 */
export type StoreName = 'sqlite' | 'mongo-standalone' | 'mongo-replica';

const NAMES: StoreName[] = ['sqlite', 'mongo-standalone', 'mongo-replica'];

export function storeUnderTest(): StoreName {
  const wanted = process.env.GATEHOUSE_TEST_STORE ?? 'sqlite';
  const name = NAMES.find((known) => known === wanted);
  if (!name) throw new Error(`GATEHOUSE_TEST_STORE is ${wanted}; known are ${NAMES.join(', ')}`);
  return name;
}

/** A connection string with a database name that nobody has used; by default on the lane's server. */
export function freshDatabase(server = process.env.GATEHOUSE_TEST_MONGODB_URI): string {
  if (!server) throw new Error('GATEHOUSE_TEST_MONGODB_URI must name the server to test on');
  // A list of hosts is no URL that `URL` would read.
  const [, hosts, query] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(server) ?? [];
  if (!hosts) throw new Error('GATEHOUSE_TEST_MONGODB_URI is no MongoDB connection string');
  return `${hosts}/gatehouse_test_${randomBytes(6).toString('hex')}${query ?? ''}`;
}

/** A connection of the test's own to that database. */
export async function connectTo(uri: string): Promise<{ database: mongo.Db; close(): Promise<void> }> {
  const { createConnection } = await import('mongoose');
  // The driver would import `os` by itself, which jest does not allow it.
  const connection = await createConnection(uri, { runtimeAdapters: { os } }).asPromise();
  return { database: connection.getClient().db(connection.name), close: () => connection.close() };
}

/** Connects to that database, gives `work` the driver's own handle on it, and closes. */
export async function withDatabase<T>(uri: string, work: (database: mongo.Db) => Promise<T>): Promise<T> {
  const { database, close } = await connectTo(uri);
  try {
    return await work(database);
  } finally {
    await close();
  }
}

export const dropDatabase = (uri: string): Promise<boolean> =>
  withDatabase(uri, (database) => database.dropDatabase());
