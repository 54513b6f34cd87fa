import type { NewRequest } from '../../../src/requests/idempotency-store.ts';
import { ABANDONED_AFTER, KEPT_FOR } from '../../../src/requests/idempotency-store.ts';
import { CLOCKS_DIFFER_MS } from '../../../src/requests/limit-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshSite } from '../../support/builders.ts';

/** Idempotency keys and rate limits. `now` is the store's clock. */
export function requestsContract(store: () => Storage, now: () => number): void {
  const request = (rest: Partial<NewRequest> = {}): NewRequest => ({
    fingerprint: 'fingerprint',
    plan: 'sealed plan',
    owner: 'process-1',
    at: now(),
    ...rest,
  });

  describe('an idempotency key', () => {
    it('is taken once, and tells whoever comes later what is known of it', async () => {
      const key = freshSite();
      const first = request();
      expect(await store().idempotency.find(key)).toBeNull();
      expect(await store().idempotency.begin(key, first)).toEqual({ begun: true });
      const kept = { ...first, answer: null };
      expect(await store().idempotency.begin(key, request({ fingerprint: 'other' }))).toEqual({
        begun: false,
        kept,
      });
      expect(await store().idempotency.find(key)).toEqual(kept);
      await store().idempotency.finish(key, 'sealed answer');
      expect(await store().idempotency.find(key)).toEqual({ ...first, answer: 'sealed answer' });
    });

    it('of ten requests at once is taken by one', async () => {
      const key = freshSite();
      const results = await Promise.all(
        Array.from({ length: 10 }, (_, i) => store().idempotency.begin(key, request({ plan: `${i}` }))),
      );
      const plans = results.flatMap((result, i) => (result.begun ? [`${i}`] : []));
      expect(plans).toHaveLength(1);
      for (const result of results) if (!result.begun) expect(result.kept.plan).toBe(plans[0]);
    });

    it('is free again once forgotten', async () => {
      const key = freshSite();
      await store().idempotency.begin(key, request());
      await store().idempotency.forget(key);
      expect(await store().idempotency.find(key)).toBeNull();
      expect(await store().idempotency.begin(key, request())).toEqual({ begun: true });
    });

    it('is unknown and free again after its day', async () => {
      const key = freshSite();
      await store().idempotency.begin(key, request({ at: now() - KEPT_FOR - 1 }));
      expect(await store().idempotency.find(key)).toBeNull();
      const anew = request({ plan: 'new plan' });
      expect(await store().idempotency.begin(key, anew)).toEqual({ begun: true });
      expect(await store().idempotency.find(key)).toEqual({ ...anew, answer: null });
    });

    it('of a request that was left behind is taken over by one', async () => {
      const key = freshSite();
      const first = request({ owner: 'dead', at: now() - ABANDONED_AFTER });
      await store().idempotency.begin(key, first);
      const takers = ['process-2', 'process-3', 'process-3', 'process-4'];
      const won = await Promise.all(
        takers.map((owner) => store().idempotency.takeOver(key, owner, `plan of ${owner}`, now())),
      );
      expect(won.filter(Boolean)).toHaveLength(1);
      const owner = takers[won.indexOf(true)] ?? '';
      expect(await store().idempotency.find(key)).toEqual({
        ...first,
        owner,
        plan: `plan of ${owner}`,
        at: now(),
        answer: null,
      });
    });

    it('of a request of a clock that was set back since is taken over', async () => {
      const [ahead, alike] = [freshSite(), freshSite()];
      await store().idempotency.begin(ahead, request({ owner: 'dead', at: now() + CLOCKS_DIFFER_MS + 1 }));
      await store().idempotency.begin(alike, request({ owner: 'dead', at: now() + CLOCKS_DIFFER_MS }));
      expect(await store().idempotency.takeOver(ahead, 'process-2', 'plan', now())).toBe(true);
      expect(await store().idempotency.takeOver(alike, 'process-2', 'plan', now())).toBe(false);
    });

    it('can not be taken over while it runs, once it was answered, or where it is unknown', async () => {
      const [running, answered] = [freshSite(), freshSite()];
      await store().idempotency.begin(running, request({ at: now() - ABANDONED_AFTER + 1 }));
      await store().idempotency.begin(answered, request({ at: now() - ABANDONED_AFTER }));
      await store().idempotency.finish(answered, 'sealed');
      for (const key of [running, answered, freshSite()]) {
        expect(await store().idempotency.takeOver(key, 'process-2', 'plan', now())).toBe(false);
      }
    });
  });

  describe('a limit', () => {
    it('counts hits in a window and begins anew when it has ended', async () => {
      const key = freshSite();
      const start = now();
      expect(await store().limits.hit(key, 1000, start)).toEqual({ hits: 1, resetAt: start + 1000 });
      expect(await store().limits.hit(key, 1000, start + 999)).toEqual({ hits: 2, resetAt: start + 1000 });
      expect(await store().limits.hit(key, 1000, start + 1000)).toEqual({ hits: 1, resetAt: start + 2000 });
      expect(await store().limits.hit(`${key} other`, 1000, start)).toMatchObject({ hits: 1 });
    });

    it('begins anew where the clock was set back, and not where two clocks differ by a little', async () => {
      const key = freshSite();
      const hour = 3_600_000;
      const start = now();
      await store().limits.hit(key, 60_000, start);
      expect(await store().limits.hit(key, 60_000, start - 30_000)).toEqual({
        hits: 2,
        resetAt: start + 60_000,
      });
      const back = start - hour;
      expect(await store().limits.hit(key, 60_000, back)).toEqual({ hits: 1, resetAt: back + 60_000 });
      expect(await store().limits.hit(key, 60_000, back)).toMatchObject({ hits: 2 });
    });

    it('counts each of many hits at once', async () => {
      const key = freshSite();
      const start = now();
      const hits = await Promise.all(
        Array.from({ length: 40 }, () => store().limits.hit(key, 60_000, start)),
      );
      expect(hits.map((hit) => hit.hits).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 40 }, (_, i) => i + 1),
      );
    });
  });
}
