import type { Database } from 'better-sqlite3';
import {
  FIRST_VERSION,
  type Said,
  type Spoken,
  type StandingRecord,
  standingEvent,
} from '../../../authors/standing.ts';
import type { Audited } from '../../../moderation/audit.ts';
import type { Batch } from '../../../moderation/batch-store.ts';
import type { Bound } from '../rows.ts';
import { createActWriter } from './audit.ts';
import type { BatchContext } from './batch-context.ts';
import { createBatchWriter } from './batches.ts';
import { createEventWriter } from './events.ts';

export interface SetStandingArgs extends Audited {
  record: StandingRecord;
  expected: number;
  /** What is to become of the author's comments. */
  batch?: Batch;
  /** What their comments say at that moment. */
  spoken?: Spoken;
}

export type SetStandingResult = { set: true } | { set: false; version: number };

/** The operations behind AuthorStore.setStanding and bringStanding. */
export function createStandings(db: Database) {
  const said = db.prepare<[string], Said & { version: number }>(
    'SELECT standing, until, version FROM standings WHERE key = ?',
  );
  const events = createEventWriter(db);
  const begin = createBatchWriter(db);
  const audit = createActWriter(db);
  const write = db.prepare<Bound[]>(
    `INSERT OR REPLACE INTO standings (key, site, standing, until, reason, actor, at, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const bring = db.prepare<Bound[]>(
    `INSERT INTO standings (key, site, standing, until, reason, actor, at, version)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  );
  return {
    bringStanding(context: BatchContext, record: StandingRecord): boolean {
      const { key, site, standing, until, reason, by, at, version } = record;
      const { changes } = bring.run(key, site, standing, until, reason, JSON.stringify(by), at, version);
      if (changes > 0) context.invalidate({ kind: 'standings', site });
      return changes > 0;
    },

    setStanding(context: BatchContext, args: SetStandingArgs): SetStandingResult {
      const { record, expected, batch, act, spoken } = args;
      const { key, site, standing, until, reason, by, at, version } = record;
      const former = said.get(key) ?? null;
      const current = former?.version ?? FIRST_VERSION;
      if (current !== expected) return { set: false, version: current };
      const event = standingEvent(former, record, spoken);
      if (event) events.appendOther(event);
      write.run(key, site, standing, until, reason, JSON.stringify(by), at, version);
      if (batch) begin(batch);
      audit({ act });
      context.invalidate({ kind: 'standings', site });
      return { set: true };
    },
  };
}
