import type { Database } from 'better-sqlite3';
import type { Actor, PhaseOutcome } from '../../comments/comment.ts';
import { type TalliedComment, talliesOf } from '../../comments/tallies.ts';
import { createHistoryReader } from './history-rows.ts';
import { removalMark } from './operations/sites.ts';
import type { CommentRow } from './rows.ts';
import type { Found } from './verify-found.ts';

type Row = Pick<CommentRow, 'id' | 'site' | 'created_at' | 'status' | 'decided_by' | 'screening'>;
interface Sum {
  site: string;
  slot: number;
  what: string;
  n: number;
}

const talliedOf = ({ created_at, status, decided_by, screening }: Row): TalliedComment => ({
  createdAt: created_at,
  status,
  decidedBy: decided_by === null ? null : (JSON.parse(decided_by) as Actor),
  screening: JSON.parse(screening) as PhaseOutcome[],
});

/** Tallies of statistics that are not what comments and their histories say. They are few: all are in memory. */
export function* wrongTallies(db: Database): Generator<Found> {
  const due = dueTallies(db);
  const isGoing = removals(db);
  const found = ({ site, slot, what, n }: Sum, should: number): Found => ({
    difference: { what: 'tally', where: `${site} ${slot} ${what}`, kept: n, due: should },
    mending: { what: 'tally', site, slot, tally: what, by: should - n },
  });
  for (const kept of db.prepare<[], Sum>('SELECT site, slot, what, n FROM tallies').iterate()) {
    const key = keyOf(kept);
    const should = due.get(key)?.n ?? 0;
    due.delete(key);
    if (kept.n !== should && !isGoing(kept.site)) yield found(kept, should);
  }
  for (const lacking of due.values())
    if (!isGoing(lacking.site)) yield found({ ...lacking, n: 0 }, lacking.n);
}

const keyOf = ({ site, slot, what }: Omit<Sum, 'n'>): string => `${site}/${slot}/${what}`;

function dueTallies(db: Database): Map<string, Sum> {
  const historyOf = createHistoryReader(db);
  const rows = db.prepare<[], Row>(
    'SELECT id, site, created_at, status, decided_by, screening FROM comments',
  );
  const sums = new Map<string, Sum>();
  for (const row of rows.iterate()) {
    const { site } = row;
    for (const { slot, what, by } of talliesOf(talliedOf(row), historyOf(row.id))) {
      const key = keyOf({ site, slot, what });
      const sum = sums.get(key);
      if (sum) sum.n += by;
      else sums.set(key, { site, slot, what, n: by });
    }
  }
  return sums;
}

/** Sites whose removal is under way: their rows go part by part. */
function removals(db: Database): (site: string) => boolean {
  const mark = db.prepare<[string], number>('SELECT 1 FROM meta WHERE name = ?').pluck();
  return (site) => mark.get(removalMark(site)) !== undefined;
}
