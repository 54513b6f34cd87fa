import type { Database } from 'better-sqlite3';
import type { CommentCommand } from '../../comments/commands.ts';
import type { Report } from '../../comments/comment.ts';
import type {
  CommentStore,
  ManyChange,
  ManyResult,
  Submission,
  SubmitResult,
} from '../../comments/comment-store.ts';
import { COUNTER_FIELDS, type Counts, NO_COUNTS } from '../../comments/counts.ts';
import { talliesOf } from '../../comments/tallies.ts';
import { duplicateHash } from './duplicate-hash.ts';
import type { GroupCommit } from './group-commit.ts';
import { createHistoryReader } from './history-rows.ts';
import { openReportsSql } from './operations/reports.ts';
import type { SubmitArgs } from './operations/submit.ts';
import type { KeptTotals } from './reads/kept-totals.ts';
import { createListing } from './reads/listing.ts';
import { createQueue } from './reads/queue.ts';
import { createFilteredQueue } from './reads/search.ts';
import { createStatementCache } from './reads/statement-cache.ts';
import { type Bound, COMMENT_COLUMNS, type CommentRow, commentOf, rowOf } from './rows.ts';

export interface Connections {
  /** The reading connection. */
  db: Database;
  commits: GroupCommit;
}

/** CommentStore on SQLite: reads here, writes through the writer. */
export function createCommentStore({ db, commits }: Connections, totals: KeptTotals): CommentStore {
  const cache = createStatementCache(db);
  const listing = createListing(db, cache);
  const queue = createQueue(db, cache);
  const filtered = createFilteredQueue(db, { queue, cache, totals });
  const byId = db.prepare<[string], CommentRow>(`SELECT ${COMMENT_COLUMNS} FROM comments WHERE id = ?`);
  const siteById = db.prepare<[string], Pick<CommentRow, 'id' | 'site'>>(
    'SELECT id, site FROM comments WHERE id = ?',
  );
  const byLegacyId = db.prepare<[string, string], CommentRow>(
    `SELECT ${COMMENT_COLUMNS} FROM comments WHERE site = ? AND legacy_id = ?`,
  );
  const historyOf = createHistoryReader(db);
  const reportsOf = db.prepare<[string], Report>(openReportsSql());
  const counts = createCounts(db);

  return {
    async submit(submission) {
      // No write of another comes late here: an earlier try has been stored by now, or never is.
      const there = submission.repeated ? byId.get(submission.comment.id) : undefined;
      if (there) return { kind: 'stored', comment: commentOf(there) };
      const outcome = await commits.execute('submit', submitArgs(submission));
      return outcome.kind === 'stored' ? storedResult(submission, outcome) : outcome;
    },
    async change(id, command) {
      const result = await commits.execute('change', { id, command });
      listing.forget(id);
      return result;
    },
    async changeMany(changes) {
      const results: ManyResult[] = [];
      for (const part of inTransactions(changes)) {
        results.push(...(await commits.execute('changeMany', part)));
        for (const { id } of part) listing.forget(id);
      }
      return results;
    },
    async find(id) {
      const row = byId.get(id);
      return row ? commentOf(row) : null;
    },
    findMany: async (ids) => ids.flatMap((id) => byId.get(id) ?? []).map(commentOf),
    sitesOf: async (ids) =>
      new Map(ids.flatMap((id) => siteById.get(id) ?? []).map(({ id, site }) => [id, site])),
    async findByLegacyId(site, legacyId) {
      const row = byLegacyId.get(site, legacyId);
      return row ? commentOf(row) : null;
    },
    history: async (id) => historyOf(id),
    async openReports(ids) {
      const found = ids.map((id) => [id, reportsOf.all(id)] as const);
      return new Map(found.filter(([, reports]) => reports.length > 0));
    },
    listPage: async (query) => listing.listPage(query),
    children: async (query) => listing.children(query),
    descendants: async (parents, limit) => listing.descendants(parents, limit),
    givesAgain: true,
    queue: filtered.queue,
    countQueue: filtered.countQueue,
    counts: async (scopes) => counts(scopes),
    oldestPending: async (sites) => queue.oldestPending(sites),
  };
}

/** Commands that take a comment's words out of the index. */
const TAKES_WORDS_OUT = new Set<CommentCommand['kind']>(['edit', 'erase', 'expire', 'remove', 'revise']);
/**
 * So many of these are as much work as several hundred decisions: each word is taken out of every list that it
 * stands in, at once and without a trace (FTS5's secure-delete).
 */
const FEW = 10;

/** What goes in one transaction, which every post waits for. */
function inTransactions(changes: ManyChange[]): ManyChange[][] {
  if (!changes.some(({ command }) => TAKES_WORDS_OUT.has(command.kind))) return [changes];
  return Array.from({ length: Math.ceil(changes.length / FEW) }, (_, i) =>
    changes.slice(i * FEW, (i + 1) * FEW),
  );
}

function submitArgs({ comment, page, duplicateKey, duplicateSince, act }: Submission): SubmitArgs {
  const values: Bound[] = Object.values(rowOf(comment));
  // `shown` and `n` are the writer's to say.
  values.push(0, duplicateHash(duplicateKey), duplicateKey, 0);
  return {
    values,
    page: [page.url, page.id, page.title],
    duplicateSince,
    act: act ?? null,
    tallies: talliesOf(comment, []).map(({ what }) => what),
  };
}

function storedResult(
  { comment }: Submission,
  { pageKey, ancestors, open }: { pageKey: string; ancestors: string[]; open: boolean },
): SubmitResult {
  return { kind: 'stored', comment: { ...comment, pageKey, ancestors, open } };
}

function createCounts(db: Database): (scopes: string[]) => Map<string, Counts> {
  const counters = db.prepare<[string], [scope: string, ...counts: number[]]>(countersSql()).raw();
  const replies = db.prepare<[string], number>('SELECT reply_count FROM comments WHERE id = ?').pluck();
  // One snapshot, so that counts of several scopes agree with each other.
  return db.transaction((scopes: string[]) => {
    const found = new Map<string, Counts>(scopes.map((scope) => [scope, { ...NO_COUNTS }]));
    for (const [scope, ...values] of counters.all(JSON.stringify(scopes))) {
      const counts = found.get(scope);
      for (const [i, field] of COUNTER_FIELDS.entries()) if (counts) counts[field] = values[i] ?? 0;
    }
    for (const [scope, counts] of found)
      if (scope.startsWith('r/')) counts.visible = replies.get(scope.slice(2)) ?? 0;
    return found;
  });
}

/** Scopes with what they count, in the order of COUNTER_FIELDS; binds the scopes as a JSON list. */
export function countersSql(): string {
  return `SELECT scope, ${COUNTER_FIELDS.join(', ')}
    FROM json_each(?) AS wanted CROSS JOIN counters ON scope = wanted.value`;
}
