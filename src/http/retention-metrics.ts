import { Counter, Gauge, type Registry } from 'prom-client';
import { FADING, type FadingStatus } from '../moving/retention-store.ts';

/** What this process has taken away because it is kept no longer. */
export interface RetentionFigures {
  readonly comments: Readonly<Record<FadingStatus, number>>;
  readonly addresses: number;
  readonly auditEntries: number;
  /** When a sweep of all sites last ended in this process; null before. */
  readonly sweptAt: number | null;
}

/** Adds what retention has done whenever Prometheus asks. */
export function addRetentionMetrics(registry: Registry, figures: RetentionFigures): void {
  const registers = [registry];
  new Counter({
    name: 'gatehouse_retention_comments_total',
    help: 'Comments that this process has taken away because the site keeps those of the status no longer.',
    labelNames: ['status'] as const,
    registers,
    collect() {
      this.reset();
      for (const status of FADING) this.inc({ status }, figures.comments[status]);
    },
  });
  const counters = [
    ['gatehouse_retention_addresses_total', 'E-mail addresses', 'addresses'],
    ['gatehouse_retention_audit_entries_total', 'Entries of the audit', 'auditEntries'],
  ] as const;
  for (const [name, what, figure] of counters) {
    new Counter({
      name,
      help: `${what} that this process has taken away because the site keeps them no longer.`,
      registers,
      collect() {
        this.reset();
        this.inc(figures[figure]);
      },
    });
  }
  new Gauge({
    name: 'gatehouse_retention_last_sweep_timestamp_seconds',
    help: 'When a sweep of all sites last ended in this process, since 1970; 0 where none has.',
    registers,
    collect() {
      this.set((figures.sweptAt ?? 0) / 1000);
    },
  });
}
