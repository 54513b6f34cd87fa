import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { Agent, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../../src/clock.ts';
import { systemClock } from '../../src/clock.ts';
import { type Deps, storesOf } from '../../src/deps.ts';
import { createErasureFile } from '../../src/erasure-file.ts';
import { createFileSpool } from '../../src/file-spool.ts';
import { createFilterHealths } from '../../src/filters/health.ts';
import { createApp } from '../../src/http/app.ts';
import type { HttpConfig } from '../../src/http/http-config.ts';
import type { Logger } from '../../src/http/logger.ts';
import type { Route } from '../../src/http/route.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { readSettings } from '../../src/http/schemas/site.ts';
import { createIdSource } from '../../src/ids.ts';
import { createDataKey, createKeyring } from '../../src/keys.ts';
import { createImporter } from '../../src/moving/importer.ts';
import { createOutgoing } from '../../src/outgoing/client.ts';
import type { IdempotencyStore } from '../../src/requests/idempotency-store.ts';
import { createLearner } from '../../src/screening/learner/learner.ts';
import { createPhaseTimes } from '../../src/screening/phase-times.ts';
import { createPrecedents } from '../../src/screening/precedents/precedents.ts';
import { createSite } from '../../src/sites/manage.ts';
import type { PolicyPatch } from '../../src/sites/policy.ts';
import { openFileNames } from '../../src/storage/sqlite/names-file.ts';
import { openRehearsal } from '../../src/storage/sqlite/rehearsal-file.ts';
import { cheapPasswords } from './passwords.ts';
import type { OpenedStore } from './stores.ts';
import { openStore } from './stores.ts';

/** A whole service over a real store, listening on a real port. */
export interface TestService {
  deps: Deps;
  store: OpenedStore;
  port: number;
  /** What was logged, as lines of JSON. */
  logged: string[];
  call(options: CallOptions): Promise<Answer>;
  /** Ends the live streams, as the process does when it stops. */
  endStreams(): void;
  /** A service beside it on the same store, set up otherwise. */
  another(options?: ServiceOptions): Promise<TestService>;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  config?: Partial<HttpConfig>;
  routes?: readonly Route[];
  clock?: Clock;
  /** Bytes of the largest file that an import takes. */
  importLimit?: number;
  deps?: (deps: Deps) => Deps;
  /** What keys are kept in, in place of the store's own. */
  idempotency?: (kept: IdempotencyStore) => IdempotencyStore;
}

export interface CallOptions {
  method?: string;
  path: string;
  headers?: Record<string, string | string[]>;
  /** Sent as JSON unless it is a string or bytes. */
  body?: unknown;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
  json: unknown;
}

export const ADMIN_TOKEN = 'test-admin-token-0123456789';
export const ADMIN = { authorization: `Bearer ${ADMIN_TOKEN}` };
export const PUBLIC_URL = 'https://comments.example';
export const ORIGIN = 'https://news.example';

function parsed(text: string, type: string): unknown {
  return /json/.test(type) && text !== '' ? JSON.parse(text) : undefined;
}

/** One request as it is, nothing added but Host, Content-Length and the type of a JSON body. */
export function callPort(port: number, agent: Agent, options: CallOptions): Promise<Answer> {
  const { method = 'GET', path, headers = {}, body } = options;
  const isRaw = typeof body === 'string' || Buffer.isBuffer(body);
  const bytes =
    body === undefined ? null : isRaw ? Buffer.from(body as string) : Buffer.from(JSON.stringify(body));
  const sent: Record<string, string | string[] | number> = { ...headers };
  if (bytes && !isRaw && sent['content-type'] === undefined) sent['content-type'] = 'application/json';
  if (bytes && sent['transfer-encoding'] === undefined) sent['content-length'] = bytes.length;
  return new Promise((resolve, reject) => {
    const outgoing = send({ port, agent, method, path, headers: sent }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () => {
        const all = Buffer.concat(chunks);
        const text = all.toString('utf8');
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          bytes: all,
          text,
          get json() {
            return parsed(text, incoming.headers['content-type'] ?? '');
          },
        });
      });
    });
    outgoing.on('error', reject);
    if (bytes) outgoing.write(bytes);
    outgoing.end();
  });
}

const DEFAULTS: HttpConfig = {
  publicUrl: PUBLIC_URL,
  dashboardOrigins: ['https://desk.example'],
  trustProxy: 0,
  rateLimits: { off: true },
  adminToken: ADMIN_TOKEN,
  metricsToken: null,
  version: '0.0.0-test',
  hotPaths: true,
  widgetFolder: null,
  keptAnswersBytes: 8 * 1024 * 1024,
  dashboardDir: join(__dirname, '../../dist/dashboard'),
};

