import type { Database } from 'better-sqlite3';
import {
  KEPT_FOR,
  type KeptRequest,
  type NewRequest,
  notAbandoned,
} from '../../../requests/idempotency-store.ts';
import type { BatchContext } from './batch-context.ts';

export type BeginResult = { begun: true } | { begun: false; kept: KeptRequest };

/** Old requests that each new one takes away: more than come in, and too few to be felt. */
const SWEEP = 3;

/** The operations behind IdempotencyStore. */
export function createIdempotency(db: Database) {
  const find = db.prepare<[string], KeptRequest>(
    'SELECT fingerprint, plan, owner, at, answer FROM idempotency WHERE key = ?',
  );
  const write = db.prepare<[string, string, string, string, number]>(
    'INSERT OR REPLACE INTO idempotency (key, fingerprint, plan, owner, at, answer) VALUES (?, ?, ?, ?, ?, NULL)',
  );
  const sweep = db.prepare<[number]>(`DELETE FROM idempotency WHERE at < ? ORDER BY at LIMIT ${SWEEP}`);
  const takeOver = db.prepare<[string, string, number, string, number, number]>(
    `UPDATE idempotency SET owner = ?, plan = ?, at = ?
     WHERE key = ? AND answer IS NULL AND (at <= ? OR at > ?)`,
  );
  const finish = db.prepare<[string, string]>('UPDATE idempotency SET answer = ? WHERE key = ?');
  const forget = db.prepare<[string]>('DELETE FROM idempotency WHERE key = ?');

  return {
    beginRequest(
      _: BatchContext,
      { key, request, now }: { key: string; request: NewRequest; now: number },
    ): BeginResult {
      sweep.run(now - KEPT_FOR);
      const kept = find.get(key);
      if (kept && kept.at >= now - KEPT_FOR) return { begun: false, kept };
      write.run(key, request.fingerprint, request.plan, request.owner, request.at);
      return { begun: true };
    },
    takeOverRequest(
      _: BatchContext,
      args: { key: string; owner: string; plan: string; at: number },
    ): boolean {
      const { key, owner, plan, at } = args;
      const { after, until } = notAbandoned(at);
      return takeOver.run(owner, plan, at, key, after, until).changes > 0;
    },
    finishRequest(_: BatchContext, { key, answer }: { key: string; answer: string }): void {
      finish.run(answer, key);
    },
    forgetRequest(_: BatchContext, key: string): void {
      forget.run(key);
    },
  };
}
