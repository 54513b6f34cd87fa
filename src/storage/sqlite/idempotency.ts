import type { Clock } from '../../clock.ts';
import {
  type IdempotencyStore,
  KEPT_FOR,
  type KeptRequest,
  type ListedRequest,
} from '../../requests/idempotency-store.ts';
import type { Connections } from './comments.ts';
import { BOUND_LIMIT } from './rows.ts';

/** IdempotencyStore on SQLite. */
export function createIdempotencyStore({ db, commits }: Connections, clock: Clock): IdempotencyStore {
  const byKey = db.prepare<[string, number], KeptRequest>(
    'SELECT fingerprint, plan, owner, at, answer FROM idempotency WHERE key = ? AND at >= ?',
  );
  const listed = db.prepare<[string, number], ListedRequest>(
    `SELECT key, plan, answer FROM idempotency WHERE key > ? ORDER BY key LIMIT ${BOUND_LIMIT}`,
  );
  return {
    find: async (key) => byKey.get(key, clock.now() - KEPT_FOR) ?? null,
    begin: (key, request) => commits.execute('beginRequest', { key, request, now: clock.now() }),
    takeOver: (key, owner, plan, at) => commits.execute('takeOverRequest', { key, owner, plan, at }),
    finish: (key, answer) => commits.execute('finishRequest', { key, answer }),
    list: async (after, limit) => listed.all(after, limit),
    forget: (key) => commits.execute('forgetRequest', key),
  };
}
