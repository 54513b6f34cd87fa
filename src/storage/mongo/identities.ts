import type { IdentityStore } from '../../authors/identity-store.ts';
import { addAct, withAct } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE } from './database.ts';
import { isDuplicateKey } from './failures.ts';

/** IdentityStore on MongoDB. */
export function createIdentities(
  { identitySecrets: secrets, identityLinks: links }: Pick<Database, 'identitySecrets' | 'identityLinks'>,
  acts: Acts,
): IdentityStore {
  type Keeping = Parameters<IdentityStore['keepSecret']>;

  /** False where another was faster. */
  async function keep(...[site, next, { expected, act }]: Keeping): Promise<boolean> {
    if (expected !== null) {
      const standing = { _id: site, secret: expected };
      const update = { $set: next, ...addAct({ act }) };
      return (await secrets.updateOne(standing, update, { writeConcern: DURABLE })).matchedCount === 1;
    }
    try {
      await secrets.insertOne(withAct({ _id: site, ...next }, { act }), { writeConcern: DURABLE });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  return {
    async secretOf(site) {
      const doc = await secrets.findOne({ _id: site });
      return doc && { secret: doc.secret, previous: doc.previous };
    },
    async keepSecret(site, next, on) {
      const kept = await keep(site, next, on);
      if (kept) await acts.tell('identity-secrets', site, on);
      return kept;
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
