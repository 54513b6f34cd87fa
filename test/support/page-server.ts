import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';
import { type Deps, storesOf } from '../../src/deps.ts';
import { createErasureFile } from '../../src/erasure-file.ts';
import { createFileSpool } from '../../src/file-spool.ts';
import { AKISMET_ADDRESS } from '../../src/filters/filter.ts';
import { createFilterHealths } from '../../src/filters/health.ts';
import { createApp } from '../../src/http/app.ts';
import type { Logger } from '../../src/http/logger.ts';
import { routeTable } from '../../src/http/routes/table.ts';
import { readSettings } from '../../src/http/schemas/site.ts';
import { createIdSource } from '../../src/ids.ts';
import { createKeyring } from '../../src/keys.ts';
import { createImporter } from '../../src/moving/importer.ts';
import { createOutgoing } from '../../src/outgoing/client.ts';
import type { RateLimitSettings } from '../../src/requests/rate-limit-settings.ts';
import { createLearner } from '../../src/screening/learner/learner.ts';
import { createPhaseTimes } from '../../src/screening/phase-times.ts';
import { createPrecedents } from '../../src/screening/precedents/precedents.ts';
import type { Setup } from '../../src/staff/setup.ts';
import { createSetup } from '../../src/staff/setup.ts';
import { openFileNames } from '../../src/storage/sqlite/names-file.ts';
import { openRehearsal } from '../../src/storage/sqlite/rehearsal-file.ts';
import { cheapPasswords } from './passwords.ts';
import { openStore } from './stores.ts';

/** The pages on a real listener over a real store. */
export interface PageServer {
  url: string;
  deps: Deps;
  setup: Setup;
  /** Everything the service logged. */
  logged(): string;
  close(): Promise<void>;
}

interface PageServerOptions {
  clock?: Clock;
  rateLimits?: RateLimitSettings;
}

export async function startPages({
  clock = systemClock,
  rateLimits = { off: true },
}: PageServerOptions = {}): Promise<PageServer> {
  const store = await openStore({ clock });
  const { storage } = store;
  let log = '';
  const note = (fields: object, message: string): void => {
    log += `${message} ${inspect(fields, { depth: 10 })}\n`;
  };
  const logger: Logger = { debug: note, warn: note, error: note };
  const server: Server = createServer((request, response) => listener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const keys = createKeyring(randomBytes(32));
  const deps: Deps = {
    ...storesOf(storage),
    passwords: cheapPasswords(),
    erasures: createErasureFile(join(tmpdir(), `gatehouse-erasures-${process.pid}.jsonl`)),
    learner: createLearner({ ...storesOf(storage), keys, report: () => undefined }),
    precedents: createPrecedents({ ...storesOf(storage), report: () => undefined }),
    phaseTimes: createPhaseTimes(),
    keys,
    ids: createIdSource(),
    clock,
    akismetUrl: AKISMET_ADDRESS,
    filterHealths: createFilterHealths(),
    outgoing: createOutgoing({ allowPrivate: true }),
    post: null,
    publicUrl: url,
  };
  const setup = createSetup(deps);
  const importer = createImporter({
    readSettings: async (value) => readSettings(value),
    deps,
    spool: createFileSpool({
      folder: join(tmpdir(), `gatehouse-spool-${process.pid}`),
      limit: 1_000_000,
      rehearse: openRehearsal,
      openNames: openFileNames,
    }),
    report: (error) => note({ error }, 'import'),
  });
  const { listener } = createApp({
    deps,
    importer,
    routes: routeTable({ demo: true, setup }),
    setup,
    idempotency: storage.idempotency,
    limits: storage.limits,
    config: {
      publicUrl: url,
      dashboardOrigins: [],
      trustProxy: 0,
      rateLimits,
      adminToken: null,
      metricsToken: null,
      version: '0.0.0',
      hotPaths: true,
      widgetFolder: null,
      keptAnswersBytes: 1_000_000,
      dashboardDir: '',
    },
    log: logger,
    owner: 'test',
    ready: () => storage.ready(),
    onInvalidation: (listen) => storage.onInvalidation(listen),
  });
  return {
    url,
    deps,
    setup,
    logged: () => log,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([deps.learner.stop(), deps.precedents.stop()]);
      await store.dispose();
    },
  };
}
