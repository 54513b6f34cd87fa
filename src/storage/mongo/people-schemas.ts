import { Schema } from 'mongoose';
import type { IdentitySecret } from '../../authors/identity-store.ts';
import { type Acting, carryActs } from './acting.ts';
import { plain } from './schemas.ts';

/** `_id` is the site. */
export const identitySecretSchema = new Schema(
  { _id: String, secret: String, previous: Schema.Types.Mixed },
  { ...plain, collection: 'identity-secrets' },
);
carryActs(identitySecretSchema);
export type IdentitySecretDoc = IdentitySecret & Acting & { _id: string };

/** `_id` is the pseudonym of an address, and one that its owner is signed in under. */
export const identityLinkSchema = new Schema(
  { _id: String, site: String, key: String },
  { ...plain, collection: 'identity-links' },
);
identityLinkSchema.index({ key: 1 }, { name: 'links-to-author' });
identityLinkSchema.index({ site: 1 }, { name: 'links-of-site' });
export interface IdentityLinkDoc {
  _id: string;
  site: string;
  key: string;
}

/** How far keeping for a while has come; `_id` is the name of a mark. */
export const retentionSchema = new Schema(
  { _id: String, value: String },
  { ...plain, collection: 'retention' },
);

export interface RetentionDoc {
  _id: string;
  value: string;
}
