import { Gauge, type Registry } from 'prom-client';
import type { FilterHealth } from '../filters/health.ts';

/** How an outside filter fares, by the name its admin gave it. */
export interface FilterFigures {
  name: string;
  health: FilterHealth;
}

/** What is shown of each filter, and what it is. */
const OF_FILTERS: [name: string, help: string, value: (health: FilterHealth) => number][] = [
  [
    'gatehouse_filter_questions',
    'Questions that this process has put to an outside filter.',
    ({ asked }) => asked,
  ],
  [
    'gatehouse_filter_failures',
    'Questions to an outside filter that this process got no answer to.',
    ({ failed }) => failed,
  ],
  [
    'gatehouse_filter_circuit_open',
    '1 while an outside filter is left in peace since it failed again and again.',
    ({ state }) => Number(state !== 'closed'),
  ],
  [
    'gatehouse_filter_p95_seconds',
    'How long nineteen of twenty of its last answers took at most.',
    ({ p95Ms }) => (p95Ms ?? 0) / 1000,
  ],
];

/** Adds what is known of filters whenever Prometheus asks. */
export function addFilterMetrics(registry: Registry, figures: () => Promise<FilterFigures[]>): void {
  for (const [name, help, value] of OF_FILTERS) {
    new Gauge({
      name,
      help,
      labelNames: ['filter'] as const,
      registers: [registry],
      async collect() {
        this.reset();
        for (const { name: filter, health } of await figures()) this.set({ filter }, value(health));
      },
    });
  }
}
