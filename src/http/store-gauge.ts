import { Gauge, type Registry } from 'prom-client';

export interface StoreGauge<Answer> {
  name: string;
  help: string;
  /** Asks the store. */
  read(): Promise<Answer>;
  /** The figure in its answer. */
  figure(answer: Answer): number;
}

/**
 * Adds a figure that the store is asked for whenever Prometheus asks. While the store is away it has no value, which is
 * told from zero, and everything else is shown all the same.
 */
export function addStoreGauge<Answer>(
  registry: Registry,
  { name, help, read, figure }: StoreGauge<Answer>,
): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    async collect() {
      try {
        this.set(figure(await read()));
      } catch {
        this.remove();
      }
    },
  });
}
