import { Schema } from 'mongoose';
import type { Moderator, Session } from '../../staff/moderator.ts';
import type { ModeratorChange } from '../../staff/staff-store.ts';
import { type Acting, carryActs, withoutActs } from './acting.ts';

/** An account with its sessions in it, so that ending them and what ends them are one step. */
export type ModeratorDoc = Omit<Moderator, 'id'> &
  Acting & {
    _id: string;
    sessions: Session[];
    /** Of the account that was made as the first. */
    first?: true;
    /** The guard's number of the last change of this account that took an active admin away. */
    guarded?: number;
  };

export const moderatorOf = (doc: ModeratorDoc): Moderator => {
  const { _id: id, sessions: _, first: __, guarded: ___, ...rest } = withoutActs(doc);
  return { id, ...rest };
};

/** A change that takes an active admin away; `set` null removes the account. */
export type Lowering = Omit<ModeratorChange, 'set'> & { set: ModeratorChange['set'] | null };

/**
 * One document, `admins`. What takes an active admin away is written here first, one at a time by `seq`, and
 * whoever comes next finishes it before counting: so two changes can't each count on the other's admin.
 */
export interface GuardDoc {
  _id: string;
  seq: number;
  intent: Lowering | null;
}

const { Mixed } = Schema.Types;
const plain = {
  versionKey: false,
  autoIndex: false,
  autoCreate: false,
  strict: 'throw',
  minimize: false,
} as const;

export const moderatorSchema = new Schema(
  {
    _id: String,
    name: String,
    email: String,
    emailKey: String,
    role: String,
    sites: [String],
    state: String,
    locale: String,
    notices: String,
    password: String,
    totp: Mixed,
    totpOffer: String,
    link: Mixed,
    createdBy: Mixed,
    createdAt: Number,
    lastSeenAt: Number,
    version: Number,
    sessions: [Mixed],
    first: Boolean,
    guarded: Number,
  },
  { ...plain, collection: 'moderators' },
);
carryActs(moderatorSchema);
moderatorSchema.index({ emailKey: 1 }, { name: 'moderator-by-email', unique: true });
moderatorSchema.index(
  { 'link.hash': 1 },
  { name: 'moderator-by-link', partialFilterExpression: { 'link.hash': { $type: 'string' } } },
);
moderatorSchema.index({ 'sessions.hash': 1 }, { name: 'moderator-by-session' });
moderatorSchema.index({ role: 1, state: 1 }, { name: 'active-admins' });
moderatorSchema.index(
  { first: 1 },
  { name: 'first-moderator', unique: true, partialFilterExpression: { first: true } },
);

export const guardSchema = new Schema(
  { _id: String, seq: Number, intent: Mixed },
  { ...plain, collection: 'guards' },
);
