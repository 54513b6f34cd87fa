import { LRUCache } from 'lru-cache';
import type { Token, TokenStore } from '../../staff/token.ts';
import { NOT_GOING, withAct, withoutActs } from './acting.ts';
import type { Acts } from './acts.ts';
import { type Database, DURABLE, RELAXED } from './database.ts';
import type { TokenDoc } from './documents.ts';
import type { Stamps } from './stamps.ts';

const KEPT_TOKENS = 1000;
/** Uses of tokens are written together, this often at most, in milliseconds. */
const TOUCH_MS = 250;

const tokenOf = (doc: TokenDoc): Token => {
  const { _id: id, ...rest } = withoutActs(doc);
  return { id, ...rest };
};

export interface MongoTokens extends TokenStore {
  /** Forgets what is kept in memory. */
  forget(): void;
  flush(): Promise<void>;
}

/** See token.ts. Tokens in use are kept in memory while the stamps of other instances are heard. */
export function createTokens(
  { tokens }: Pick<Database, 'tokens'>,
  { stamps, acts, report }: { stamps: Stamps; acts: Acts; report: (error: unknown) => void },
): MongoTokens {
  const kept = new LRUCache<string, Token>({ max: KEPT_TOKENS });
  const touched = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;
  let epoch = 0;

  async function flush(): Promise<void> {
    if (timer) clearTimeout(timer);
    timer = null;
    const writes = [...touched].map(([_id, at]) => ({
      updateOne: { filter: { _id }, update: { $max: { lastUsedAt: at } } },
    }));
    touched.clear();
    if (writes.length > 0) await tokens.bulkWrite(writes, { ordered: false, writeConcern: RELAXED });
  }

  function remember(hash: string, token: Token, at: number): Token {
    // A removal that came while the token was being read must not be undone by keeping it.
    if (at === epoch) kept.set(hash, token);
    return token;
  }

  return {
    async create({ id, ...rest }, audited) {
      await tokens.insertOne(withAct({ _id: id, ...rest }, audited), { writeConcern: DURABLE });
      await acts.tell('tokens', id, audited, stamps.publish([{ kind: 'tokens' }]));
    },
    async findByHash(hash) {
      const known = stamps.fresh() ? kept.get(hash) : undefined;
      if (known) return known;
      const at = epoch;
      const doc = await tokens.findOne({ hash, ...NOT_GOING });
      return doc ? remember(hash, tokenOf(doc), at) : null;
    },
    async find(id) {
      const doc = await tokens.findOne({ _id: id });
      return doc ? tokenOf(doc) : null;
    },
    async list({ scope, before, limit }) {
      const visible = scope === null ? {} : { sites: { $not: { $elemMatch: { $nin: scope } } } };
      const page = before === undefined ? visible : { ...visible, _id: { $lt: before } };
      const [docs, total] = await Promise.all([
        tokens.find(page).sort({ _id: -1 }).limit(limit).toArray(),
        tokens.countDocuments(visible),
      ]);
      return { items: docs.map(tokenOf), total };
    },
    async remove(id, audited) {
      const removed = await acts.remove('tokens', id, audited);
      if (removed) await stamps.publish([{ kind: 'tokens' }]);
      return removed;
    },
    touch(id, at) {
      touched.set(id, Math.max(at, touched.get(id) ?? 0));
      for (const token of kept.values())
        if (token.id === id) token.lastUsedAt = Math.max(at, token.lastUsedAt ?? 0);
      timer ??= setTimeout(() => void flush().catch(report), TOUCH_MS);
      timer.unref();
    },
    forget() {
      epoch += 1;
      kept.clear();
    },
    flush,
  };
}
