import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Deps } from '../deps.ts';
import type { Importer } from '../moving/importer.ts';
import type { IdempotencyStore } from '../requests/idempotency-store.ts';
import type { LimitStore } from '../requests/limit-store.ts';
import { authenticate } from '../staff/principal.ts';
import type { Setup } from '../staff/setup.ts';
import { type AnswerCounts, createAnswerCounts } from './answer-counts.ts';
import type { TrustsProxy } from './client-address.ts';
import type { DashboardFiles } from './dashboard-files.ts';
import { createDispatcher, type Dispatcher } from './dispatch.ts';
import type { EventStreams } from './event-streams.ts';
import type { PublicChange } from './hot-reads.ts';
import { createHotReads, type HotReads } from './hot-reads.ts';
import type { HttpConfig } from './http-config.ts';
import { createIdempotency } from './idempotency.ts';
import type { Doorkeeper } from './identify.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { createOrigins } from './origins.ts';
import { createRateLimiter } from './rate-limits.ts';
import { createRequestIds } from './request-id.ts';
import type { Exchange } from './respond.ts';
import type { App, Route } from './route.ts';
import { captureSecurityHeaders } from './security-headers.ts';
import { createHttpServer, type Listener } from './server.ts';
import { createSharedAnswer } from './shared-answer.ts';
import { toldStaff } from './told-staff.ts';

export interface CoreParts {
  deps: Deps;
  idempotency: IdempotencyStore;
  limits: LimitStore;
  config: HttpConfig;
  log: Logger;
  /** This process, by a name no other has. */
  owner: string;
  /** Whom to believe about a client's address. */
  trusts: TrustsProxy;
  /** Rejects while the store can't be read and written. */
  ready(): Promise<void>;
  /** Tells of every change that may alter a public answer. */
  onInvalidation(listener: (change: PublicChange) => void): void;
}

/** What of the HTTP side is there only when everything is loaded. */
export interface Behind {
  routes: readonly Route[];
  metrics: Metrics;
  streams: EventStreams;
  dashboard: DashboardFiles;
  importer: Importer;
  setup: Setup | null;
}

/** The part of the HTTP side that every answer takes: enough for the first reads, and small enough to start with. */
export interface Core {
  app: App;
  dispatcher: Dispatcher;
  hot: HotReads;
  counts: AnswerCounts;
  nextId(): string;
  exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange;
  /** A server with the contract's limits around a listener; not listening yet. */
  createServer(listener: Listener): Server;
  /** Brings the rest; what needs it may be dispatched from now on. */
  complete(behind: Behind): void;
}

const originOfUrl = (url: string): string => new URL(url).origin;

/** A look at who calls that leaves no trace. */
const quietly = (deps: Deps): Deps => ({
  ...deps,
  tokens: { ...deps.tokens, touch: () => undefined },
  staff: { ...deps.staff, touchSession: () => undefined },
});

const knows =
  (deps: Deps, { adminToken }: HttpConfig): Doorkeeper['authenticate'] =>
  async (brought) => {
    if ('bearer' in brought) return authenticate(deps, brought.bearer, adminToken);
    const { authenticateSession } = await import('../staff/sessions.ts');
    return authenticateSession(deps, brought.session);
  };

export function createCore(parts: CoreParts): Core {
  const { config, log } = parts;
  const nextId = createRequestIds();
  const security = captureSecurityHeaders({ https: config.publicUrl.startsWith('https:') });
  const counts = createAnswerCounts();
  const origins = createOrigins({
    sites: parts.deps.sites,
    publicUrl: originOfUrl(config.publicUrl),
    dashboardOrigins: config.dashboardOrigins,
  });
  const { limits: store, idempotency: kept, owner } = parts;
  const { keys, clock } = parts.deps;
  const hot = createHotReads({ budget: config.keptAnswersBytes });
  let behind: Behind | null = null;
  const checkStreams = (): void => behind?.streams.checkSoon();
  const deps: Deps = { ...parts.deps, staff: toldStaff(parts.deps.staff, checkStreams) };
  const loaded = (): Behind => {
    if (!behind) throw new Error('what is still being loaded was asked for');
    return behind;
  };
  parts.onInvalidation((change) => {
    hot.drop(change);
    if (change.kind === 'everything' || change.kind === 'tokens') checkStreams();
  });
  const app: App = {
    deps,
    config,
    counts,
    get metrics() {
      return loaded().metrics;
    },
    get routes() {
      return loaded().routes;
    },
    get streams() {
      return loaded().streams;
    },
    get dashboard() {
      return loaded().dashboard;
    },
    get importer() {
      return loaded().importer;
    },
    get setup() {
      return loaded().setup;
    },
    ready: parts.ready,
    share({ site }, shared) {
      return {
        kind: 'shared',
        answer: createSharedAnswer({
          security,
          servesOrigin: (origin) => origins.served('reader', origin, site) !== null,
          anyOrigin: site === null,
          ...shared,
        }),
      };
    },
  };
  const dispatcher = createDispatcher({
    app,
    log,
    security,
    limiter: createRateLimiter({ store, keys, clock, settings: config.rateLimits }),
    origins,
    authenticate: knows(deps, config),
    lookUp: knows(quietly(deps), config),
    idempotency: createIdempotency({ store: kept, keys, clock, log, owner }),
    trusts: parts.trusts,
    fillOf: hot.fillOf,
  });
  return {
    app,
    dispatcher,
    hot,
    counts,
    nextId,
    exchangeOf: (request, response) => ({
      request,
      response,
      requestId: nextId(),
      begun: performance.now(),
    }),
    createServer: (listener) => createHttpServer({ listener, publicUrl: config.publicUrl, nextId }),
    complete(rest) {
      behind = rest;
    },
  };
}
