import type { Actor } from '../../comments/comment.ts';
import { type Claim, type ClaimStore, runningUntil } from '../../moderation/claim-store.ts';
import type { Connections } from './comments.ts';

interface ClaimRow {
  comment_id: string;
  site: string;
  actor: string;
  until: number;
  version: number;
}

const COLUMNS = 'comment_id, site, actor, until, version';

/** ClaimStore on SQLite. */
export function createClaimStore({ db, commits }: Connections): ClaimStore {
  const among = db.prepare<[string, number, number], ClaimRow>(claimsAmongSql());
  const held = db.prepare<[string, number, number], ClaimRow>(heldClaimsSql());
  const running = db.prepare<[number, number], ClaimRow>(runningClaimsSql());
  const ends = (now: number): [number, number] => {
    const { after, latest } = runningUntil(now);
    return [after, latest];
  };
  return {
    take: (claims, options) => commits.execute('takeClaims', { claims, ...options }),
    of: async (ids, now) => among.all(JSON.stringify(ids), ...ends(now)).map(claimOf),
    heldBy: async (actorId, now) => held.all(actorId, ...ends(now)).map(claimOf),
    running: async (now) => running.all(...ends(now)).map(claimOf),
    renew: (actorId, ids, times) => commits.execute('renewClaims', { actorId, ids, times }),
    release: (actorId, ids, now) => commits.execute('releaseClaims', { actorId, ids, now }),
  };
}

/** In the order of the ids; binds these as a JSON list, and between which moments they end. */
export function claimsAmongSql(): string {
  return `SELECT ${COLUMNS} FROM json_each(?) AS wanted CROSS JOIN claims ON comment_id = wanted.value
    WHERE until > ? AND until <= ?`;
}

/** Binds the actor's id and between which moments they end. */
export function heldClaimsSql(): string {
  return `SELECT ${COLUMNS} FROM claims INDEXED BY claims_actor
    WHERE actor_id = ? AND until > ? AND until <= ? ORDER BY comment_id`;
}

/** Binds between which moments they end. */
export function runningClaimsSql(): string {
  return `SELECT ${COLUMNS} FROM claims INDEXED BY claims_ended WHERE until > ? AND until <= ?`;
}

function claimOf({ comment_id, actor, ...rest }: ClaimRow): Claim {
  return { commentId: comment_id, by: JSON.parse(actor) as Actor, ...rest };
}
