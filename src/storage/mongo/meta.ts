import { DataUnfit } from '../../startup-error.ts';
import type { Storage } from '../storage.ts';
import { type Database, DURABLE } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** Rises with every change that an older Gatehouse could not work with. */
export const SCHEMA_VERSION = 1;

/** The oldest server that has every command we send: `$documents` came with it. */
const OLDEST_SERVER = { major: 5, minor: 1 };

/** Refuses a server that is too old with a DataUnfit. `version` is as its build tells it, such as `6.0.5`. */
export function refuseOldServer(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const { major: least, minor: of } = OLDEST_SERVER;
  if (major > least || (major === least && minor >= of)) return;
  throw new DataUnfit(
    `the MongoDB server is version ${version}, and this Gatehouse needs ${least}.${of} or newer.`,
  );
}

/** What stands in these is the server's own: each member of a replica set has another `local`. */
const OF_THE_SERVER = ['local', 'config'];

/** Refuses a database whose writes the server keeps from other members, or writes itself. */
export function checkName({ meta }: Pick<Database, 'meta'>): void {
  if (!OF_THE_SERVER.includes(meta.dbName)) return;
  throw new DataUnfit(`the database ${meta.dbName} is the server's own: name another`);
}

/** Refuses a server that lacks commands that we send. */
export async function checkServer({ meta }: Pick<Database, 'meta'>): Promise<void> {
  const { version } = await meta.db.command({ buildInfo: 1 });
  refuseOldServer(String(version));
}

/** Refuses a database that no Gatehouse was ever started on, as one whose name was mistyped. */
export async function checkExists({ meta }: Pick<Database, 'meta'>): Promise<void> {
  if (await meta.findOne({ _id: 'schema' })) return;
  throw new DataUnfit(`the database ${meta.dbName} holds no data of Gatehouse.`);
}

/** Refuses a database that a newer Gatehouse has written with a DataUnfit; marks a new one. */
export async function checkVersion({ meta }: Pick<Database, 'meta'>): Promise<void> {
  const update = { $setOnInsert: { version: SCHEMA_VERSION } };
  await meta
    .updateOne({ _id: 'schema' }, update, { upsert: true, writeConcern: DURABLE })
    .catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
  const version = (await meta.findOne({ _id: 'schema' }))?.version ?? SCHEMA_VERSION;
  if (version > SCHEMA_VERSION) {
    throw new DataUnfit(
      `the database has schema ${version}, and this Gatehouse knows schemas up to ${SCHEMA_VERSION}: ` +
        'it was last opened by a newer release. Start that release, or restore an older dump.',
    );
  }
}

export function createDataKey({
  meta,
}: Pick<Database, 'meta'>): Pick<Storage, 'readDataKey' | 'writeDataKey'> {
  return {
    readDataKey: async () => (await meta.findOne({ _id: 'data-key' }))?.wrapped ?? null,
    async writeDataKey(wrapped, expected) {
      if (expected !== null) {
        const filter = { _id: 'data-key', wrapped: expected };
        const { matchedCount } = await meta.updateOne(
          filter,
          { $set: { wrapped } },
          { writeConcern: DURABLE },
        );
        return matchedCount === 1;
      }
      try {
        await meta.insertOne({ _id: 'data-key', wrapped }, { writeConcern: DURABLE });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
  };
}
