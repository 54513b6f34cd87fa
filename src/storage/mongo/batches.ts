import type { Batch, BatchOutcome, BatchStore } from '../../moderation/batch-store.ts';
import { BATCH_LEASE } from '../../moderation/batch-store.ts';
import { type Database, DURABLE } from './database.ts';
import type { BatchDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';

const batchOf = ({ _id, holder: _, until: __, ...rest }: BatchDoc): Batch => ({ id: _id, ...rest });
const partId = (batch: string, number: number): string => `${batch}/${number}`;
const NOBODYS = { holder: { $literal: '' }, until: new Date(0) };
/** An undo has none to begin with. */
const NO_NOTE = { 'task.note': { $cond: [{ $eq: ['$task.kind', 'undo'] }, '$$REMOVE', null] } };
const LEASED = { $add: ['$$NOW', BATCH_LEASE] };

export interface MongoBatches extends BatchStore {
  /** As `begin`, of a batch that may have begun already; then nothing changes. `nobodys`: whoever looks may take it over. */
  beginOnce(batch: Batch, whose: 'mine' | 'nobodys'): Promise<void>;
}

/**
 * BatchStore on MongoDB. What a part came to is a document of its own, written before the batch goes on; of
 * two instances that carry out one part, the first one's word stays, and only the holder goes on.
 */
export function createBatches(
  { batches, parts }: Pick<Database, 'batches' | 'parts'>,
  instance: string,
): MongoBatches {
  async function keepPart(batch: string, number: number, outcomes: BatchOutcome[]): Promise<void> {
    try {
      const doc = { _id: partId(batch, number), batch, number, outcomes };
      await parts.insertOne(doc, { writeConcern: DURABLE });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
  }

  const begun = (values: Omit<Batch, 'id'>, whose: 'mine' | 'nobodys' = 'mine') => {
    const held = { holder: { $literal: instance }, until: LEASED };
    return [{ $set: { ...literal(values), ...(whose === 'mine' ? held : NOBODYS) } }];
  };

  return {
    async begin({ id, ...rest }) {
      await batches.updateOne({ _id: id }, begun(rest), { upsert: true, writeConcern: DURABLE });
    },
    async beginOnce({ id, ...rest }, whose) {
      const missing = { _id: id, state: { $exists: false } };
      await batches
        .updateOne(missing, begun(rest, whose), { upsert: true, writeConcern: DURABLE })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
    },
    async find(id) {
      const doc = await batches.findOne({ _id: id });
      return doc ? batchOf(doc) : null;
    },
    async part(id, number) {
      return (await parts.findOne({ _id: partId(id, number) }))?.outcomes ?? null;
    },
    async outcomes(id) {
      const found = parts.find({ batch: id }).sort({ number: 1 }).hint('parts-of-batch');
      return (await found.toArray()).flatMap(({ outcomes }) => outcomes);
    },
    async advance(id, { outcomes, progress }) {
      const number = progress.part - 1;
      await keepPart(id, number, outcomes);
      const mine = { _id: id, holder: instance, part: number, state: 'open' as const };
      const { matchedCount } = await batches.updateOne(
        mine,
        [{ $set: { ...literal(progress), until: LEASED, ...(progress.state === 'done' && NO_NOTE) } }],
        { writeConcern: DURABLE },
      );
      return matchedCount === 1;
    },
    async takeOver(id) {
      const left = { state: 'open' as const, $expr: { $lte: ['$until', '$$NOW'] } };
      const doc = await batches.findOneAndUpdate(
        id === undefined ? left : { ...left, _id: id },
        [{ $set: { holder: { $literal: instance }, until: LEASED } }],
        { returnDocument: 'after', writeConcern: DURABLE },
      );
      return doc && batchOf(doc);
    },
    async release(id) {
      await batches.updateOne({ _id: id, holder: instance }, { $set: { until: new Date(0) } });
    },
  };
}

/** Values as they are: what people wrote must not be read as an expression. */
const literal = (values: object): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { $literal: value }]));
