import type { Database } from 'better-sqlite3';
import { type Comment, STATUSES } from '../../../comments/comment.ts';
import type { QueueQuery } from '../../../comments/comment-store.ts';
import { createNumbered, LISTED_COLUMNS, type ListedRow, listedOf } from './listed-rows.ts';
import { mergeSources, type Source } from './merge.ts';
import { countSql, type ListFilter, oldestPendingSql, partsOf, type Stream, walkSql } from './queue-sql.ts';
import type { StatementCache } from './statement-cache.ts';

/**
 * The moderators' queue. One site with one status is one walk along one index; several sites, and all
 * statuses where no index holds them together, are merged lazily.
 */
export interface Queue {
  queue(query: ListQuery): Comment[];
  countQueue(filter: ListFilter, cap: number): number;
  oldestPending(sites: string[]): number | null;
}

export type ListQuery = ListFilter & Pick<QueueQuery, 'sort' | 'from' | 'limit'>;

/** A place in a stream: the row, and what orders it. */
interface Entry {
  n: number;
  id: string;
  risk_order: number;
}

export function createQueue(db: Database, cache: StatementCache): Queue {
  const numbered = createNumbered(db);
  const oldest = db.prepare<[string], number>(oldestPendingSql()).pluck();

  function read<Row>(query: ListQuery, stream: Stream, columns: string): Row[] {
    const rows: Row[] = [];
    for (const part of partsOf(query)) {
      const { sql, binds } = walkSql({ ...query, part }, stream, columns);
      const statement = cache<Row>(sql);
      if (columns === LISTED_COLUMNS) statement.raw();
      rows.push(...statement.all(...binds, query.limit - rows.length));
      if (rows.length >= query.limit) break;
    }
    return rows;
  }

  function source(query: ListQuery, stream: Stream): Source<Entry> {
    // Only what is compared is read: the entries of an index hold it, the rows are left alone.
    const columns = `n, id, ${query.sort === 'risk' ? 'risk_order' : '0 AS risk_order'}`;
    return (after, limit) => {
      const from = after ? { id: after.id, value: -after.risk_order } : query.from;
      return read<Entry>({ ...query, from, limit }, stream, columns);
    };
  }

  function merged(query: ListQuery, streams: Stream[]): Comment[] {
    const entries = mergeSources(
      streams.map((stream) => source(query, stream)),
      {
        compare: comparison(query.sort),
        limit: query.limit,
        most: 2 * query.limit + new Set(query.sites).size,
      },
    );
    return numbered(entries.map((entry) => entry.n));
  }

  return {
    // One snapshot: what is merged was true at one moment.
    queue: db.transaction((query: ListQuery) => {
      const streams = streamsOf(query, query.sort === 'risk');
      const [only, ...others] = streams;
      if (!only) return [];
      if (others.length > 0 || query.mark !== undefined) return merged(query, streams);
      return read<ListedRow>(query, only, LISTED_COLUMNS).map(listedOf);
    }),
    countQueue: db.transaction((filter: ListFilter, cap: number) => {
      let total = 0;
      for (const stream of streamsOf(filter, false)) {
        if (total >= cap) break;
        const { sql, binds } = countSql(filter, stream);
        total += cache<{ n: number }>(sql).get(...binds, cap - total)?.n ?? 0;
      }
      return total;
    }),
    oldestPending(sites) {
      const moments = sites.flatMap((site) => oldest.get(site) ?? []);
      return moments.length > 0 ? Math.min(...moments) : null;
    },
  };
}

/** Without page, author, mark and risk one index holds all statuses of a site; else there is one stream for each. */
function streamsOf({ sites, status, authorKey, pageKey, mark }: ListFilter, byRisk: boolean): Stream[] {
  const narrowed = authorKey !== undefined || pageKey !== undefined || mark !== undefined;
  const together = !narrowed && !byRisk;
  const statuses = status !== 'all' ? [status] : together ? [null] : STATUSES;
  return [...new Set(sites)].flatMap((site) => statuses.map((one) => ({ site, status: one })));
}

function comparison(sort: QueueQuery['sort']): (a: Entry, b: Entry) => number {
  const byId = (a: Entry, b: Entry): number => (a.id < b.id ? -1 : Number(a.id > b.id));
  if (sort === 'oldest') return byId;
  return sort === 'newest' ? (a, b) => byId(b, a) : (a, b) => a.risk_order - b.risk_order || byId(a, b);
}
