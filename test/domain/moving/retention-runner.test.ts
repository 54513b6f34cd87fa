import { createIdSource } from '../../../src/ids.ts';
import { createRetentionRunner, SWEEP_EVERY } from '../../../src/moving/retention-runner.ts';
import { type OpenedStore, openStore } from '../../support/stores.ts';
import { until } from '../../support/until.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const DAY = 24 * SWEEP_EVERY;

let store: OpenedStore;
beforeEach(async () => {
  store = await openStore();
});
afterEach(() => store.dispose());

/** Whether a runner that starts now sweeps, where the last sweep ended at that moment. */
async function sweepsAfter(sweptAt: number): Promise<boolean> {
  const { storage } = store;
  await storage.retention.setMark('swept', String(sweptAt));
  let looks = 0;
  const retention = {
    ...storage.retention,
    release: () => {
      looks += 1;
      return storage.retention.release();
    },
  };
  const runner = createRetentionRunner(
    { ...storage, retention, ids: createIdSource(), clock: { now: () => NOW } },
    {
      report(error) {
        throw error;
      },
    },
  );
  runner.start();
  await until('the first look', () => looks > 0);
  await runner.stop();
  return runner.tallies.sweptAt === NOW;
}

test('a sweep comes an hour after the last one, and not before', async () => {
  expect(await sweepsAfter(NOW - SWEEP_EVERY + 1)).toBe(false);
  expect(await sweepsAfter(NOW - SWEEP_EVERY)).toBe(true);
});

test('instances whose clocks differ a little sweep no more often', async () => {
  expect(await sweepsAfter(NOW + 1000)).toBe(false);
});

test('a sweep under a clock that was ahead and has been set back puts none off until that time', async () => {
  expect(await sweepsAfter(NOW + DAY)).toBe(true);
});
