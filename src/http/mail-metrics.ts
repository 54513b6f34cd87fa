import { Counter, type Registry } from 'prom-client';
import { addStoreGauge } from './store-gauge.ts';

/** What mail is doing. */
export interface MailFigures {
  /** What became of tries by this process. */
  tallies: Readonly<Record<'sent' | 'failed' | 'dead' | 'dropped', number>>;
  /** Mails that wait in the store, for every instance. */
  waiting(): Promise<number>;
}

export function addMailMetrics(registry: Registry, { tallies, waiting }: MailFigures): void {
  new Counter({
    name: 'gatehouse_mail_tries_total',
    help: 'Mails by this process, by what became of a try: sent, failed (and to be tried again), dead, dropped (nothing was left to tell).',
    labelNames: ['result'] as const,
    registers: [registry],
    collect() {
      this.reset();
      for (const result of ['sent', 'failed', 'dead', 'dropped'] as const) {
        this.inc({ result }, tallies[result]);
      }
    },
  });
  addStoreGauge(registry, {
    name: 'gatehouse_mail_waiting',
    help: 'Mails that wait, summaries that are not due yet among them, counted up to 10,000.',
    read: waiting,
    figure: (count) => count,
  });
}
