import { lostRank } from '../../staff/moderator.ts';
import type { ModeratorOutcome } from '../../staff/staff-store.ts';
import { type Database, DURABLE } from './database.ts';
import { isDuplicateKey } from './failures.ts';
import type { GuardDoc, Lowering, ModeratorDoc } from './staff-schemas.ts';
import { moderatorOf } from './staff-schemas.ts';

const ADMINS = 'admins';

/** Carries a change out where its version still stands. `seq` marks the account as changed under that number. */
export type Apply = (change: Lowering, seq: number) => Promise<ModeratorOutcome>;

/** What lets one change at a time take an active admin away, over all instances. */
export interface AdminGuard {
  lower(change: Lowering): Promise<ModeratorOutcome>;
}

/**
 * The last active admin stays, and so does the last of all sites, without a transaction over two documents. A change
 * that takes one away is written into the guard first, by compare and set on its number; before that, whatever an
 * earlier one left there is carried out. So nobody counts an admin whose going is decided already, and a crash in
 * between leaves a change that the next one finishes.
 */
export function createAdminGuard(
  { guards, moderators }: Pick<Database, 'guards' | 'moderators'>,
  apply: Apply,
): AdminGuard {
  const options = { writeConcern: DURABLE };

  async function read(): Promise<GuardDoc> {
    const guard = await guards.findOne({ _id: ADMINS });
    if (guard) return guard;
    const fresh: GuardDoc = { _id: ADMINS, seq: 0, intent: null };
    await guards.insertOne(fresh, options).catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
    return read();
  }

  async function finish({ seq, intent }: GuardDoc): Promise<ModeratorOutcome | null> {
    if (!intent) return null;
    const outcome = await apply(intent, seq);
    await guards.updateOne({ _id: ADMINS, seq }, { $set: { intent: null } }, options);
    return outcome;
  }

  /** Why the change may not be; null where it may. */
  async function refusal(
    { id, expected, set }: Lowering,
    current: ModeratorDoc | null,
  ): Promise<ModeratorOutcome | null> {
    if (!current) return { kind: 'gone' };
    if (current.version !== expected) return { kind: 'stale', version: current.version };
    const everywhere = lostRank(current, set && { ...current, ...set }) === 'everywhere';
    const others = { role: 'admin', state: 'active', _id: { $ne: id } } as const;
    const wanted = { ...others, ...(everywhere && { sites: '*' }) };
    const other = await moderators.findOne(wanted, { projection: { _id: 1 } });
    return other ? null : { kind: 'last-admin' };
  }

  return {
    async lower(change) {
      for (;;) {
        const guard = await read();
        await finish(guard);
        const current = await moderators.findOne({ _id: change.id });
        const refused = await refusal(change, current);
        if (refused || !current) return refused ?? { kind: 'gone' };
        const seq = guard.seq + 1;
        const written = await guards.updateOne(
          { _id: ADMINS, seq: guard.seq },
          { $set: { seq, intent: change } },
          options,
        );
        if (written.matchedCount === 0) continue;
        const outcome = await finish({ _id: ADMINS, seq, intent: change });
        // Another process met the removal in the guard and carried it out first.
        if (outcome?.kind === 'gone') return { kind: 'done', moderator: moderatorOf(current) };
        return outcome ?? { kind: 'gone' };
      }
    },
  };
}
