import { Gauge, type Registry } from 'prom-client';
import type { Scorecard } from '../moderation/scorecards.ts';

/** The store is asked for all sites: not at every look of every Prometheus. */
const KEPT_MS = 60_000;

const RESULTS = ['held', 'spam', 'rejected', 'decided', 'overturned'] as const;

/** The last answer for a while; one call at a time. The store away: nothing. */
function kept(read: () => Promise<Scorecard[]>): () => Promise<Scorecard[]> {
  let last: { at: number; answer: Promise<Scorecard[]> } | null = null;
  return () => {
    const now = performance.now();
    if (last === null || now - last.at > KEPT_MS) {
      const answer = read().catch(() => {
        last = null;
        return [];
      });
      last = { at: now, answer };
    }
    return last.answer;
  };
}

/** Adds how well phases and filters do. */
export function addPhaseMetrics(registry: Registry, read: () => Promise<Scorecard[]>): void {
  const scorecards = kept(read);
  const registers = [registry];
  new Gauge({
    name: 'gatehouse_phase_comments',
    help: 'Comments of the last 24 hours, of all sites and instances, by what a phase or filter said of them (held, spam, rejected) and what people made of that (decided, overturned). At most a minute old.',
    labelNames: ['phase', 'result'] as const,
    registers,
    async collect() {
      const cards = await scorecards();
      this.reset();
      for (const card of cards)
        for (const result of RESULTS) this.set({ phase: card.phase, result }, card[result]);
    },
  });
  new Gauge({
    name: 'gatehouse_phase_p95_seconds',
    help: 'How long nineteen of twenty runs took at most: of a phase the last ones in this process, of a filter its answers of the last 24 hours, about.',
    labelNames: ['phase'] as const,
    registers,
    async collect() {
      const cards = await scorecards();
      this.reset();
      for (const { phase, p95Ms } of cards) if (p95Ms !== null) this.set({ phase }, p95Ms / 1000);
    },
  });
}
