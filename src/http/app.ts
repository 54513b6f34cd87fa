import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import express from 'express';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { recentScorecards } from '../moderation/scorecards.ts';
import type { Importer } from '../moving/importer.ts';
import type { IdempotencyStore } from '../requests/idempotency-store.ts';
import type { LimitStore } from '../requests/limit-store.ts';
import { authenticate } from '../staff/principal.ts';
import { authenticateSession } from '../staff/sessions.ts';
import type { Setup } from '../staff/setup.ts';
import type { TrustsProxy } from './client-address.ts';
import { createDashboardFiles } from './dashboard-files.ts';
import type { PathGroup } from './dispatch.ts';
import { createDispatcher, groupByPath } from './dispatch.ts';
import { createEventStreams } from './event-streams.ts';
import { createFront, type Listener } from './front.ts';
import type { PublicChange } from './hot-reads.ts';
import { createHotReads } from './hot-reads.ts';
import type { HttpConfig } from './http-config.ts';
import { createIdempotency } from './idempotency.ts';
import type { Doorkeeper } from './identify.ts';
import type { Logger } from './logger.ts';
import type { MailFigures } from './mail-metrics.ts';
import { createMetrics, type DeliveryFigures } from './metrics.ts';
import { createOrigins } from './origins.ts';
import { createRateLimiter } from './rate-limits.ts';
import { createRequestIds } from './request-id.ts';
import type { Exchange } from './respond.ts';
import type { RetentionFigures } from './retention-metrics.ts';
import type { App, Route } from './route.ts';
import { captureSecurityHeaders } from './security-headers.ts';
import { createHttpServer } from './server.ts';
import { createSharedAnswer } from './shared-answer.ts';

export interface AppParts {
  deps: Deps;
  /** The route table; `routeTable()` but for tests of the pipeline alone. */
  routes: readonly Route[];
  importer: Importer;
  /** The first admin's way in, where there is none yet. */
  setup?: Setup | null;
  idempotency: IdempotencyStore;
  limits: LimitStore;
  config: HttpConfig;
  log: Logger;
  /** This process, by a name no other has. */
  owner: string;
  /** Rejects while the store can't be read and written. */
  ready(): Promise<void>;
  /** What becomes of deliveries, for the metrics. */
  deliveries?: DeliveryFigures;
  /** What becomes of mail, likewise; missing where none goes out. */
  mail?: MailFigures | undefined;
  /** What retention has taken away, for the metrics. */
  retention?: RetentionFigures;
  /** Tells of every change that may alter a public answer. */
  onInvalidation(listener: (change: PublicChange) => void): void;
}

export interface HttpApp {
  listener: Listener;
  /** A server with the contract's limits around the listener; not listening yet. */
  createServer(): Server;
  /** Ends the live streams, which never end by themselves. */
  endStreams(): void;
}

const originOfUrl = (url: string): string => new URL(url).origin;

function createRouter(
  groups: PathGroup[],
  take: (group: PathGroup, request: express.Request, response: express.Response) => void,
) {
  const router = express.Router({ caseSensitive: true });
  for (const group of groups) {
    router.all(group.path.replace(/\{(\w+)\}/g, ':$1'), (request, response) =>
      take(group, request, response),
    );
  }
  return router;
}

/** Whom to believe about a client's address, compiled by Express from TRUST_PROXY. */
function trustFrom(trustProxy: HttpConfig['trustProxy']): TrustsProxy {
  const settings = express();
  settings.set('trust proxy', trustProxy);
  return settings.get('trust proxy fn') as TrustsProxy;
}

/** A look at who calls that leaves no trace. */
const quietly = (deps: Deps): Deps => ({
  ...deps,
  tokens: { ...deps.tokens, touch: () => undefined },
  staff: { ...deps.staff, touchSession: () => undefined },
});

const knows =
  (deps: Deps, { adminToken }: HttpConfig): Doorkeeper['authenticate'] =>
  (brought) =>
    'bearer' in brought
      ? authenticate(deps, brought.bearer, adminToken)
      : authenticateSession(deps, brought.session);

/** Those that this process has asked; none where the store is away. */
async function filterFigures({ filters, filterHealths }: Deps) {
  const known = new Set(filterHealths.known());
  const all = await filters.all().catch(() => []);
  return all
    .filter(({ id }) => known.has(id))
    .map(({ id, name }) => ({ name, health: filterHealths.of(id) }));
}

/** The whole HTTP side of Gatehouse as one listener. */
export function createApp(parts: AppParts): HttpApp {
  const { deps, config, log, routes } = parts;
  const nextId = createRequestIds();
  const security = captureSecurityHeaders({ https: config.publicUrl.startsWith('https:') });
  const metrics = createMetrics({
    rateLimitsOff: config.rateLimits.off,
    listeners: () => streams.count(),
    filters: () => filterFigures(deps),
    scorecards: () => recentScorecards(deps),
    deliveries: parts.deliveries,
    mail: parts.mail,
    retention: parts.retention,
  });
  const origins = createOrigins({
    sites: deps.sites,
    publicUrl: originOfUrl(config.publicUrl),
    dashboardOrigins: config.dashboardOrigins,
  });
  const limiter = createRateLimiter({
    store: parts.limits,
    keys: deps.keys,
    clock: deps.clock,
    settings: config.rateLimits,
  });
  const hot = createHotReads({ budget: config.keptAnswersBytes });
  const streams = createEventStreams(deps, log);
  parts.onInvalidation((change) => {
    hot.drop(change);
    if (change.kind === 'tokens') streams.checkSoon();
  });

  const idempotency = createIdempotency({
    store: parts.idempotency,
    keys: deps.keys,
    clock: deps.clock,
    log,
    owner: parts.owner,
  });
  const app: App = {
    deps,
    config,
    metrics,
    routes,
    streams,
    dashboard: createDashboardFiles({
      folder: config.dashboardDir,
      https: config.publicUrl.startsWith('https:'),
    }),
    importer: parts.importer,
    setup: parts.setup ?? null,
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
    limiter,
    origins,
    authenticate: knows(deps, config),
    lookUp: knows(quietly(deps), config),
    idempotency,
    trusts: trustFrom(config.trustProxy),
    fillOf: hot.fillOf,
  });

  const exchangeOf = (request: IncomingMessage, response: ServerResponse): Exchange => ({
    request,
    response,
    requestId: nextId(),
    begun: performance.now(),
  });

  const groups = groupByPath(routes);
  const router = express();
  router.disable('x-powered-by').disable('etag').set('query parser', false);
  router.use(
    createRouter(groups, (group, request, response) => {
      void dispatcher.dispatch(
        group,
        exchangeOf(request, response),
        request.params as Record<string, string>,
      );
    }),
  );
  router.use((request, response) => {
    void dispatcher.refuse(exchangeOf(request, response), new AppError('not-found'));
  });
  const onRouterError: express.ErrorRequestHandler = (error: unknown, request, response, _next) => {
    // Express refuses escapes in a path that can't be decoded; nothing else of ours runs inside it.
    const isEscape = error instanceof URIError;
    void dispatcher.refuse(
      exchangeOf(request, response),
      isEscape ? new AppError('malformed-url', { cause: error }) : error,
    );
  };
  router.use(onRouterError);
  const withServer = (listener: Listener): HttpApp => ({
    listener,
    createServer: () => createHttpServer({ listener, publicUrl: config.publicUrl, nextId }),
    endStreams: streams.end,
  });
  if (!config.hotPaths) return withServer(router);

  return withServer(createFront({ hot, dispatcher, groups, router, exchangeOf, nextId, metrics, log }));
}
