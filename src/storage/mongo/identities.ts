import type { IdentityStore } from '../../authors/identity-store.ts';
import { type Database, DURABLE } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** IdentityStore on MongoDB. */
export function createIdentities({
  identitySecrets: secrets,
  identityLinks: links,
}: Pick<Database, 'identitySecrets' | 'identityLinks'>): IdentityStore {
  return {
    async secretOf(site) {
      const doc = await secrets.findOne({ _id: site });
      return doc && { secret: doc.secret, previous: doc.previous };
    },
    async keepSecret(site, next, expected) {
      if (expected !== null) {
        const standing = { _id: site, secret: expected };
        const { matchedCount } = await secrets.updateOne(standing, { $set: next }, { writeConcern: DURABLE });
        return matchedCount === 1;
      }
      try {
        await secrets.insertOne({ _id: site, ...next }, { writeConcern: DURABLE });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    async link({ site, emailKey, key }) {
      const _id = `${emailKey}/${key}`;
      // Nearly every time it is known.
      if (await links.findOne({ _id }, { projection: { _id: 1 } })) return;
      const link = { $setOnInsert: { site, key } };
      await links
        .updateOne({ _id }, link, { upsert: true, writeConcern: DURABLE })
        .catch((error: unknown) => {
          if (!isDuplicateKey(error)) throw error;
        });
    },
    async keysOf(emailKey) {
      // '0' is the character after '/'.
      const found = links.find({ _id: { $gt: `${emailKey}/`, $lt: `${emailKey}0` } }).sort({ _id: 1 });
      return (await found.hint('_id_').toArray()).map(({ key }) => key);
    },
    async unlink({ key }) {
      await links.deleteMany({ key }, { hint: 'links-to-author', writeConcern: DURABLE });
    },
  };
}
