import { join, resolve } from 'node:path';
import { systemClock } from './clock.ts';
import { depsOver, openEmbedded, openServer, spoolOf } from './compose-deps.ts';
import { type Config, localUrl } from './config.ts';
import { openDataKey } from './data-key.ts';
import type { Deps } from './deps.ts';
import { createHeap } from './heap.ts';
import { createIdSource } from './ids.ts';
import { createKeyring } from './keys.ts';
import type { AuditEntry } from './moderation/audit.ts';
import { type Act, recordAct } from './moderation/record.ts';
import { MOST_IN_LARGE_PART, MOST_IN_PART } from './moving/import-store.ts';
import { findSecrets } from './secret.ts';
import { StartupError, toldAsMendable } from './startup-error.ts';
import { backUp, inspectBackup, restore } from './storage/sqlite/backup.ts';
import { openSnapshot, recordBeside } from './storage/sqlite/snapshot.ts';
import { checkFile } from './storage/sqlite/soundness.ts';
import type { Storage } from './storage/storage.ts';

/** What commands of the operator work with: the same use cases over the same data, and nobody listens. */
export interface Tools {
  deps: Deps;
  /** Waits for writes under way, then closes the store. */
  close(): Promise<void>;
}

/**
 * Opens the data without listening, and without the secret that it may be sealed under. On SQLite no other
 * process may have it open: StartupError with a DataInUse as its cause. Nor is anything made where no data is, unless it
 * `mayBeNew`: a command in the wrong folder, or with a database's name that was mistyped, would work on nothing, or on
 * data that no service ever sees.
 */
export function openData({ mongodbUri, dataDir }: Config, { mayBeNew = false } = {}): Promise<Storage> {
  if (mongodbUri !== null) return openServer(mongodbUri, { mustExist: !mayBeNew });
  return openEmbedded(dataDir, { inline: true, mustExist: !mayBeNew });
}

/** Opens the data for commands, as `openData` does. */
export async function openTools(config: Config, options: { mayBeNew?: boolean } = {}): Promise<Tools> {
  return toolsOver(await openData(config, options), config);
}

/** Opens the data for an import, as `openData` does, with the file beside it: the service goes on with one cut off. */
export async function openImport(config: Config) {
  const { mongodbUri, dataDir } = config;
  // Reading the file and writing its comments are each a core's work.
  const writerPath = join(__dirname, 'sqlite-writer.cjs');
  const storage = await (mongodbUri === null
    ? openEmbedded(dataDir, { writerPath, isHurried: true, mustExist: true })
    : openServer(mongodbUri, { mustExist: true }));
  const spool = spoolOf({ dataDir, importMaxBytes: Number.POSITIVE_INFINITY });
  const mostInPart = mongodbUri === null ? MOST_IN_LARGE_PART : MOST_IN_PART;
  return { ...(await toolsOver(storage, config)), spool, heap: createHeap(), mostInPart };
}

async function toolsOver(storage: Storage, config: Config): Promise<Tools> {
  try {
    const deps = await depsOver(storage, { config, publicUrl: config.publicUrl ?? localUrl(config) });
    return {
      deps,
      async close() {
        await Promise.all([deps.learner.stop(), deps.precedents.stop()]);
        await storage.close();
      },
    };
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** What an operator can mend about files, told as such; on MongoDB, what does the same there. */
async function onFiles<Result>(
  { mongodbUri }: Config,
  { onMongodb, work }: { onMongodb: string; work: () => Promise<Result> | Result },
): Promise<Result> {
  if (mongodbUri !== null) throw new StartupError([`MONGODB_URI: is set; ${onMongodb}`]);
  return toldAsMendable(work);
}

/**
 * Opens the data for an export: on SQLite as it is at this moment, beside whatever process serves it; on MongoDB
 * as commands do.
 */
export async function openExport(config: Config) {
  if (config.mongodbUri !== null) {
    const { deps, close } = await openTools(config);
    return { deps, record: (act: Act) => recordAct(deps, act), close };
  }
  const dataDir = resolve(config.dataDir);
  return toldAsMendable(async () => {
    const { readDataKey, close, ...stores } = openSnapshot(dataDir);
    try {
      const keys = createKeyring(await openDataKey(await readDataKey(), findSecrets(config), dataDir));
      const audit = { record: async (entry: AuditEntry) => recordBeside(dataDir, entry) };
      const recording = { audit, ids: createIdSource(), clock: systemClock };
      const record = (act: Act) => toldAsMendable(() => recordAct(recording, act));
      return { deps: { ...stores, keys }, record, close: async () => close() };
    } catch (error) {
      close();
      throw error;
    }
  });
}

/** Has SQLite check the embedded store's file, beside the process that serves it. */
export async function checkData({ mongodbUri, dataDir }: Config): Promise<void> {
  if (mongodbUri !== null)
    throw new StartupError(["MONGODB_URI: is set; the file that --file looks at is SQLite's"]);
  await toldAsMendable(() => checkFile(resolve(dataDir)));
}

/** Copies the embedded store's data into a new file, beside the process that serves it. */
export function backUpData(config: Config, file: string): Promise<void> {
  return onFiles(config, {
    onMongodb: 'back MongoDB up with its own tools, such as mongodump',
    work: () => backUp(resolve(config.dataDir), file),
  });
}

/** Puts a backup in the place of the embedded store's data, once it is known that the secret opens it. */
export function restoreData(config: Config, file: string): Promise<void> {
  return onFiles(config, {
    onMongodb: 'what was saved of MongoDB goes back by its own tools, such as mongorestore',
    async work() {
      const { wrappedKey } = inspectBackup(file);
      await openDataKey(wrappedKey, findSecrets(config), file);
      await restore(resolve(config.dataDir), file);
    },
  });
}
