import { type Counts, COUNTER_FIELDS as FIELDS, NO_COUNTS } from '../../comments/counts.ts';
import { deltasOfEntry, type TailOwner } from './comment-doc.ts';
import type { Database } from './database.ts';
import type { CounterDoc } from './documents.ts';
import { type JournalReader, type JournalView, notFolding } from './journal.ts';
import { addPage, noReach, type Reach, readUnfolded } from './unfolded.ts';

function add(to: Counts, by: Partial<Counts>): void {
  for (const field of FIELDS) to[field] += by[field] ?? 0;
}

/** Where the unfolded changes of a counter may be: a page's on its page, all others anywhere in the site. */
function reachOf(scopes: string[]): Reach {
  const reach = noReach();
  for (const scope of scopes) {
    const [kind, site = '', page = ''] = scope.split('/');
    if (kind === 'p') addPage(reach, site, page);
    else reach.sites.add(site);
  }
  return reach;
}

function sum(
  scopes: string[],
  docs: CounterDoc[],
  owners: TailOwner[],
  journal: JournalView,
): Map<string, Counts> {
  const counts = new Map<string, Counts>(scopes.map((scope) => [scope, { ...NO_COUNTS }]));
  const stored = new Map(docs.map((doc) => [doc._id, doc]));
  for (const [scope, total] of counts) {
    const doc = stored.get(scope);
    if (doc) add(total, doc);
    // A counter that the batch has not reached yet: the journal knows by how much it will move.
    if ((doc?.batch ?? 0) < journal.seq) add(total, journal.counters.get(scope) ?? {});
  }
  for (const owner of owners) {
    for (const entry of notFolding(owner, journal)) {
      for (const delta of deltasOfEntry(owner, entry)) {
        const total = counts.get(delta.scope);
        if (total) total[delta.field] += delta.by;
      }
    }
  }
  return counts;
}

/** The counters of each scope, true at this moment; zeros where nothing was counted. */
export async function readCounts(
  database: Database,
  journals: JournalReader,
  scopes: string[],
): Promise<Map<string, Counts>> {
  if (scopes.length === 0) return new Map();
  const reach = reachOf(scopes);
  const { value, journal } = await journals.read(() =>
    Promise.all([database.counters.find({ _id: { $in: scopes } }).toArray(), readUnfolded(database, reach)]),
  );
  return sum(scopes, value[0], value[1], journal);
}
