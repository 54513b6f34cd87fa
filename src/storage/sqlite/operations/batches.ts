import type { Database } from 'better-sqlite3';
import type { Batch, BatchProgress, BatchStep } from '../../../moderation/batch-store.ts';
import type { BatchContext } from './batch-context.ts';

/** A batch of decisions as its row has it. */
export interface BatchRow {
  id: string;
  plan: string;
  progress: string;
}

const openness = ({ state }: BatchProgress): number => Number(state === 'open');

/** Keeps a batch that begins. */
export function createBatchWriter(db: Database): (batch: Batch) => void {
  const insert = db.prepare<[string, number, string, string]>(
    'INSERT INTO batches (id, open, plan, progress) VALUES (?, ?, ?, ?)',
  );
  return (batch) => {
    const { id, at, by, sites, task, ...progress } = batch;
    insert.run(id, openness(batch), JSON.stringify({ at, by, sites, task }), JSON.stringify(progress));
  };
}

/** The operations behind BatchStore. (A batch of decisions; not of the writer's calls.) */
export function createBatches(db: Database) {
  const begin = createBatchWriter(db);
  const progressOf = db
    .prepare<[string], string>('SELECT progress FROM batches WHERE id = ? AND open = 1')
    .pluck();
  const keep = db.prepare<[string, number, string]>('INSERT INTO batch_parts VALUES (?, ?, ?)');
  const goOn = db.prepare<[number, string, string]>('UPDATE batches SET open = ?, progress = ? WHERE id = ?');
  const forgetNote = db.prepare<[string]>(
    "UPDATE batches SET plan = json_replace(plan, '$.task.note', NULL) WHERE id = ?",
  );

  return {
    beginBatch(_: BatchContext, batch: Batch): void {
      begin(batch);
    },
    /** False where it is not at the part before. */
    advanceBatch(_: BatchContext, { id, step }: { id: string; step: BatchStep }): boolean {
      const { outcomes, progress } = step;
      const stored = progressOf.get(id);
      if (stored === undefined || (JSON.parse(stored) as BatchProgress).part !== progress.part - 1)
        return false;
      keep.run(id, progress.part - 1, JSON.stringify(outcomes));
      goOn.run(openness(progress), JSON.stringify(progress), id);
      if (progress.state === 'done') forgetNote.run(id);
      return true;
    },
  };
}
