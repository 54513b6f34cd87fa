import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Server } from 'node:http';
import { join } from 'node:path';
import { depsOver, openEmbedded, openServer, spoolOf } from './compose-deps.ts';
import type { Config } from './config.ts';
import type { Deps } from './deps.ts';
import { makeFolder } from './folder.ts';
import type { TrustsProxy } from './http/client-address.ts';
import { type Core, type CoreParts, createCore } from './http/core.ts';
import { createFirstAnswers } from './http/first-answers.ts';
import type { HttpConfig } from './http/http-config.ts';
import type { Listener } from './http/server.ts';
import type { Log } from './log.ts';
import { senderOf } from './mail/sender.ts';
import type { Post } from './outgoing/outgoing.ts';
import type { Setup } from './staff/setup.ts';
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

function openStorage({ config, log, writerPath }: Composition): Promise<Storage> {
  const { mongodbUri, dataDir } = config;
  return mongodbUri === null ? openEmbedded(dataDir, { writerPath }) : openServer(mongodbUri, { log });
}

/** The way out for mail, loaded only where there is one. */
async function openPost(config: Config, publicUrl: string): Promise<Post | null> {
  if (config.smtp === null) return null;
  const { createSmtpPost } = await import('./outgoing/smtp.ts');
  const from = config.mailFrom ?? senderOf(publicUrl);
  return createSmtpPost({ server: config.smtp, from, deadlineMs: config.webhookTimeoutMs });
}

/**
 * Whose a request with an Idempotency-Key is while it runs. The data folder's lock proves that no other
 * process on it is alive, so what an earlier one left without an answer is this one's to finish, at once.
 */
const ownerName = ({ mongodbUri }: Config): string => (mongodbUri === null ? 'embedded' : randomUUID());

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
  if (config.mongodbUri !== null) await warnOfDataDir(config, log);
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
  let completed: Promise<Completed> | null = null;
  let listener = createFirstAnswers({ core, log, whole: async () => (await complete()).listener });

  function complete(): Promise<Completed> {
    completed ??= startRest({ core, coreParts, setup, config, log }).then((started) => {
      listener = started.listener;
      return started;
    });
    return completed;
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
      const started = await completed?.catch(() => null);
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

/** With MongoDB the folder is needed later only: by erasures, which are refused without it, and by imports. */
async function warnOfDataDir({ dataDir }: Config, log: Log): Promise<void> {
  try {
    makeFolder(dataDir, 0o700);
    await access(dataDir, constants.W_OK);
  } catch (error) {
    log.warn({ err: error }, 'DATA_DIR can’t be written to: erasures and imports will be refused');
  }
}

/** A number of proxies is counted; which addresses are among others is for Express to say. */
async function trustsOf({ trustProxy }: Config): Promise<TrustsProxy> {
  if (typeof trustProxy === 'number') return (_address, hop) => hop < trustProxy;
  const { trustFrom } = await import('./http/trust.ts');
  return trustFrom(trustProxy);
}

/** The first admin's way in; null where there is another. */
async function openSetup(deps: Deps, { adminToken, mongodbUri }: Config): Promise<Setup | null> {
  if (adminToken !== null || (await deps.staff.hasModerators())) return null;
  const { createSetup } = await import('./staff/setup.ts');
  return createSetup(deps, { isShared: mongodbUri !== null });
}

/** What no first read needs: the whole HTTP side, and what goes on behind the answers. */
interface Completed {
  listener: Listener;
  endStreams(): void;
  stop(): Promise<void>;
}

interface CompletionParts {
  core: Core;
  coreParts: CoreParts;
  setup: Setup | null;
  config: Config;
  log: Log;
}

async function startRest({ core, coreParts, setup, config, log }: CompletionParts): Promise<Completed> {
  const { deps } = coreParts;
  const { startRunners } = await import('./runners.ts');
  const { webhooks, mail, retention, stop } = await startRunners(deps, { config, log });
  const { createImporter } = await import('./moving/importer.ts');
  const { createHeap } = await import('./heap.ts');
  const importer = createImporter({
    deps,
    spool: spoolOf(config),
    readSettings: async (value) => (await import('./http/schemas/site.ts')).readSettings(value),
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
