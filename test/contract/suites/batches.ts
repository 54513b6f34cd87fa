import type { Batch, BatchItem, BatchProgress } from '../../../src/moderation/batch-store.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshId, freshSite, MODERATOR, tick } from '../../support/builders.ts';
import type { OpenedStore } from '../../support/stores.ts';

const items = (count: number): BatchItem[] =>
  Array.from({ length: count }, (_, i) => ({ id: `c${i}`, version: i % 2 ? 1 : null }));

function batch(rest: Partial<Batch> = {}): Batch {
  const at = tick();
  return {
    id: freshId(at),
    at,
    by: MODERATOR,
    sites: [freshSite()],
    task: { kind: 'items', action: 'spam', reason: 'spam', note: '$note — یادداشت' },
    state: 'open',
    part: 0,
    ahead: items(3),
    after: null,
    decided: 0,
    conflicts: 0,
    remaining: 0,
    ...rest,
  };
}

const progress = (rest: Partial<BatchProgress> = {}): BatchProgress => ({
  state: 'open',
  part: 1,
  ahead: items(2),
  after: { id: 'c9', at: 9 },
  decided: 2,
  conflicts: 1,
  remaining: 0,
  ...rest,
});

const outcomes = [
  { id: 'c0', status: 'spam' as const, version: 2 },
  { id: 'c1', refused: 'not-found' as const },
];

/** Batches: kept before they begin, carried out by one instance at a time, finished by any. */
export function batchesContract(opened: () => OpenedStore): void {
  const store = (): Storage => opened().storage;

  it('one is given back as it was begun, and none that was not', async () => {
    const one = batch();
    await store().batches.begin(one);
    expect(await store().batches.find(one.id)).toEqual(one);
    expect(await store().batches.find('none')).toBeNull();
    expect(await store().batches.part(one.id, 0)).toBeNull();
    expect(await store().batches.outcomes(one.id)).toEqual([]);
  });

  it('a match keeps its filter', async () => {
    const filter = '$sealed';
    const task = {
      kind: 'match',
      action: 'spam',
      reason: null,
      note: null,
      filter,
      limit: null,
      passOver: true,
    } as const;
    const one = batch({ task });
    await store().batches.begin(one);
    expect((await store().batches.find(one.id))?.task).toEqual(task);
  });

  it('it goes on part by part, each once, until it is done', async () => {
    const one = batch();
    await store().batches.begin(one);
    expect(await store().batches.advance(one.id, { outcomes, progress: progress() })).toBe(true);
    expect(await store().batches.find(one.id)).toEqual({ ...one, ...progress() });
    const other = [{ id: 'c0', status: 'trash' as const, version: 9 }];
    expect(await store().batches.advance(one.id, { outcomes: other, progress: progress() })).toBe(false);
    const done = progress({ state: 'done', part: 2, ahead: [], remaining: 7 });
    expect(await store().batches.advance(one.id, { outcomes: outcomes.slice(1), progress: done })).toBe(true);
    // What was noted stands with the comments, where an erasure finds it.
    const task = { ...one.task, note: null };
    expect(await store().batches.find(one.id)).toEqual({ ...one, ...done, task });
    expect(await store().batches.part(one.id, 0)).toEqual(outcomes);
    expect(await store().batches.outcomes(one.id)).toEqual([...outcomes, outcomes[1]]);
    expect(await store().batches.takeOver(one.id)).toBeNull();
    expect(await store().batches.advance(one.id, { outcomes, progress: progress({ part: 3 }) })).toBe(false);
  });

  it('an undo that is done is as it was begun', async () => {
    const one = batch({ task: { kind: 'undo', undoes: 'b1' } });
    await store().batches.begin(one);
    const done = progress({ state: 'done', ahead: [] });
    expect(await store().batches.advance(one.id, { outcomes, progress: done })).toBe(true);
    expect(await store().batches.find(one.id)).toEqual({ ...one, ...done });
  });

  it('nobody takes over what this instance works on, until it is given up', async () => {
    const one = batch();
    await store().batches.begin(one);
    expect(await store().batches.takeOver(one.id)).toBeNull();
    await store().batches.release(one.id);
    const takers = await Promise.all(Array.from({ length: 10 }, () => store().batches.takeOver(one.id)));
    expect(takers.filter((taken) => taken !== null)).toEqual([one]);
  });

  it('any that was given up is found', async () => {
    const [one, other] = [batch(), batch()];
    for (const each of [one, other]) await store().batches.begin(each);
    await store().batches.release(other.id);
    expect((await store().batches.takeOver())?.id).toBe(other.id);
    expect(await store().batches.takeOver()).toBeNull();
  });
}
