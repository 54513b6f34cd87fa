import { createAnswerCounts } from '../../src/http/answer-counts.ts';
import { createMetrics } from '../../src/http/metrics.ts';

/** What monitoring is told while the store is away. */
let isAway = false;
const asked = async <T>(answer: T): Promise<T> => {
  if (isAway) throw new Error('the store is away');
  return answer;
};

const metrics = createMetrics({
  counts: createAnswerCounts(),
  ready: () => asked(undefined),
  rateLimitsOff: false,
  listeners: () => 3,
  filters: async () => [],
  scorecards: () => asked([]),
  deliveries: {
    tallies: { delivered: 1, failed: 2, dead: 0 },
    depth: () => asked({ waiting: 7, oldestAt: Date.now() - 60_000 }),
  },
  mail: { tallies: { sent: 4, failed: 0, dead: 0, dropped: 0 }, waiting: () => asked(5) },
});

/** Name and value of the figures without labels. */
async function figures(): Promise<Record<string, number>> {
  const { text } = await metrics.render();
  return Object.fromEntries(
    [...text.matchAll(/^(gatehouse_\w+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
}

test('while the store is away the process goes on to tell what it knows, and of the store that it is away', async () => {
  const waiting = { gatehouse_webhook_waiting: 7, gatehouse_mail_waiting: 5 };
  expect(await figures()).toMatchObject({
    ...waiting,
    gatehouse_store_ready: 1,
    gatehouse_live_listeners: 3,
  });
  isAway = true;
  const away = await figures();
  expect(away).toMatchObject({ gatehouse_store_ready: 0, gatehouse_live_listeners: 3 });
  expect(Object.keys(away).filter((name) => /waiting/.test(name))).toEqual([]);
  const { text } = await metrics.render();
  expect(text).toContain('gatehouse_webhook_tries_total{result="failed"} 2');
  expect(text).toContain('process_cpu_seconds_total');
  isAway = false;
  expect(await figures()).toMatchObject({ ...waiting, gatehouse_store_ready: 1 });
});

test('how long the oldest has waited is of the same moment as how many wait', async () => {
  const { gatehouse_webhook_oldest_waiting_seconds: oldest } = await figures();
  expect(oldest).toBeGreaterThanOrEqual(60);
  expect(oldest).toBeLessThan(70);
});
