import { Agent } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { createFileSpool } from '../../src/file-spool.ts';
import { completeCore } from '../../src/http/app.ts';
import { type CoreParts, createCore } from '../../src/http/core.ts';
import { createFirstAnswers } from '../../src/http/first-answers.ts';
import { FIRST_ROUTES } from '../../src/http/routes/first-routes.ts';
import { ROUTES } from '../../src/http/routes/table.ts';
import { readSettings } from '../../src/http/schemas/site.ts';
import type { Listener } from '../../src/http/server.ts';
import { createImporter } from '../../src/moving/importer.ts';
import { openFileNames } from '../../src/storage/sqlite/names-file.ts';
import { openRehearsal } from '../../src/storage/sqlite/rehearsal-file.ts';
import {
  type Answer,
  type CallOptions,
  callPort,
  commentBody,
  makeSite,
  ORIGIN,
  PUBLIC_URL,
  startService,
  type TestService,
} from '../support/service.ts';

const PAGE = `page=${encodeURIComponent(`${ORIGIN}/a`)}`;

/** A service that has only begun: what is loaded later comes when the test says so. */
interface BegunService {
  call(options: CallOptions): Promise<Answer>;
  /** How many requests wait for the rest. */
  waiting(): number;
  finish(): void;
  fail(error: Error): void;
  stop(): Promise<void>;
}

let service: TestService;

async function begin(): Promise<BegunService> {
  const { deps, store, logged } = service;
  const { storage } = store;
  const log = (_: object, message: string): void => void logged.push(message);
  const parts: CoreParts = {
    deps,
    idempotency: storage.idempotency,
    limits: storage.limits,
    config: {
      publicUrl: PUBLIC_URL,
      dashboardOrigins: [],
      trustProxy: 0,
      rateLimits: { off: true },
      adminToken: null,
      metricsToken: null,
      version: '0.0.0-test',
      hotPaths: true,
      widgetFolder: null,
      keptAnswersBytes: 1024 * 1024,
      dashboardDir: __dirname,
    },
    log: { debug: log, warn: log, error: log },
    owner: 'begun',
    trusts: () => false,
    ready: () => storage.ready(),
    onInvalidation: (listener) => storage.onInvalidation(listener),
  };
  const core = createCore(parts);
  const importer = createImporter({
    readSettings: async (value) => readSettings(value),
    deps,
    spool: createFileSpool({ folder: tmpdir(), limit: 1, rehearse: openRehearsal, openNames: openFileNames }),
    report: () => undefined,
  });
  let waiting = 0;
  let finish: (listener: Listener) => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const rest = new Promise<Listener>((resolve, reject) => {
    finish = resolve;
    fail = reject;
  });
  const listener = createFirstAnswers({
    core,
    log: parts.log,
    whole() {
      waiting++;
      return rest;
    },
  });
  const server = core.createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true });
  return {
    call: (options) => callPort(port, agent, options),
    waiting: () => waiting,
    finish() {
      finish(completeCore(core, parts, { routes: ROUTES, importer }).listener);
    },
    fail,
    async stop() {
      agent.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

/** All that a caller can tell two answers apart by. */
const told = ({ status, headers, bytes }: Answer) => {
  const { date, 'x-request-id': id, ...rest } = headers;
  return { status, hasDate: date !== undefined, hasId: id !== undefined, headers: rest, bytes };
};

beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'first');
  for (const name of ['Mina', 'Reza']) {
    const body = commentBody({ author: { name, email: `${name}@example.org`, url: null } });
    const { status } = await service.call({ method: 'POST', path: '/v1/sites/first/comments', body });
    expect(status).toBe(201);
  }
});
afterAll(() => service.stop());

