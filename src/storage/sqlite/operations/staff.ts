import type { Database } from 'better-sqlite3';
import type { Audited } from '../../../moderation/audit.ts';
import {
  type AdminRank,
  isUsedStep,
  lostRank,
  MOST_SESSIONS,
  type Moderator,
  type Session,
} from '../../../staff/moderator.ts';
import type { ModeratorChange, ModeratorOutcome, Redemption, SignIn } from '../../../staff/staff-store.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';
import { createSessions } from './sessions.ts';

interface Creation extends Audited {
  moderator: Moderator;
  session: Session | null;
  first: boolean;
}

/** The operations behind StaffStore. Accounts are few and change seldom: each change writes the whole account. */
export function createStaff(db: Database) {
  const accounts = createAccounts(db);
  const sessions = createSessions(db);
  const audit = createActWriter(db);

  /** Why the change may not be; null where it may. `next` null: the account goes. */
  function refusal(
    { id, expected }: Pick<ModeratorChange, 'id' | 'expected'>,
    current: Moderator | null,
    next: Moderator | null,
  ): ModeratorOutcome | null {
    if (!current) return { kind: 'gone' };
    if (current.version !== expected) return { kind: 'stale', version: current.version };
    if (next && accounts.isTaken(next.emailKey, id)) return { kind: 'taken' };
    const lost = lostRank(current, next);
    return lost && !accounts.hasOtherAdmin(id, lost) ? { kind: 'last-admin' } : null;
  }

  return {
    createModerator(_: BatchContext, { moderator, session, first, act }: Creation): boolean {
      if (accounts.isTaken(moderator.emailKey, '') || (first && accounts.any())) return false;
      accounts.insert(moderator);
      if (session) sessions.begin(moderator.id, session);
      audit({ act });
      return true;
    },

    changeModerator(_: BatchContext, change: ModeratorChange): ModeratorOutcome {
      const { id, set, expected } = change;
      const current = accounts.find(id);
      const next = current && { ...current, ...set, version: expected + 1 };
      const refused = refusal(change, current, next);
      if (refused || !next) return refused ?? { kind: 'gone' };
      accounts.replace(next);
      if (change.sessions !== 'all') sessions.endAllBut(id, change.sessions);
      audit(change);
      return { kind: 'done', moderator: next };
    },

    removeModerator(_: BatchContext, change: { id: string; expected: number } & Audited): ModeratorOutcome {
      const current = accounts.find(change.id);
      const refused = refusal(change, current, null);
      if (refused || !current) return refused ?? { kind: 'gone' };
      accounts.remove(change.id);
      sessions.endAllBut(change.id, []);
      audit(change);
      return { kind: 'done', moderator: current };
    },

    signIn(_: BatchContext, { id, session, password, totpStep }: SignIn): boolean {
      const current = accounts.find(id);
      if (current?.state !== 'active' || current.password !== password) return false;
      const { totp } = current;
      if (totp ? totpStep === null || isUsedStep(totpStep, totp.lastStep) : totpStep !== null) return false;
      accounts.replace({
        ...current,
        totp: totp && { ...totp, lastStep: totpStep ?? totp.lastStep },
        lastSeenAt: session.seenAt,
      });
      sessions.begin(id, session);
      sessions.endBeyond(id, MOST_SESSIONS);
      return true;
    },

    redeemLink(_: BatchContext, { id, hash, password, session }: Redemption): Moderator | null {
      const current = accounts.find(id);
      if (!current || current.link?.hash !== hash || current.state === 'disabled') return null;
      const next: Moderator = {
        ...current,
        state: 'active',
        password,
        totp: null,
        totpOffer: null,
        link: null,
        lastSeenAt: session.seenAt,
        version: current.version + 1,
      };
      accounts.replace(next);
      sessions.endAllBut(id, []);
      sessions.begin(id, session);
      return next;
    },

    touchSession(_: BatchContext, { id, hash, at }: { id: string; hash: string; at: number }): void {
      const current = accounts.find(id);
      if (!current || !sessions.touch(hash, at)) return;
      accounts.replace({ ...current, lastSeenAt: Math.max(at, current.lastSeenAt ?? 0) });
    },

    endSession(_: BatchContext, { id, hash }: { id: string; hash: string }): void {
      sessions.end(id, hash);
    },
  };
}

/** The rows of `moderators`. */
function createAccounts(db: Database) {
  const body = db.prepare<[string], string>('SELECT body FROM moderators WHERE id = ?').pluck();
  const taken = db
    .prepare<[string, string], number>('SELECT 1 FROM moderators WHERE email_key = ? AND id <> ?')
    .pluck();
  const any = db.prepare<[], number>('SELECT 1 FROM moderators LIMIT 1').pluck();
  const otherAdmin = db
    .prepare<[string], number>(
      "SELECT 1 FROM moderators WHERE role = 'admin' AND state = 'active' AND id <> ? LIMIT 1",
    )
    .pluck();
  const otherEverywhere = db
    .prepare<[string], number>(
      `SELECT 1 FROM moderators WHERE role = 'admin' AND state = 'active' AND id <> ?
         AND EXISTS (SELECT 1 FROM json_each(body, '$.sites') WHERE value = '*') LIMIT 1`,
    )
    .pluck();
  const insert = db.prepare<(string | number | null)[]>(
    `INSERT INTO moderators (email_key, link_hash, role, state, version, body, id) VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = db.prepare<(string | number | null)[]>(
    `UPDATE moderators SET email_key = ?, link_hash = ?, role = ?, state = ?, version = ?, body = ? WHERE id = ?`,
  );
  const remove = db.prepare<[string]>('DELETE FROM moderators WHERE id = ?');
  const values = (moderator: Moderator): (string | number | null)[] => {
    const { id, emailKey, link, role, state, version } = moderator;
    return [emailKey, link?.hash ?? null, role, state, version, JSON.stringify(moderator), id];
  };
  return {
    find(id: string): Moderator | null {
      const text = body.get(id);
      return text === undefined ? null : (JSON.parse(text) as Moderator);
    },
    isTaken: (emailKey: string, by: string) => taken.get(emailKey, by) !== undefined,
    any: () => any.get() !== undefined,
    hasOtherAdmin: (id: string, rank: AdminRank) =>
      (rank === 'everywhere' ? otherEverywhere : otherAdmin).get(id) !== undefined,
    insert: (moderator: Moderator) => insert.run(...values(moderator)),
    replace: (moderator: Moderator) => update.run(...values(moderator)),
    remove: (id: string) => remove.run(id),
  };
}
