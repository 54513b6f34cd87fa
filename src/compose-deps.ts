import { join } from 'node:path';
import { systemClock } from './clock.ts';
import type { Config } from './config.ts';
import { unlockDataKey } from './data-key.ts';
import { type Deps, storesOf } from './deps.ts';
import { createErasureFile } from './erasure-file.ts';
import { createFileSpool, readInPieces } from './file-spool.ts';
import { AKISMET_ADDRESS } from './filters/filter.ts';
import { createFilterHealths } from './filters/health.ts';
import { createIdSource } from './ids.ts';
import { createKeyring } from './keys.ts';
import type { Log } from './log.ts';
import type { OutgoingOptions } from './outgoing/client.ts';
import type { Outgoing, Post } from './outgoing/outgoing.ts';
import { followStore } from './screening/follow-store.ts';
import { createLearner } from './screening/learner/learner.ts';
import { createPhaseTimes } from './screening/phase-times.ts';
import { createPrecedents } from './screening/precedents/precedents.ts';
import { findSecrets } from './secret.ts';
import { createPasswords } from './staff/passwords.ts';
import { DataUnfit, StartupError } from './startup-error.ts';
import { readImportFile } from './storage/sqlite/isso-file.ts';
import { openFileNames } from './storage/sqlite/names-file.ts';
import { type OpenSqliteOptions, openSqlite } from './storage/sqlite/open.ts';
import { openRehearsal } from './storage/sqlite/rehearsal-file.ts';
import type { Storage } from './storage/storage.ts';

// What the service (compose.ts) and the operator's commands (compose-tools.ts) are both put together from.

/** A data folder that can't be used is something the operator has to change. */
export async function openEmbedded(dataDir: string, writing: Omit<OpenSqliteOptions, 'dataDir'>) {
  try {
    return await openSqlite({ dataDir, ...writing });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartupError([`DATA_DIR: ${why}`], error);
  }
}

/** Rejects with a StartupError where a setting or the server's users have to change. */
export async function openServer(
  uri: string,
  { log, mustExist = false }: { log?: Log; mustExist?: boolean } = {},
): Promise<Storage> {
  // Loaded only where it is used: the driver takes longer to load than the rest of the service.
  const { openMongo } = await import('./storage/mongo/open.ts');
  try {
    return await openMongo({
      uri,
      mustExist,
      clock: systemClock,
      log: ({ message, error }) => log?.warn({ err: error }, message),
    });
  } catch (error) {
    if (error instanceof DataUnfit) throw new StartupError([`MONGODB_URI: ${error.message}`], error);
    throw error;
  }
}

export interface DepsParts {
  config: Config;
  /** Base of every absolute link, without a trailing slash. */
  publicUrl: string;
  log?: Log;
  /** Commands send no mail. */
  post?: Post | null;
}

/** The client for other people's addresses, loaded with its first call: no start waits for TLS and DNS. */
function outgoingLater(options: OutgoingOptions): Outgoing {
  let loading: Promise<Outgoing> | undefined;
  const client = (): Promise<Outgoing> => {
    loading ??= import('./outgoing/client.ts').then(({ createOutgoing }) => createOutgoing(options));
    return loading;
  };
  return {
    check: async (url) => (await client()).check(url),
    send: async (call) => (await client()).send(call),
  };
}

/** What use cases are given over a store. */
export async function depsOver(
  storage: Storage,
  { config, publicUrl, log, post = null }: DepsParts,
): Promise<Deps> {
  const { dataKey, how } = await unlockDataKey(storage, findSecrets(config));
  if (how !== 'opened') log?.info({ how }, 'data key');
  const keys = createKeyring(dataKey);
  const stores = storesOf(storage);
  const report = (error: unknown): void =>
    log?.warn({ err: error }, 'what is learnt from will be read again');
  const learner = createLearner({ ...stores, keys, report });
  const precedents = createPrecedents({ ...stores, report });
  followStore(storage, { learner, precedents });
  return {
    ...stores,
    passwords: createPasswords(),
    erasures: createErasureFile(join(config.dataDir, 'erasures.jsonl')),
    learner,
    precedents,
    phaseTimes: createPhaseTimes(),
    keys,
    ids: createIdSource(),
    clock: systemClock,
    akismetUrl: config.akismetUrl ?? AKISMET_ADDRESS,
    filterHealths: createFilterHealths(),
    outgoing: outgoingLater({ allowPrivate: config.allowPrivateWebhooks }),
    post,
    publicUrl,
  };
}

/** On MongoDB, too, a file lies beside the instance that took it in. */
export const spoolOf = ({ dataDir, importMaxBytes }: Pick<Config, 'dataDir' | 'importMaxBytes'>) =>
  createFileSpool({
    folder: join(dataDir, 'imports'),
    limit: importMaxBytes,
    readFile: (path) => readImportFile(path, readInPieces),
    rehearse: openRehearsal,
    openNames: openFileNames,
  });