function collectLog(lines: string[]): Logger {
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      const plain = Object.entries(fields).map(([name, value]) => [
        name,
        value instanceof Error ? `${value.stack} ${String(value.cause ?? '')}` : value,
      ]);
      lines.push(JSON.stringify({ level, message, ...Object.fromEntries(plain) }));
    };
  return { debug: write('debug'), warn: write('warn'), error: write('error') };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

async function startOver(
  store: OpenedStore,
  dataKey: Buffer,
  options: ServiceOptions,
  ownsStore: boolean,
): Promise<TestService> {
  const { storage } = store;
  const config: HttpConfig = { ...DEFAULTS, ...options.config };
  const keys = createKeyring(dataKey);
  const reported: unknown[] = [];
  const report = (error: unknown): void => void reported.push(error);
  const learner = createLearner({ ...storesOf(storage), keys, report });
  const precedents = createPrecedents({ ...storesOf(storage), report });
  const spoolFolder = mkdtempSync(join(tmpdir(), 'gatehouse-spool-'));
  const plain: Deps = {
    ...storesOf(storage),
    passwords: cheapPasswords(),
    erasures: createErasureFile(join(spoolFolder, 'erasures.jsonl')),
    learner,
    precedents,
    phaseTimes: createPhaseTimes(),
    keys,
    ids: createIdSource(),
    clock: options.clock ?? systemClock,
    // Where nobody answers: a test that needs Akismet brings its own.
    akismetUrl: 'http://127.0.0.1:9',
    filterHealths: createFilterHealths(),
    outgoing: createOutgoing({ allowPrivate: true }),
    // A test that sends mail brings its own.
    post: null,
    publicUrl: config.publicUrl,
  };
  const deps = options.deps?.(plain) ?? plain;
  const logged: string[] = [];
  const importer = createImporter({
    deps,
    readSettings: async (value) => readSettings(value),
    spool: createFileSpool({
      folder: spoolFolder,
      limit: options.importLimit ?? 8 * 1024 * 1024,
      rehearse: openRehearsal,
      openNames: openFileNames,
    }),
    report: (error) => logged.push(String(error)),
  });
  importer.start();
  const app = createApp({
    deps,
    importer,
    routes: options.routes ?? ROUTES,
    idempotency: options.idempotency?.(storage.idempotency) ?? storage.idempotency,
    limits: storage.limits,
    config,
    log: collectLog(logged),
    owner: randomBytes(9).toString('base64url'),
    ready: () => storage.ready(),
    onInvalidation: (listener) => storage.onInvalidation(listener),
  });
  const server = app.createServer();
  const port = await listen(server);
  const agent = new Agent({ keepAlive: true });
  return {
    deps,
    store,
    port,
    logged,
    call: (call) => callPort(port, agent, call),
    endStreams: app.endStreams,
    another: (other = {}) => startOver(store, dataKey, { ...options, ...other }, false),
    async stop() {
      agent.destroy();
      await importer.stop();
      rmSync(spoolFolder, { recursive: true, force: true });
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await Promise.all([learner.stop(), precedents.stop()]);
      if (ownsStore) await store.dispose();
      if (reported.length > 0) throw new AggregateError(reported, 'what follows the log failed');
    },
  };
}

/** A service over a store that is open, and stays so when it stops. */
export const startServiceOver = (
  store: OpenedStore,
  dataKey: Buffer,
  options: ServiceOptions = {},
): Promise<TestService> => startOver(store, dataKey, options, false);

export async function startService(options: ServiceOptions = {}): Promise<TestService> {
  const store = await openStore({ clock: options.clock });
  return startOver(store, createDataKey(), options, true);
}

/** A site with one origin, `https://news.example`, that takes comments without holding them unless told otherwise. */
export function makeSite(
  deps: Deps,
  id: string,
  policy: PolicyPatch = {},
  rest: { origins?: string[]; locale?: string; timeZone?: string } = {},
) {
  const { origins = [ORIGIN], locale = 'en', timeZone = 'UTC' } = rest;
  return createSite(deps, {
    id,
    name: `Site ${id}`,
    origins,
    locale,
    timeZone,
    policy: { moderation: 'none', ...policy },
  });
}

/** Never digits: by chance they would be a telephone number, which is held. */
const letters = (): string =>
  [...randomBytes(10)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');

/** A comment's JSON as a widget sends it. */
export function commentBody(rest: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    page: { url: `${ORIGIN}/a`, title: 'An article', id: null },
    parentId: null,
    author: { name: 'Mina', email: 'mina@example.org', url: null },
    body: `Words ${letters()}`,
    ...rest,
  };
}
