import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Scorecard } from '../moderation/scorecards.ts';
import type { AnswerCounts } from './answer-counts.ts';
import { addFilterMetrics, type FilterFigures } from './filter-metrics.ts';
import { addMailMetrics, type MailFigures } from './mail-metrics.ts';
import { addPhaseMetrics } from './phase-metrics.ts';
import { addRetentionMetrics, type RetentionFigures } from './retention-metrics.ts';
import { addStoreGauge } from './store-gauge.ts';

/** What `GET /metrics` shows. Labels carry routes as the table writes them, never addresses or URLs. */
export interface Metrics {
  /** The whole, as Prometheus reads it. */
  render(): Promise<{ contentType: string; text: string }>;
}

/** Seconds: a kept answer to a slow import. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** What webhooks are doing. */
export interface DeliveryFigures {
  /** Ends of tries by this process. */
  tallies: Readonly<Record<'delivered' | 'failed' | 'dead', number>>;
  /** What waits in the store, for every instance. */
  depth(): Promise<{ waiting: number; oldestAt: number | null }>;
}

export interface MetricsOptions {
  counts: AnswerCounts;
  /** Rejects while the store can't be read and written. */
  ready(): Promise<void>;
  rateLimitsOff: boolean;
  /** How many live streams are open. */
  listeners(): number;
  filters(): Promise<FilterFigures[]>;
  /** What phases and filters said of the last day's comments, and what people made of that. */
  scorecards(): Promise<Scorecard[]>;
  deliveries?: DeliveryFigures | undefined;
  /** Missing where no mail goes out. */
  mail?: MailFigures | undefined;
  retention?: RetentionFigures | undefined;
}

function addDeliveries(registry: Registry, { tallies, depth }: DeliveryFigures): void {
  const registers = [registry];
  new Counter({
    name: 'gatehouse_webhook_tries_total',
    help: 'Tries of deliveries by this process, by what became of them: delivered, failed (and to be tried again), dead.',
    labelNames: ['result'] as const,
    registers,
    collect() {
      this.reset();
      for (const result of ['delivered', 'failed', 'dead'] as const) this.inc({ result }, tallies[result]);
    },
  });
  let asking: ReturnType<typeof depth> | null = null;
  // Both figures are asked for at once, and are of one answer.
  const read = () => {
    asking ??= depth().finally(() => {
      asking = null;
    });
    return asking;
  };
  addStoreGauge(registry, {
    name: 'gatehouse_webhook_oldest_waiting_seconds',
    help: 'How long the oldest delivery that waits has waited; 0 where none does.',
    read,
    figure: ({ oldestAt }) => (oldestAt === null ? 0 : Math.max(0, Date.now() - oldestAt) / 1000),
  });
  addStoreGauge(registry, {
    name: 'gatehouse_webhook_waiting',
    help: 'Deliveries that wait, counted up to 10,000.',
    read,
    figure: ({ waiting }) => waiting,
  });
}

export function createMetrics(options: MetricsOptions): Metrics {
  const { counts, ready, rateLimitsOff, listeners, filters, scorecards, deliveries, mail, retention } =
    options;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['route', 'method', 'status'] as const;
  const requests = new Counter({
    name: 'gatehouse_http_requests_total',
    help: 'Answers, by route, method and status.',
    labelNames,
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'gatehouse_http_request_duration_seconds',
    help: 'How long answers took that were not served from kept bytes, by route.',
    labelNames: ['route'] as const,
    buckets: BUCKETS,
    registers: [registry],
  });
  new Gauge({
    name: 'gatehouse_rate_limits_off',
    help: '1 while RATE_LIMITS=off: nothing is limited.',
    registers: [registry],
  }).set(rateLimitsOff ? 1 : 0);
  new Gauge({
    name: 'gatehouse_store_ready',
    help: '1 while the store can be read and written, as /readyz finds out; else 0.',
    registers: [registry],
    async collect() {
      this.set(
        await ready().then(
          () => 1,
          () => 0,
        ),
      );
    },
  });
  new Gauge({
    name: 'gatehouse_live_listeners',
    help: 'Open streams of GET /v1/moderation/events.',
    registers: [registry],
    collect() {
      this.set(listeners());
    },
  });

  addFilterMetrics(registry, filters);
  addPhaseMetrics(registry, scorecards);
  if (deliveries) addDeliveries(registry, deliveries);
  if (mail) addMailMetrics(registry, mail);
  if (retention) addRetentionMetrics(registry, retention);
  counts.flowTo((route, seconds) => durations.observe({ route }, seconds));

  return {
    async render() {
      for (const { count, route, method, status } of counts.take()) {
        requests.inc({ route, method, status }, count);
      }
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}
