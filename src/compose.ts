import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { systemClock } from './clock.ts';
import { type Config, localUrl } from './config.ts';
import { openDataKey, unlockDataKey } from './data-key.ts';
import { type Deps, storesOf } from './deps.ts';
import { createErasureFile } from './erasure-file.ts';
import { createFileSpool } from './file-spool.ts';
import { AKISMET_ADDRESS } from './filters/akismet.ts';
import { createFilterHealths } from './filters/health.ts';
import { createHeap } from './heap.ts';
import type { TrustsProxy } from './http/client-address.ts';
import { type Core, type CoreParts, createCore } from './http/core.ts';
import { createFirstAnswers } from './http/first-answers.ts';
import type { HttpConfig } from './http/http-config.ts';
import type { Listener } from './http/server.ts';
import { createIdSource } from './ids.ts';
import { createKeyring } from './keys.ts';
import type { Log } from './log.ts';
import { senderOf } from './mail/sender.ts';
import type { AuditEntry } from './moderation/audit.ts';
import { type Act, recordAct } from './moderation/record.ts';
import { MOST_IN_LARGE_PART, MOST_IN_PART } from './moving/import-store.ts';
import { createOutgoing } from './outgoing/client.ts';
import type { Post } from './outgoing/outgoing.ts';
import { createLearner } from './screening/learner/learner.ts';
import { createPhaseTimes } from './screening/phase-times.ts';
import { createPrecedents } from './screening/precedents/precedents.ts';
import { findSecrets } from './secret.ts';
import { createPasswords } from './staff/passwords.ts';
import type { Setup } from './staff/setup.ts';
import { StartupError, toldAsMendable } from './startup-error.ts';
import { backUp, inspectBackup, restore } from './storage/sqlite/backup.ts';
import { readImportFile } from './storage/sqlite/isso-file.ts';
import { type OpenSqliteOptions, openSqlite } from './storage/sqlite/open.ts';
import { openSnapshot, recordBeside } from './storage/sqlite/snapshot.ts';
import type { Storage } from './storage/storage.ts';
import { version } from './version.ts';

export interface Composition {
  config: Config;
  log: Log;
  /** Base of every absolute link, without a trailing slash. */
  publicUrl: string;
  /** The built SQLite writer thread. */
  writerPath: string;
  /** Folder of the built dashboard. */
  dashboardDir: string;
}

/** The composed service, as the process sees it. */
export interface Gatehouse {
  /** An HTTP server that answers, not listening yet: reads of threads at once, everything else when it is complete. */
  createServer(): Server;
  /**
   * Loads and starts what the first reads can do without: a start need not wait for it. A request that needs it
   * hurries it on. Rejects where it can't be started; then the process can't go on.
   */
  complete(): Promise<void>;
  /** Ends the live streams, so that what is under way can come to its end. */
  endStreams(): void;
  /** The one-time page that makes the first admin; null where there is one, or GATEHOUSE_ADMIN_TOKEN is set. */
  setupUrl(): string | null;
  /** Called once when the store can't go on. */
  onFatal(listener: (error: Error) => void): void;
  /** Waits for writes under way, then closes the store. */
  close(): Promise<void>;
}

/** How many bytes of answers the hot read keeps: threads' first pages of a busy site, well below idle memory. */
const KEPT_ANSWERS_BYTES = 16 * 1024 * 1024;

/** What commands of the operator work with: the same use cases over the same data, and nobody listens. */
export interface Tools {
  deps: Deps;
  /** Waits for writes under way, then closes the store. */
  close(): Promise<void>;
}

/** A data folder that can't be used is something the operator has to change. */
async function openEmbedded(dataDir: string, writing: Omit<OpenSqliteOptions, 'dataDir'>) {
  try {
    return await openSqlite({ dataDir, ...writing });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartupError([`DATA_DIR: ${why}`], error);
  }
}

async function openServer(uri: string, log?: Log): Promise<Storage> {
  // Loaded only where it is used: the driver takes longer to load than the rest of the service.
  const { openMongo } = await import('./storage/mongo/open.ts');
  return openMongo({
    uri,
    clock: systemClock,
    log: ({ message, error }) => log?.warn({ err: error }, message),
  });
}

function openStorage({ config, log, writerPath }: Composition): Promise<Storage> {
  const { mongodbUri, dataDir } = config;
  return mongodbUri === null ? openEmbedded(dataDir, { writerPath }) : openServer(mongodbUri, log);
}

