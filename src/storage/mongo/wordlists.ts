import type { Audited } from '../../moderation/audit.ts';
import type { Wordlist, WordlistStore } from '../../screening/wordlist-store.ts';
import { createWordlistMemory, NONE } from '../wordlist-memory.ts';
import { replaceWith, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE } from './database.ts';
import type { WordlistDoc } from './documents.ts';
import { isDuplicateKey } from './failures.ts';
import type { Stamps } from './stamps.ts';

export interface MongoWordlists extends WordlistStore {
  /** Forgets what is kept in memory of the site's lists, or of all. */
  forget(site?: string): void;
}

const listOf = (doc: WordlistDoc): Wordlist => {
  const { _id: site, ...rest } = withoutActs(doc);
  return { site, ...rest };
};

/** See wordlist-store.ts. Lists in use are kept in memory while the stamps of other instances are heard. */
export function createWordlists(
  { wordlists, sites }: Pick<Database, 'wordlists' | 'sites'>,
  { stamps, acts }: { stamps: Stamps; acts: Acts },
): MongoWordlists {
  const kept = createWordlistMemory();
  let epoch = 0;

  /** False where another version stands. */
  async function write(
    { site, ...rest }: Wordlist,
    { expected, act }: { expected: number } & Audited,
  ): Promise<boolean> {
    if (expected > 0) {
      const filter = { _id: site, version: expected };
      const update = replaceWith(rest, { act });
      return (await wordlists.updateOne(filter, update, { writeConcern: DURABLE })).matchedCount === 1;
    }
    try {
      await wordlists.insertOne(withAct({ _id: site, ...rest }, { act }), { writeConcern: DURABLE });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  const stands = async (site: string): Promise<boolean> =>
    (await sites.countDocuments({ _id: site, removing: { $exists: false } }, { limit: 1 })) === 1;

  return {
    async find(site) {
      const known = stamps.fresh() ? kept.get(site) : undefined;
      if (known) return known === NONE ? null : known;
      const at = epoch;
      const doc = await wordlists.findOne({ _id: site });
      const last = kept.get(site);
      const isLast =
        last && last !== NONE && last.version === doc?.version && last.changedAt === doc.changedAt;
      const list = isLast ? last : doc && listOf(doc);
      // A change that was heard while the lists were being read must not be undone by keeping them.
      if (at === epoch) kept.set(site, list ?? NONE);
      return list;
    },
    async standing(site) {
      const doc = await wordlists.findOne({ _id: site });
      return doc && listOf(doc);
    },
    async replace(list, expected, audited) {
      const written = await write(list, { expected, ...audited });
      // Looked at after the write: a removal that begins later takes the lists away by itself.
      if (!(await stands(list.site))) {
        if (written) await wordlists.deleteOne({ _id: list.site }, { writeConcern: DURABLE });
        return { replaced: false, version: null };
      }
      if (!written) {
        const doc = await wordlists.findOne({ _id: list.site }, { projection: { version: 1 } });
        return { replaced: false, version: doc?.version ?? 0 };
      }
      const told = stamps.publish([{ kind: 'wordlist', site: list.site }]);
      await acts.tell('wordlists', list.site, audited, told);
      return { replaced: true };
    },
    forget(site) {
      epoch += 1;
      if (site === undefined) kept.clear();
      else kept.delete(site);
    },
  };
}
