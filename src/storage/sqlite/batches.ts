import type { Batch, BatchOutcome, BatchProgress, BatchStore } from '../../moderation/batch-store.ts';
import type { Connections } from './comments.ts';
import type { BatchRow } from './operations/batches.ts';

export interface SqliteBatchStore extends BatchStore {
  /** Says that this process works on a batch that begins with another write. */
  hold(batch: Batch): void;
}

/**
 * BatchStore on SQLite. The folder's lock proves that no other process is at work: whose a batch is stands
 * in memory, and what an earlier process left open is nobody's.
 */
export function createBatchStore({ db, commits }: Connections): SqliteBatchStore {
  const byId = db.prepare<[string], BatchRow>('SELECT id, plan, progress FROM batches WHERE id = ?');
  const open = db.prepare<[], string>(openBatchesSql()).pluck();
  const part = db
    .prepare<[string, number], string>('SELECT outcomes FROM batch_parts WHERE batch_id = ? AND number = ?')
    .pluck();
  const parts = db.prepare<[string], string>(batchPartsSql()).pluck();
  const held = new Set<string>();

  function find(id: string): Batch | null {
    const row = byId.get(id);
    return row ? batchOf(row) : null;
  }

  const hold = ({ id, state }: Batch): void => {
    if (state === 'open') held.add(id);
  };

  return {
    hold,
    async begin(batch) {
      hold(batch);
      await commits.execute('beginBatch', batch);
    },
    find: async (id) => find(id),
    async part(id, number) {
      const outcomes = part.get(id, number);
      return outcomes === undefined ? null : (JSON.parse(outcomes) as BatchOutcome[]);
    },
    outcomes: async (id) => parts.all(id).flatMap((outcomes) => JSON.parse(outcomes) as BatchOutcome[]),
    async advance(id, step) {
      const advanced = await commits.execute('advanceBatch', { id, step });
      if (!advanced || step.progress.state === 'done') held.delete(id);
      return advanced;
    },
    async takeOver(id) {
      const left = open.all().find((one) => !held.has(one) && (id === undefined || one === id));
      if (left === undefined) return null;
      held.add(left);
      return find(left);
    },
    async release(id) {
      held.delete(id);
    },
  };
}

export function openBatchesSql(): string {
  return 'SELECT id FROM batches INDEXED BY batches_open WHERE open = 1 ORDER BY id';
}

/** Binds the batch. */
export function batchPartsSql(): string {
  return 'SELECT outcomes FROM batch_parts WHERE batch_id = ? ORDER BY number';
}

function batchOf({ id, plan, progress }: BatchRow): Batch {
  return {
    id,
    ...(JSON.parse(plan) as Omit<Batch, 'id' | keyof BatchProgress>),
    ...(JSON.parse(progress) as BatchProgress),
  };
}