test('a first route stands in the table with the same callers, limits, bodies and origins, and the same handler', () => {
  for (const { operation, ...first } of FIRST_ROUTES) {
    const line = ROUTES.find(({ method, path }) => method === first.method && path === first.path);
    expect(line).toMatchObject(first);
    expect(line?.operation.handle).toBe(operation.handle);
    expect(line?.operation.guard).toBeUndefined();
    expect(line?.operation.presentProblem).toBeUndefined();
  }
});

test.each<CallOptions>([
  { path: '/healthz' },
  { path: '/healthz', method: 'HEAD' },
  { path: '/v1/sites/first' },
  { path: `/v1/sites/first?${PAGE}`, headers: { origin: ORIGIN } },
  { path: `/v1/sites/first/comments?${PAGE}`, headers: { 'accept-encoding': 'gzip' } },
  { path: `/v1/sites/first/comments?${PAGE}&format=html` },
  { path: `/v1/sites/first/comments?${PAGE}&limit=0`, headers: { 'accept-language': 'fa' } },
  { path: '/v1/sites/first/comments', headers: { origin: 'https://stranger.example' } },
  { path: `/v1/sites/first/comments?page=%ff%`, headers: { origin: ORIGIN } },
  { path: `/v1/sites/first/counts?${PAGE}&${PAGE}`, method: 'HEAD' },
  { path: '/v1/sites/none/comments?page=/' },
])('a service that has only begun answers $path as a whole one does', async (call) => {
  const begun = await begin();
  try {
    expect(told(await begun.call(call))).toEqual(told(await service.call(call)));
    expect(begun.waiting()).toBe(0);
  } finally {
    await begun.stop();
  }
});

test('what a first read has kept is dropped by a write, and a caller who has it is told so', async () => {
  const begun = await begin();
  try {
    const path = `/v1/sites/first/comments?${PAGE}`;
    const { headers } = await begun.call({ path });
    const again = await begun.call({ path, headers: { 'if-none-match': String(headers.etag) } });
    expect(again.status).toBe(304);
    await service.call({ method: 'POST', path: '/v1/sites/first/comments', body: commentBody() });
    const after = await begun.call({ path, headers: { 'if-none-match': String(headers.etag) } });
    expect(after.status).toBe(200);
  } finally {
    await begun.stop();
  }
});

const OTHERS: CallOptions[] = [
  { path: '/readyz' },
  { path: '/docs' },
  { path: '/nowhere' },
  { path: '/%ff' },
  { path: '/openapi.json' },
  { path: `/v1/sites/first/thread?${PAGE}` },
  { path: '/v1/moderation/queue' },
  { path: '/v1/sites/first/comments', method: 'OPTIONS', headers: { origin: ORIGIN } },
  { path: '/v1/sites/first/comments', method: 'DELETE' },
  { path: '/healthz', method: 'POST' },
  { path: '/v1/sites/first/comments', method: 'POST', body: '{' },
];

test('whatever else comes in the first moment waits, many at once, and is answered as by a whole service', async () => {
  const begun = await begin();
  try {
    const posts = Array.from({ length: 20 }, () =>
      begun.call({ method: 'POST', path: '/v1/sites/first/comments', body: commentBody() }),
    );
    const others = OTHERS.map((call) => begun.call(call));
    // Reads go past them.
    const read = await begun.call({ path: `/v1/sites/first/comments?${PAGE}` });
    expect(read.status).toBe(200);
    begun.finish();
    expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(posts.map(() => 201));
    const whole = await Promise.all(OTHERS.map((call) => service.call(call)));
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual(
      whole.map(({ status }) => status),
    );
  } finally {
    await begun.stop();
  }
});

test('who waits for a rest that can’t be loaded is told that the service failed, and no more', async () => {
  const begun = await begin();
  try {
    const waiting = begun.call({ path: '/readyz' });
    begun.fail(new Error('no such file: /somewhere/secret'));
    const { status, json, text } = await waiting;
    expect(status).toBe(500);
    expect(json).toMatchObject({ code: 'internal-error' });
    expect(text).not.toContain('somewhere');
  } finally {
    await begun.stop();
  }
});
