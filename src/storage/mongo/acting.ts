import { Schema } from 'mongoose';
import type { AuditEntry, Audited } from '../../moderation/audit.ts';

export type AuditDoc = Omit<AuditEntry, 'id' | 'site'> & { _id: string; site: string };

/**
 * What a document carries beside its own members. An act and its entry of the audit are one write, without a
 * transaction over two documents: the entry stands in what the act changed until the audit has it.
 */
export interface Acting {
  acts?: AuditDoc[];
  /** It is removed as soon as the audit has the entry of its removal. */
  going?: true;
}

/** Those that are not on their way out. What is kept in memory is read so: it is told of before they are gone. */
export const NOT_GOING = { going: { $exists: false } };

const WAITING = { 'acts._id': { $type: 'string' } };

/** Where documents of a collection that carry acts are found. */
export const WAITING_ACTS = { filter: WAITING, hint: 'waiting-acts' } as const;

/** Says that documents of this schema carry acts. */
export function carryActs(schema: Schema): void {
  schema.add({ acts: [Schema.Types.Mixed], going: Boolean });
  schema.index({ 'acts._id': 1 }, { name: WAITING_ACTS.hint, partialFilterExpression: WAITING });
}

export function auditDocOf({ id, site, ...rest }: AuditEntry): AuditDoc {
  return { _id: id, site: site ?? '', ...rest };
}

/** A new document with the act that makes it. */
export function withAct<Doc extends object>(doc: Doc, { act }: Audited = {}): Doc & Acting {
  return act ? { ...doc, acts: [auditDocOf(act)] } : doc;
}

/** Of an update's operators, the one that adds the act. */
export function addAct({ act }: Audited = {}): { $push?: { acts: AuditDoc } } {
  return act ? { $push: { acts: auditDocOf(act) } } : {};
}

/** An update that replaces a document, all but the acts that it carries, and adds one. */
export function replaceWith(doc: object, { act }: Audited = {}): Record<string, unknown>[] {
  const former = { $ifNull: ['$acts', []] };
  const acts = act ? { $concatArrays: [former, [{ $literal: auditDocOf(act) }]] } : '$acts';
  return [{ $replaceWith: { $mergeObjects: [{ $literal: doc }, { _id: '$_id', acts, going: '$going' }] } }];
}

/** The document's own members. */
export function withoutActs<Doc extends Acting>({
  acts: _,
  going: __,
  ...rest
}: Doc): Omit<Doc, keyof Acting> {
  return rest;
}
