import type { mongo } from 'mongoose';
import type { Audited } from '../../moderation/audit.ts';
import { type Acting, type AuditDoc, auditDocOf, WAITING_ACTS } from './acting.ts';
import { type Database, DURABLE, RELAXED } from './database.ts';
import { insertOnce } from './fold-events.ts';

/** The collections whose documents carry acts. */
const CARRIERS = [
  'sites',
  'tokens',
  'moderators',
  'wordlists',
  'filters',
  'webhooks',
  'deliveries',
  'aliases',
  'pages',
  'standings',
  'identity-secrets',
] as const;
export type Carrier = (typeof CARRIERS)[number];

type ActingDoc = Acting & { _id: string };

/** The way of acts from the documents they changed into the audit. */
export interface Acts {
  /** Hands the act on that has just been written into the document. */
  tell(carrier: Carrier, id: string, audited: Audited | undefined): Promise<void>;
  /** Removes the document by an act; false where there is none, or another is removing it. */
  remove(carrier: Carrier, id: string, audited: Audited | undefined): Promise<boolean>;
  /** Hands on all that the document carries, and removes it where it is going. */
  settle(carrier: Carrier, id: string): Promise<void>;
  /** Hands on what a crash left in documents, and ends the removals it cut off. */
  sweep(): Promise<void>;
}

export function createActs(
  { connection, audit }: Pick<Database, 'connection' | 'audit'>,
  failpoint: (name: string) => Promise<void> | void,
): Acts {
  const open = (carrier: Carrier): mongo.Collection<ActingDoc> => connection.collection<ActingDoc>(carrier);

  async function handOn(carrier: Carrier, _id: string, acts: AuditDoc[]): Promise<void> {
    await failpoint('act: written');
    await insertOnce(audit, acts);
    await failpoint('act: in the audit');
    const told = acts.map((act) => act._id);
    const left = {
      $filter: { input: '$acts', cond: { $not: [{ $in: ['$$this._id', { $literal: told }] }] } },
    };
    await open(carrier).updateOne(
      { _id, 'acts._id': { $in: told } },
      [
        { $set: { acts: left } },
        { $set: { acts: { $cond: [{ $eq: ['$acts', []] }, '$$REMOVE', '$acts'] } } },
      ],
      { writeConcern: RELAXED },
    );
  }

  async function settle(carrier: Carrier, { _id, acts = [], going }: ActingDoc): Promise<void> {
    if (acts.length > 0) await handOn(carrier, _id, acts);
    if (going) await open(carrier).deleteOne({ _id, going }, { writeConcern: DURABLE });
  }

  return {
    async tell(carrier, id, { act } = {}) {
      if (act) await handOn(carrier, id, [auditDocOf(act)]);
    },
    async remove(carrier, _id, { act } = {}) {
      const options = { writeConcern: DURABLE };
      if (!act) return (await open(carrier).deleteOne({ _id }, options)).deletedCount > 0;
      const acts = [auditDocOf(act)];
      const marked = await open(carrier).updateOne(
        { _id, going: { $exists: false } },
        { $set: { going: true }, $push: { acts: { $each: acts } } },
        options,
      );
      if (marked.matchedCount === 0) return false;
      await settle(carrier, { _id, acts, going: true });
      return true;
    },
    async settle(carrier, id) {
      const doc = await open(carrier).findOne({ _id: id }, { projection: { acts: 1, going: 1 } });
      if (doc) await settle(carrier, doc);
    },
    async sweep() {
      for (const carrier of CARRIERS) {
        const { filter, hint } = WAITING_ACTS;
        const left = open(carrier)
          .find(filter, { projection: { acts: 1, going: 1 } })
          .hint(hint);
        for (const doc of await left.toArray()) await settle(carrier, doc);
      }
    },
  };
}