interface DepsParts extends Pick<Composition, 'config' | 'publicUrl'> {
  log?: Log;
  /** Commands send no mail. */
  post?: Post | null;
}

/** The way out for mail, loaded only where there is one. */
async function openPost(config: Config, publicUrl: string): Promise<Post | null> {
  if (config.smtp === null) return null;
  const { createSmtpPost } = await import('./outgoing/smtp.ts');
  const from = config.mailFrom ?? senderOf(publicUrl);
  return createSmtpPost({ server: config.smtp, from, deadlineMs: config.webhookTimeoutMs });
}

/** What use cases are given over a store. */
async function depsOver(storage: Storage, { config, publicUrl, log, post = null }: DepsParts): Promise<Deps> {
  const { dataKey, how } = await unlockDataKey(storage, findSecrets(config));
  if (how !== 'opened') log?.info({ how }, 'data key');
  const keys = createKeyring(dataKey);
  const stores = storesOf(storage);
  const report = (error: unknown): void =>
    log?.warn({ err: error }, 'what is learnt from will be read again');
  const learner = createLearner({ ...stores, keys, report });
  const precedents = createPrecedents({ ...stores, report });
  storage.onInvalidation((change) => {
    if (change.kind !== 'site') return;
    learner.forget(change.site);
    precedents.forget(change.site);
  });
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
    outgoing: createOutgoing({ allowPrivate: config.allowPrivateWebhooks }),
    post,
    publicUrl,
  };
}

/**
 * Opens the data without listening, and without the secret that it may be sealed under. On SQLite no other
 * process may have it open: StartupError with a DataInUse as its cause.
 */
export function openData({ mongodbUri, dataDir }: Config): Promise<Storage> {
  return mongodbUri === null ? openEmbedded(dataDir, { inline: true }) : openServer(mongodbUri);
}

/** Opens the data for commands, as `openData` does. */
export async function openTools(config: Config): Promise<Tools> {
  return toolsOver(await openData(config), config);
}

