import { type Counts, COUNTER_FIELDS as FIELDS, NO_COUNTS } from '../../comments/counts.ts';
import { createBatcher, done } from './batcher.ts';
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

/** Reads counters. */
export interface CountReader {
  /** The counters of each scope, true at this moment; zeros where nothing was counted. */
  read(scopes: string[]): Promise<Map<string, Counts>>;
}

/** Those that are asked for together are read together, and so is what is not folded into them. */
export function createCountReader(
  database: Pick<Database, 'comments' | 'counters'>,
  journals: JournalReader,
): CountReader {
  async function readAll(scopes: string[]): Promise<Map<string, Counts>> {
    const reach = reachOf(scopes);
    const stored = () =>
      database.counters
        .find({ _id: { $in: scopes } })
        .batchSize(10_000)
        .toArray();
    const { value, journal } = await journals.read(() =>
      Promise.all([stored(), readUnfolded(database, reach)]),
    );
    return sum(scopes, value[0], value[1], journal);
  }
  const reads = createBatcher<string[], Map<string, Counts>>(
    async (asked) => {
      const all = await readAll([...new Set(asked.flat())]);
      return asked.map((scopes) =>
        done(new Map(scopes.map((scope) => [scope, { ...(all.get(scope) ?? NO_COUNTS) }]))),
      );
    },
    { max: 50, lanes: 4 },
  );
  return { read: async (scopes) => (scopes.length === 0 ? new Map() : reads.add(scopes)) };
}
