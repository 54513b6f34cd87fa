import type { Server } from 'node:http';
import type { Deps } from '../deps.ts';
import { recentScorecards } from '../moderation/scorecards.ts';
import type { Importer } from '../moving/importer.ts';
import type { Setup } from '../staff/setup.ts';
import { type Core, type CoreParts, createCore } from './core.ts';
import { createDashboardFiles } from './dashboard-files.ts';
import { groupByPath } from './dispatch.ts';
import { createEventStreams } from './event-streams.ts';
import { createFront } from './front.ts';
import type { MailFigures } from './mail-metrics.ts';
import { createMetrics, type DeliveryFigures } from './metrics.ts';
import type { RetentionFigures } from './retention-metrics.ts';
import type { Route } from './route.ts';
import { createRouter } from './router.ts';
import type { Listener } from './server.ts';
import { trustFrom } from './trust.ts';

export interface BehindParts {
  /** The route table; `routeTable()` but for tests of the pipeline alone. */
  routes: readonly Route[];
  importer: Importer;
  /** The first admin's way in, where there is none yet. */
  setup?: Setup | null;
  /** What becomes of deliveries, for the metrics. */
  deliveries?: DeliveryFigures;
  /** What becomes of mail, likewise; missing where none goes out. */
  mail?: MailFigures | undefined;
  /** What retention has taken away, for the metrics. */
  retention?: RetentionFigures;
}

/** Everything but the core: the way of every request, and the end of those that never end by themselves. */
export interface WholeApp {
  listener: Listener;
  /** Ends the live streams, which never end by themselves. */
  endStreams(): void;
}

export interface HttpApp extends WholeApp {
  /** A server with the contract's limits around the listener; not listening yet. */
  createServer(): Server;
}

export type AppParts = Omit<CoreParts, 'trusts'> & BehindParts;

/** Those that this process has asked; none where the store is away. */
async function filterFigures({ filters, filterHealths }: Deps) {
  const known = new Set(filterHealths.known());
  const all = await filters.all().catch(() => []);
  return all
    .filter(({ id }) => known.has(id))
    .map(({ id, name }) => ({ name, health: filterHealths.of(id) }));
}

/** Brings to a core all that it can do without at first. */
export function completeCore(core: Core, coreParts: CoreParts, parts: BehindParts): WholeApp {
  const { deps, config, log, ready } = coreParts;
  const { routes, importer, setup = null } = parts;
  const streams = createEventStreams(deps, log);
  core.complete({
    routes,
    streams,
    importer,
    setup,
    metrics: createMetrics({
      counts: core.counts,
      ready,
      rateLimitsOff: config.rateLimits.off,
      listeners: () => streams.count(),
      filters: () => filterFigures(deps),
      scorecards: () => recentScorecards(deps),
      deliveries: parts.deliveries,
      mail: parts.mail,
      retention: parts.retention,
    }),
    dashboard: createDashboardFiles({
      folder: config.dashboardDir,
      https: config.publicUrl.startsWith('https:'),
      mails: deps.post !== null,
    }),
  });
  const groups = groupByPath(routes);
  const router = createRouter(groups, core);
  return {
    listener: config.hotPaths ? createFront({ core, groups, router, log }) : router,
    endStreams: streams.end,
  };
}

/** The whole HTTP side of Gatehouse as one listener. */
export function createApp(parts: AppParts): HttpApp {
  const coreParts: CoreParts = { ...parts, trusts: trustFrom(parts.config.trustProxy) };
  const core = createCore(coreParts);
  const whole = completeCore(core, coreParts, parts);
  return { ...whole, createServer: () => core.createServer(whole.listener) };
}
