import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Comment } from '../../../src/comments/comment.ts';
import type { QueueQuery } from '../../../src/comments/comment-store.ts';
import type { AuditEntry } from '../../../src/moderation/audit.ts';
import { createAuditList } from '../../../src/storage/sqlite/audit.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { createQueue } from '../../../src/storage/sqlite/reads/queue.ts';
import { createStatementCache } from '../../../src/storage/sqlite/reads/statement-cache.ts';
import { talliesSql } from '../../../src/storage/sqlite/stats.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { AUDIT_COMMENTS, AUDIT_QUERIES, fillAudit } from '../../support/audit-entries.ts';
import { authorKey, report } from '../../support/builders.ts';
import { fill, PAGES, SITES } from '../../support/skewed-comments.ts';
import { type Watched, watch } from '../../support/watched-sqlite.ts';

const ROWS = 10_000;
const LIMITS = [5, 20, 50];

/** One walk along an index, no sort. */
function expectWalks(watched: Watched, table: string, index: RegExp): void {
  expect(watched.plans.size).toBeGreaterThan(0);
  for (const plan of watched.plans.values()) {
    const steps = plan.filter((step) => !step.includes('subquery'));
    expect(steps.join('; ')).toMatch(new RegExp(`^SEARCH ${table} USING (COVERING )?${index.source} \\(`));
    expect(steps).toHaveLength(1);
  }
}

describe(`reported comments and the audit of the SQLite store at ${ROWS}`, () => {
  let dataDir: string;
  let storage: Storage;
  let watched: Watched;
  let reported: Comment[];
  let entries: AuditEntry[];

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    storage = await openSqlite({ dataDir, inline: true });
    const comments = await fill(storage, ROWS);
    reported = comments.filter((one, i) => one.status === 'approved' && i % 7 !== 0 && i % 2 === 0);
    for (let start = 0; start < reported.length; start += 500) {
      const some = reported.slice(start, start + 500);
      await Promise.all(some.map((one) => storage.comments.change(one.id, report(one, 'a reader'))));
    }
    entries = await fillAudit(storage, ROWS);
    watched = watch(join(dataDir, 'gatehouse.db'));
  });

  afterAll(async () => {
    watched.db.close();
    await storage.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  const narrowed: [string, Partial<QueueQuery>, string][] = [
    ['', {}, 'queue_reported'],
    ['of a page', { pageKey: PAGES[0]?.key }, 'queue_reported_page'],
    ['of an author', { authorKey: authorKey('one', 'author-0') }, 'queue_reported_author'],
    ['since a moment', { since: 1 }, 'queue_reported'],
  ];
  const asked = narrowed.flatMap(([name, rest, index]) =>
    (['oldest', 'newest', 'risk'] as const).map((sort) => [name, sort, rest, index] as const),
  );

  it.each(asked)('the reported %s by %s keep to 2 × limit and one per site', (_name, sort, rest, index) => {
    const queue = createQueue(watched.db, createStatementCache(watched.db));
    const risky = reported.filter((one) => one.risk > 0 && one.site === 'one');
    const middle = risky[risky.length >> 1] as Comment;
    watched.plans.clear();
    for (const sites of [['one'], SITES]) {
      for (const limit of LIMITS) {
        for (const from of [undefined, { id: middle.id, value: middle.risk }, { id: middle.id, value: 0 }]) {
          watched.visited();
          const found = queue.queue({ sites, status: 'reported', sort, limit, from, ...rest });
          expect(found.length).toBeGreaterThan(0);
          expect(watched.visited()).toBeLessThanOrEqual(2 * limit + sites.length);
        }
      }
      watched.visited();
      expect(queue.countQueue({ sites, status: 'reported', ...rest }, 100)).toBeGreaterThan(0);
      expect(watched.visited()).toBeLessThanOrEqual(100 + sites.length);
    }
    expectWalks(watched, 'comments', new RegExp(`INDEX ${index}(?:_risk)?`));
  });

  const scopes: [string, string[] | null][] = [
    ['one site', ['one']],
    ['several sites', SITES],
    ['all sites', null],
  ];
  const questions = scopes.flatMap(([scope, sites]) =>
    AUDIT_QUERIES.map(([name, query]) => [scope, name, sites, query] as const),
  );

  it.each(questions)('the audit of %s, %s, keeps to 2 × limit and one per site', (_s, _n, sites, query) => {
    const list = createAuditList(watched.db);
    // Every site there is an entry of, no site among them; to find them takes as many again.
    const walked = sites === null ? 2 * (SITES.length + 1) : sites.length;
    for (const limit of LIMITS) {
      for (const before of [undefined, entries[ROWS / 2]?.id]) {
        watched.visited();
        const found = list({ sites, limit, before, ...query });
        expect(found.length).toBeGreaterThan(0);
        expect(watched.visited()).toBeLessThanOrEqual(2 * limit + walked);
      }
    }
  });

  it('the audit’s walks follow their indexes, without a sort', () => {
    watched.plans.clear();
    const list = createAuditList(watched.db);
    for (const [, , sites, query] of questions) list({ sites, limit: 10, ...query });
    const walks = [...watched.plans].filter(([sql]) => !sql.startsWith('WITH'));
    expect(walks.length).toBeGreaterThan(12);
    for (const [sql, plan] of walks) {
      const index = /INDEXED BY (\w+)/.exec(sql)?.[1];
      const expected = index === undefined ? 'PRIMARY KEY' : `INDEX ${index}`;
      expect(plan).toHaveLength(1);
      expect(plan[0]).toMatch(new RegExp(`^SEARCH audit USING (COVERING )?${expected} \\(`));
    }
  });

  it('statistics read a site’s tallies of those days and no others', () => {
    const plan = watched.db.prepare(`EXPLAIN QUERY PLAN ${talliesSql()}`).all('one', 1, 2) as {
      detail: string;
    }[];
    expect(plan[0]?.detail).toBe('SEARCH tallies USING PRIMARY KEY (site=? AND slot>? AND slot<?)');
  });

  it('of one comment goes through that comment’s entries and no others', () => {
    const list = createAuditList(watched.db);
    const [, commentId = ''] = AUDIT_COMMENTS;
    const theirs = entries.filter((entry) => entry.commentId === commentId);
    watched.visited();
    const found = list({ sites: null, commentId, by: theirs[0]?.by.id, limit: 200 });
    expect(found.length).toBeGreaterThan(0);
    expect(watched.visited()).toBeLessThanOrEqual(theirs.length + 1);
  });
});
