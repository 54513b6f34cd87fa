import { lostRank, MOST_SESSIONS, type Moderator, newestBeside } from '../../staff/moderator.ts';
import type { ModeratorOutcome, StaffStore } from '../../staff/staff-store.ts';
import { addAct, auditDocOf, withAct } from './acting.ts';
import type { Acts } from './acts.ts';
import { createAdminGuard } from './admin-guard.ts';
import { type Database, DURABLE, RELAXED } from './database.ts';
import { isDuplicateKey } from './failures.ts';
import type { Lowering, ModeratorDoc } from './staff-schemas.ts';
import { moderatorOf } from './staff-schemas.ts';

export interface MongoStaff extends StaffStore {
  /** Waits for the notes that sessions were used. */
  flush(): Promise<void>;
}

/** As `isUsedStep` says of what stands. */
const unused = (step: number) => ({
  $or: [{ 'totp.lastStep': { $lt: step } }, { 'totp.lastStep': { $gt: newestBeside(step) } }],
});

const found = (doc: ModeratorDoc | null): Moderator | null => doc && moderatorOf(doc);

/** See staff-store.ts. Nothing is kept in memory: an account that is disabled is so at the next call. */
export function createStaff(
  database: Pick<Database, 'moderators' | 'guards'>,
  { acts, report }: { acts: Acts; report: (error: unknown) => void },
): MongoStaff {
  const { moderators } = database;
  const options = { writeConcern: DURABLE };
  const notes = new Set<Promise<void>>();

  /** What stands where a compare and set found nothing. */
  async function missed({ id }: Lowering, seq: number | undefined): Promise<ModeratorOutcome> {
    const doc = await moderators.findOne({ _id: id });
    if (!doc) return { kind: 'gone' };
    // Another process met the change in the guard and carried it out first.
    if (seq !== undefined && doc.guarded === seq) {
      await acts.settle('moderators', id);
      return { kind: 'done', moderator: moderatorOf(doc) };
    }
    return doc.going ? { kind: 'gone' } : { kind: 'stale', version: doc.version };
  }

  /** Removes the account in two steps, the first of which carries the act: from it on, it is none any more. */
  async function remove(change: Lowering, seq?: number): Promise<ModeratorOutcome> {
    const { id, expected, act } = change;
    const filter = { _id: id, version: expected, going: { $exists: false } };
    const gone = {
      going: true as const,
      state: 'disabled' as const,
      sessions: [],
      link: null,
      ...(seq !== undefined && { guarded: seq }),
    };
    const doc = act
      ? await moderators.findOneAndUpdate(
          filter,
          { $set: gone, $inc: { version: 1 }, $push: { acts: auditDocOf(act) } },
          options,
        )
      : await moderators.findOneAndDelete(filter, options);
    if (!doc) return missed(change, seq);
    if (act) await acts.settle('moderators', id);
    return { kind: 'done', moderator: moderatorOf(doc) };
  }

  async function apply(change: Lowering, seq?: number): Promise<ModeratorOutcome> {
    const { id, expected, set, sessions, act } = change;
    if (set === null) return remove(change, seq);
    const filter = { _id: id, version: expected, going: { $exists: false } };
    try {
      const doc = await moderators.findOneAndUpdate(
        filter,
        {
          $set: { ...set, ...(seq !== undefined && { guarded: seq }) },
          $inc: { version: 1 },
          ...(sessions !== 'all' && { $pull: { sessions: { hash: { $nin: sessions } } } }),
          ...addAct({ act }),
        },
        { ...options, returnDocument: 'after' },
      );
      if (!doc) return missed(change, seq);
      await acts.tell('moderators', id, { act });
      return { kind: 'done', moderator: moderatorOf(doc) };
    } catch (error) {
      if (isDuplicateKey(error)) return { kind: 'taken' };
      throw error;
    }
  }

  const guard = createAdminGuard(database, apply);

  async function change(asked: Lowering): Promise<ModeratorOutcome> {
    const current = await moderators.findOne({ _id: asked.id });
    if (!current || current.going) return { kind: 'gone' };
    const lost = lostRank(current, asked.set && { ...current, ...asked.set });
    return lost ? guard.lower(asked) : apply(asked);
  }

  async function note({ id, hash, at }: { id: string; hash: string; at: number }): Promise<void> {
    await moderators.updateOne(
      { _id: id, 'sessions.hash': hash },
      { $max: { 'sessions.$.seenAt': at, lastSeenAt: at } },
      { writeConcern: RELAXED },
    );
  }

  return {
    async createModerator({ id, ...rest }, { session, first, act } = {}) {
      if (first && (await moderators.findOne({}, { projection: { _id: 1 } }))) return false;
      const sessions = session ? [session] : [];
      try {
        const doc = { _id: id, ...rest, sessions, ...(first && { first }) };
        await moderators.insertOne(withAct(doc, { act }), options);
        await acts.tell('moderators', id, { act });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },
    hasModerators: async () => (await moderators.findOne({}, { projection: { _id: 1 } })) !== null,
    findModerator: async (id) => found(await moderators.findOne({ _id: id })),
    findModeratorByEmail: async (emailKey) => found(await moderators.findOne({ emailKey })),
    findModeratorByLink: async (hash) => found(await moderators.findOne({ 'link.hash': hash })),
    async listModerators({ scope, before, limit }) {
      const visible = scope === null ? {} : { sites: { $not: { $elemMatch: { $nin: scope } }, $ne: [] } };
      const page = before === undefined ? visible : { ...visible, _id: { $lt: before } };
      const [docs, total] = await Promise.all([
        moderators.find(page).sort({ _id: -1 }).limit(limit).toArray(),
        moderators.countDocuments(visible),
      ]);
      return { items: docs.map(moderatorOf), total };
    },
    changeModerator: change,
    removeModerator: (id, expected, audited) => change({ id, expected, set: null, sessions: [], ...audited }),
    async signIn({ id, session, password, totpStep }) {
      const factor = totpStep === null ? { totp: null } : unused(totpStep);
      const { matchedCount } = await moderators.updateOne(
        { _id: id, state: 'active', password, ...factor },
        {
          $push: { sessions: { $each: [session], $sort: { createdAt: 1 }, $slice: -MOST_SESSIONS } },
          $set: { lastSeenAt: session.seenAt, ...(totpStep !== null && { 'totp.lastStep': totpStep }) },
        },
        options,
      );
      return matchedCount === 1;
    },
    async redeemLink({ id, hash, password, session }) {
      const doc = await moderators.findOneAndUpdate(
        { _id: id, 'link.hash': hash, state: { $ne: 'disabled' } },
        {
          $set: {
            state: 'active',
            password,
            totp: null,
            totpOffer: null,
            link: null,
            lastSeenAt: session.seenAt,
            sessions: [session],
          },
          $inc: { version: 1 },
        },
        { ...options, returnDocument: 'after' },
      );
      return found(doc);
    },
    async findSession(hash) {
      const doc = await moderators.findOne({ 'sessions.hash': hash });
      const session = doc?.sessions.find((one) => one.hash === hash);
      return doc && session ? { session, moderator: moderatorOf(doc) } : null;
    },
    touchSession(seen) {
      const written = note(seen).catch(report);
      notes.add(written);
      void written.finally(() => notes.delete(written));
    },
    async endSession({ id, hash }) {
      await moderators.updateOne({ _id: id }, { $pull: { sessions: { hash } } }, options);
    },
    async flush() {
      await Promise.all(notes);
    },
  };
}
