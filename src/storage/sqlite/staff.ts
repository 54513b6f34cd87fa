import type { Moderator, Session } from '../../staff/moderator.ts';
import type { StaffStore } from '../../staff/staff-store.ts';
import type { Connections } from './comments.ts';

interface SessionRow {
  hash: string;
  created_at: number;
  seen_at: number;
  body: string;
}

const moderatorOf = (body: string): Moderator => JSON.parse(body) as Moderator;

/** StaffStore on SQLite. Nothing is kept in memory: an account that is disabled is so at the next call. */
export function createStaffStore({ db, commits }: Connections): StaffStore {
  const by = (column: 'id' | 'email_key' | 'link_hash') =>
    db.prepare<[string], string>(`SELECT body FROM moderators WHERE ${column} = ?`).pluck();
  const [byId, byEmail, byLink] = [by('id'), by('email_key'), by('link_hash')];
  const newest = db.prepare<[string, number], string>(moderatorListSql()).pluck();
  const total = db.prepare<[], number>('SELECT count(*) FROM moderators').pluck();
  const session = db.prepare<[string], SessionRow>(
    `SELECT hash, created_at, seen_at, body FROM sessions
     JOIN moderators ON moderators.id = sessions.moderator_id WHERE hash = ?`,
  );
  const found = (body: string | undefined): Moderator | null =>
    body === undefined ? null : moderatorOf(body);

  return {
    createModerator: (moderator, { session: begun = null, first = false, act } = {}) =>
      commits.execute('createModerator', { moderator, session: begun as Session | null, first, act }),
    hasModerators: async () => (total.get() ?? 0) > 0,
    findModerator: async (id) => found(byId.get(id)),
    findModeratorByEmail: async (emailKey) => found(byEmail.get(emailKey)),
    findModeratorByLink: async (hash) => found(byLink.get(hash)),
    async listModerators({ scope, before = '~', limit }) {
      if (scope === null)
        return { items: newest.all(before, limit).map(moderatorOf), total: total.get() ?? 0 };
      // All are read: the total is counted under the same scope, and accounts are few.
      const allowed = new Set(scope);
      const inScope = newest
        .all('~', -1)
        .map(moderatorOf)
        .filter(({ sites }) => sites.length > 0 && sites.every((site) => allowed.has(site)));
      return { items: inScope.filter(({ id }) => id < before).slice(0, limit), total: inScope.length };
    },
    changeModerator: (change) => commits.execute('changeModerator', change),
    removeModerator: (id, expected, audited) =>
      commits.execute('removeModerator', { id, expected, ...audited }),
    signIn: (given) => commits.execute('signIn', given),
    redeemLink: (redemption) => commits.execute('redeemLink', redemption),
    async findSession(hash) {
      const row = session.get(hash);
      if (!row) return null;
      const { created_at: createdAt, seen_at: seenAt } = row;
      return { session: { hash, createdAt, seenAt }, moderator: moderatorOf(row.body) };
    },
    touchSession(seen) {
      // Best effort: a note that fails is made again with a later call.
      commits.execute('touchSession', seen).catch(() => undefined);
    },
    endSession: (seen) => commits.execute('endSession', seen),
  };
}

/** Binds the id to begin before, and the limit. */
export function moderatorListSql(): string {
  return 'SELECT body FROM moderators WHERE id < ? ORDER BY id DESC LIMIT +?';
}
