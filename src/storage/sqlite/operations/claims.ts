import type { Database } from 'better-sqlite3';
import { type Claim, runningUntil } from '../../../moderation/claim-store.ts';
import type { BatchContext } from './batch-context.ts';

/** Claims that ran out and go with each claiming: more than come in, and too few to be felt. */
const SWEEP = 200;

export interface ClaimTimes {
  now: number;
  until: number;
}

interface TakeArgs {
  claims: Claim[];
  now: number;
  most: number;
}

/** The operations behind ClaimStore. */
export function createClaims(db: Database) {
  const stands = db
    .prepare<[string, number], number>(
      'SELECT 1 FROM comments WHERE id = ? AND version = ? AND deleted_at IS NULL',
    )
    .pluck();
  const take = db.prepare<[string, string, string, string, number, number, number, number]>(
    `INSERT INTO claims (comment_id, site, actor_id, actor, until, version) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (comment_id) DO UPDATE SET site = excluded.site, actor_id = excluded.actor_id,
       actor = excluded.actor, until = excluded.until, version = excluded.version
     WHERE claims.until <= ? OR claims.until > ? OR claims.version < excluded.version`,
  );
  const sweep = db.prepare<[number]>(`DELETE FROM claims WHERE until <= ? ORDER BY until LIMIT ${SWEEP}`);
  const renew = db.prepare<[number, string, string, number, number]>(
    'UPDATE claims SET until = ? WHERE comment_id = ? AND actor_id = ? AND until > ? AND until <= ?',
  );
  const release = db.prepare<[string, string, number, number]>(
    'DELETE FROM claims WHERE comment_id = ? AND actor_id = ? AND until > ? AND until <= ?',
  );

  return {
    takeClaims(_: BatchContext, { claims, now, most }: TakeArgs): string[] {
      sweep.run(now);
      const { after, latest } = runningUntil(now);
      const taken: string[] = [];
      for (const { commentId, site, by, until, version } of claims) {
        if (taken.length === most) break;
        if (stands.get(commentId, version) === undefined) continue;
        const held = [commentId, site, by.id, JSON.stringify(by), until, version] as const;
        const { changes } = take.run(...held, after, latest);
        if (changes > 0) taken.push(commentId);
      }
      return taken;
    },
    renewClaims(
      _: BatchContext,
      { actorId, ids, times }: { actorId: string; ids: string[]; times: ClaimTimes },
    ): string[] {
      const { after, latest } = runningUntil(times.now);
      return ids.filter((id) => renew.run(times.until, id, actorId, after, latest).changes > 0);
    },
    releaseClaims(
      _: BatchContext,
      { actorId, ids, now }: { actorId: string; ids: string[]; now: number },
    ): string[] {
      const { after, latest } = runningUntil(now);
      return ids.filter((id) => release.run(id, actorId, after, latest).changes > 0);
    },
  };
}
