import type { mongo } from 'mongoose';
import type { Audited } from '../../moderation/audit.ts';
import type { Change } from '../storage.ts';
import { type Acting, type AuditDoc, auditDocOf, WAITING_ACTS } from './acting.ts';
import { type Database, DURABLE, RELAXED } from './database.ts';
import { insertOnce } from './fold-events.ts';
import type { Stamps } from './stamps.ts';

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

type ActingDoc = Acting & { _id: string; site?: string };

/**
 * What a removal takes with it, besides the document: `before` it goes, while whoever takes over after a crash
 * still finds that it is going, and `after`. Both may be done twice.
 */
export interface Ending {
  before(id: string): Promise<void>;
  after(id: string): Promise<void>;
}

/** The way of acts from the documents they changed into the audit. */
export interface Acts {
  /**
   * Hands the act on that has just been written into the document, which carries it until others are `told`: of one
   * that dies before, the sweep tells.
   */
  tell(carrier: Carrier, id: string, audited: Audited | undefined, told?: Promise<void>): Promise<void>;
  /** What else ends with documents of that kind, through whichever instance. */
  ends(carrier: Carrier, ending: Ending): void;
  /** Removes the document by an act; false where there is none, or another is removing it. */
  remove(carrier: Carrier, id: string, audited: Audited | undefined): Promise<boolean>;
  /** Hands on all that the document carries, and removes it where it is going. */
  settle(carrier: Carrier, id: string): Promise<void>;
  /** Hands on what a crash left in documents, and ends the removals it cut off. */
  sweep(): Promise<void>;
}

/** What instances keep in memory of what stands in the document. */
function changesOf(carrier: Carrier, { _id, site }: ActingDoc): Change[] {
  switch (carrier) {
    case 'sites':
      return [{ kind: 'site', site: _id }];
    case 'tokens':
    case 'filters':
      return [{ kind: carrier }];
    case 'wordlists':
      return [{ kind: 'wordlist', site: _id }];
    case 'standings':
      return site === undefined ? [] : [{ kind: 'standings', site }];
    case 'aliases':
    case 'pages':
      return site === undefined ? [] : [{ kind: 'site', site }];
    default:
      return [];
  }
}

/** A document as far as its acts are about it. */
const CARRIED = { acts: 1, going: 1, site: 1 } as const;

export interface ActsOptions {
  stamps: Pick<Stamps, 'publish'>;
  failpoint?: (name: string) => Promise<void> | void;
}

export function createActs(
  { connection, audit }: Pick<Database, 'connection' | 'audit'>,
  { stamps, failpoint = () => undefined }: ActsOptions,
): Acts {
  const endings = new Map<Carrier, Ending>();
  const open = (carrier: Carrier): mongo.Collection<ActingDoc> => connection.collection<ActingDoc>(carrier);

  async function record(acts: AuditDoc[]): Promise<void> {
    await failpoint('act: written');
    if (acts.length > 0) await insertOnce(audit, acts);
    await failpoint('act: in the audit');
  }

  async function handOn(
    carrier: Carrier,
    { _id, acts }: { _id: string; acts: AuditDoc[] },
    told: Promise<void> | undefined,
  ): Promise<void> {
    await Promise.all([record(acts), told]);
    const ids = acts.map((act) => act._id);
    const left = {
      $filter: { input: '$acts', cond: { $not: [{ $in: ['$$this._id', { $literal: ids }] }] } },
    };
    await open(carrier).updateOne(
      { _id, 'acts._id': { $in: ids } },
      [
        { $set: { acts: left } },
        { $set: { acts: { $cond: [{ $eq: ['$acts', []] }, '$$REMOVE', '$acts'] } } },
      ],
      { writeConcern: RELAXED },
    );
  }

  async function end(carrier: Carrier, filter: { _id: string; going?: true }): Promise<boolean> {
    const ending = endings.get(carrier);
    await ending?.before(filter._id);
    const { deletedCount } = await open(carrier).deleteOne(filter, { writeConcern: DURABLE });
    if (deletedCount > 0) await ending?.after(filter._id);
    return deletedCount > 0;
  }

  async function settle(carrier: Carrier, doc: ActingDoc): Promise<void> {
    const { _id, acts = [], going } = doc;
    if (!going && acts.length === 0) return;
    const told = stamps.publish(changesOf(carrier, doc));
    if (going) {
      // It carries its acts until it is gone: by them another instance finds it.
      await Promise.all([record(acts), told]);
      await end(carrier, { _id, going });
    } else await handOn(carrier, { _id, acts }, told);
  }

  return {
    async tell(carrier, _id, { act } = {}, told) {
      if (act) await handOn(carrier, { _id, acts: [auditDocOf(act)] }, told);
      else await told;
    },
    ends: (carrier, ending) => void endings.set(carrier, ending),
    async remove(carrier, _id, { act } = {}) {
      if (!act) return end(carrier, { _id });
      const acts = [auditDocOf(act)];
      const marked = await open(carrier).updateOne(
        { _id, going: { $exists: false } },
        { $set: { going: true }, $push: { acts: { $each: acts } } },
        { writeConcern: DURABLE },
      );
      if (marked.matchedCount === 0) return false;
      await settle(carrier, { _id, acts, going: true });
      return true;
    },
    async settle(carrier, id) {
      const doc = await open(carrier).findOne({ _id: id }, { projection: CARRIED });
      if (doc) await settle(carrier, doc);
    },
    async sweep() {
      for (const carrier of CARRIERS) {
        const { filter, hint } = WAITING_ACTS;
        const left = open(carrier).find(filter, { projection: CARRIED }).hint(hint);
        for (const doc of await left.toArray()) await settle(carrier, doc);
      }
    },
  };
}