/** Opens the data for an import, as `openData` does, with the file beside it: the service goes on with one cut off. */
export async function openImport(config: Config) {
  const { mongodbUri, dataDir } = config;
  // Reading the file and writing its comments are each a core's work.
  const writerPath = join(__dirname, 'sqlite-writer.cjs');
  const storage = await (mongodbUri === null
    ? openEmbedded(dataDir, { writerPath, isHurried: true })
    : openServer(mongodbUri));
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

/** What an operator can mend about files, told as such. */
async function onFiles<Result>(config: Config, work: () => Promise<Result> | Result): Promise<Result> {
  if (config.mongodbUri !== null)
    throw new StartupError(['MONGODB_URI: is set; back MongoDB up with its own tools, such as mongodump']);
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

/** Copies the embedded store's data into a new file, beside the process that serves it. */
export function backUpData(config: Config, file: string): Promise<void> {
  return onFiles(config, () => backUp(resolve(config.dataDir), file));
}

/** Puts a backup in the place of the embedded store's data, once it is known that the secret opens it. */
export function restoreData(config: Config, file: string): Promise<void> {
  return onFiles(config, async () => {
    const { wrappedKey } = inspectBackup(file);
    await openDataKey(wrappedKey, findSecrets(config), file);
    restore(resolve(config.dataDir), file);
  });
}

/**
 * Whose a request with an Idempotency-Key is while it runs. The data folder's lock proves that no other
 * process on it is alive, so what an earlier one left without an answer is this one's to finish, at once.
 */
const ownerName = ({ mongodbUri }: Config): string => (mongodbUri === null ? 'embedded' : randomUUID());

/** On MongoDB, too, a file lies beside the instance that took it in. */
const spoolOf = ({ dataDir, importMaxBytes }: Pick<Config, 'dataDir' | 'importMaxBytes'>) =>
  createFileSpool(join(dataDir, 'imports'), importMaxBytes, readImportFile);

/** Puts the service together: the only place that names the concrete parts. */
export async function compose(composition: Composition): Promise<Gatehouse> {
  const storage = await openStorage(composition);
  try {
    return await composeOver(storage, composition);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

/** The HTTP side as it starts, and what brings the rest. */
async function composeOver(storage: Storage, composition: Composition): Promise<Gatehouse> {
  const { config, log, publicUrl } = composition;
  const post = await openPost(config, publicUrl);
  const deps = await depsOver(storage, { config, log, publicUrl, post });
  if (config.demo) {
    const { ensureDemo } = await import('./sites/demo.ts');
    await ensureDemo(deps, { publicUrl, extraOrigins: [] });
  }
  const setup = await openSetup(deps, config);
  const coreParts: CoreParts = {
    deps,
    idempotency: storage.idempotency,
    limits: storage.limits,
    config: httpConfigOf(composition),
    log,
    owner: ownerName(config),
    trusts: await trustsOf(config),
    ready: () => storage.ready(),
    onInvalidation: (listener) => storage.onInvalidation(listener),
  };
  const core = createCore(coreParts);
  let behind: Promise<Behind> | null = null;
  let listener = createFirstAnswers({ core, log, whole: async () => (await complete()).listener });

  function complete(): Promise<Behind> {
    behind ??= startBehind({ core, coreParts, setup, config, log }).then((started) => {
      listener = started.listener;
      return started;
    });
    return behind;
  }

  let endStreams = (): void => undefined;
  return {
    createServer: () => core.createServer((request, response) => listener(request, response)),
    async complete() {
      ({ endStreams } = await complete());
    },
    endStreams: () => endStreams(),
    setupUrl: () => (setup === null ? null : `${publicUrl}/setup?token=${setup.token}`),
    onFatal: (listener) => storage.onFatal(listener),
    async close() {
      // What could not be started has told so, and has nothing to stop.
      const started = await behind?.catch(() => null);
      await started?.stop();
      await Promise.all([deps.learner.stop(), deps.precedents.stop()]);
      await storage.close();
    },
  };
}

const httpConfigOf = ({ config, publicUrl, dashboardDir }: Composition): HttpConfig => ({
  publicUrl,
  dashboardOrigins: config.dashboardOrigins,
  trustProxy: config.trustProxy,
  rateLimits: config.rateLimits,
  adminToken: config.adminToken,
  metricsToken: config.metricsToken,
  version,
  hotPaths: true,
  widgetFolder: join(__dirname, 'widget'),
  keptAnswersBytes: KEPT_ANSWERS_BYTES,
  dashboardDir,
});

/** A number of proxies is counted; which addresses are among others is for Express to say. */
async function trustsOf({ trustProxy }: Config): Promise<TrustsProxy> {
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  const { trustFrom } = await import('./http/trust.ts');
  return trustFrom(trustProxy);
}

/** The first admin's way in; null where there is another. */
async function openSetup(deps: Deps, { adminToken }: Config): Promise<Setup | null> {
  if (adminToken !== null || (await deps.staff.hasModerators())) return null;
  const { createSetup } = await import('./staff/setup.ts');
  return createSetup(deps);
}

/** What no first read needs: the whole HTTP side, and what goes on behind the answers. */
interface Behind {
  listener: Listener;
  endStreams(): void;
  stop(): Promise<void>;
}

interface BehindParts {
  core: Core;
  coreParts: CoreParts;
  setup: Setup | null;
  config: Config;
  log: Log;
}

async function startBehind({ core, coreParts, setup, config, log }: BehindParts): Promise<Behind> {
  const { deps } = coreParts;
  const { startRunners } = await import('./runners.ts');
  const { webhooks, mail, retention, stop } = await startRunners(deps, { config, log });
  const { createImporter } = await import('./moving/importer.ts');
  const importer = createImporter({
    deps,
    spool: spoolOf(config),
    // The lock on the data folder keeps others off its files, too.
    isAlone: config.mongodbUri === null,
    heap: createHeap(),
    report: (error) => log.warn({ err: error }, 'imports will be looked at again'),
  });
  importer.start();
  const { completeCore } = await import('./http/app.ts');
  const { routeTable } = await import('./http/routes/table.ts');
  const whole = completeCore(core, coreParts, {
    routes: routeTable({ demo: config.demo, setup }),
    setup,
    importer,
    deliveries: { tallies: webhooks.tallies, depth: () => deps.outbox.depth() },
    mail: deps.post === null ? undefined : mail.figures,
    retention: retention.tallies,
  });
  return {
    ...whole,
    async stop() {
      await Promise.all([stop(), importer.stop()]);
    },
  };
}
