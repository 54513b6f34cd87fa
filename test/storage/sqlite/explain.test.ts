import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Comment, STATUSES } from '../../../src/comments/comment.ts';
import type { PageQuery, QueueQuery, ThreadSort } from '../../../src/comments/comment-store.ts';
import type { Page } from '../../../src/sites/site.ts';
import { walkAliasesSql, walkCommentsSql, walkReferencesSql } from '../../../src/storage/sqlite/exports.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { isLedToSql, ledSql } from '../../../src/storage/sqlite/operations/aliases.ts';
import {
  deletedToMoveSql,
  listedToMoveSql,
  openMovesSql,
} from '../../../src/storage/sqlite/operations/moves.ts';
import { belowSql } from '../../../src/storage/sqlite/operations/visibility.ts';
import { joinedBySql } from '../../../src/storage/sqlite/page-lookup.ts';
import { keptCommentSql, OUTLINE_COLUMNS } from '../../../src/storage/sqlite/reads/kept-comments.ts';
import { createListing, descendantsSql } from '../../../src/storage/sqlite/reads/listing.ts';
import { createQueue } from '../../../src/storage/sqlite/reads/queue.ts';
import { createStatementCache } from '../../../src/storage/sqlite/reads/statement-cache.ts';
import { addressedSql, agedSql, enteredSql } from '../../../src/storage/sqlite/retention.ts';
import { aliasListSql, siteListSql, walkPagesSql } from '../../../src/storage/sqlite/sites.ts';
import { moderatorListSql } from '../../../src/storage/sqlite/staff.ts';
import { tokenListSql } from '../../../src/storage/sqlite/tokens.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { alias, authorKey, EPOCH } from '../../support/builders.ts';
import { fill, PAGES, SITES } from '../../support/skewed-comments.ts';
import { type Watched, watch } from '../../support/watched-sqlite.ts';

const ROWS = 10_000;
const LIMITS = [5, 20, 50];

describe(`the lists of the SQLite store at ${ROWS} comments`, () => {
  let dataDir: string;
  let storage: Storage;
  let watched: Watched;
  let comments: Comment[];
  const at = PAGES[0] as Page;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    storage = await openSqlite({ dataDir, inline: true });
    comments = await fill(storage, ROWS);
    for (let i = 0; i < 100; i++) {
      await storage.sites.addAlias(alias('one', `https://a.example/s${i}`, 'https://a.example/1'), at);
    }
    watched = watch(join(dataDir, 'gatehouse.db'));
  });

  afterAll(async () => {
    watched.db.close();
    await storage.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Walks one index by its own order. */
  const expectWalk = (plan: string[], index: string): void => {
    expect(plan.join('; ')).toMatch(new RegExp(`^SEARCH comments USING (COVERING )?INDEX ${index} \\(`));
    expect(plan).toHaveLength(1);
  };

  /** Merges walks of strands, each along its index by its own order, and reads the rows by their numbers. */
  const expectMerge = (plan: string[], voted: number): void => {
    const walks = plan.filter((step) => step.startsWith('SEARCH'));
    expect(walks.pop()).toBe('SEARCH comments USING INTEGER PRIMARY KEY (rowid=?)');
    for (const walk of walks)
      expect(walk).toMatch(/^SEARCH comments USING INDEX thread(_votes)? \(page_key=\? AND strand=\?/);
    expect(walks.filter((walk) => walk.includes('thread_votes'))).toHaveLength(voted);
    expect(plan.join('; ')).not.toMatch(/TEMP B-TREE|SCAN comments/);
  };

  it('the count of visited entries sees those that a condition drops', () => {
    const statement = watched.db.prepare<[], { id: string }>(
      "SELECT id FROM comments INDEXED BY queue_all WHERE deleted_at IS NULL AND site = 'one' AND text IS NULL ORDER BY id LIMIT 1",
    );
    watched.visited();
    expect(statement.all()).toEqual([]);
    const live = comments.filter((one, i) => one.site === 'one' && i % 7 !== 0).length;
    expect(watched.visited()).toBe(live);
    watched.plans.clear();
  });

  describe.each(['roots', 'all'] as const)('a page, %s', (depth) => {
    it.each(['oldest', 'newest', 'top'] as ThreadSort[])(
      'by %s visits no more entries than it gives and one of each strand, from anywhere and both ways',
      (sort) => {
        const listing = createListing(watched.db, createStatementCache(watched.db));
        const strands = depth === 'roots' ? 2 : 4;
        const middle = comments[ROWS / 2] as Comment;
        watched.plans.clear();
        for (const limit of LIMITS) {
          const plain: PageQuery = { site: at.site, pageKey: at.key, depth, sort, limit };
          for (const rest of [
            {},
            { from: { id: middle.id, value: 1 } },
            { from: { id: middle.id, value: 1 }, backwards: true, inclusive: true },
          ]) {
            watched.visited();
            const found = listing.listPage({ ...plain, ...rest });
            expect(found).toHaveLength(limit);
            expect(watched.visited()).toBeLessThanOrEqual(limit + strands);
          }
        }
        expect(watched.plans.size).toBe(3);
        for (const plan of watched.plans.values()) expectMerge(plan, sort === 'top' ? strands / 2 : 0);
      },
    );
  });

  it('the children of many parents visit no more entries than they give', () => {
    watched.plans.clear();
    const listing = createListing(watched.db, createStatementCache(watched.db));
    const parents = [...new Set(comments.flatMap((one) => one.parentId ?? []))];
    watched.visited();
    const found = listing.children({ parents, perParent: 20 });
    const given = [...found.values()].flat().length;
    expect(given).toBeGreaterThan(20);
    expect(watched.visited()).toBeLessThanOrEqual(given + parents.length);
    for (const plan of watched.plans.values()) expectWalk(plan, 'replies');
  });

  it('what stands below many parents is found along the index of replies, without a sort', () => {
    for (const sql of [descendantsSql(), descendantsSql(OUTLINE_COLUMNS)]) {
      const plan = watched.db.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
      const steps = plan.all(null, null).map((row) => row.detail);
      expect(steps.join('; ')).toMatch(/SEARCH c USING COVERING INDEX replies \(parent_id=\? AND shown=\?\)/);
      expect(steps.join('; ')).toMatch(/SEARCH comments USING INTEGER PRIMARY KEY/);
      expect(steps.join('; ')).not.toMatch(/SCAN c|TEMP B-TREE/);
    }
  });

  it('a comment whose outline is known is read by its number in the table', () => {
    const plan = watched.db.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${keptCommentSql()}`);
    expect(plan.all(null).map((row) => row.detail)).toEqual([
      'SEARCH comments USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
  });

  it('no list binds its limit bare, which would prepare its statement anew at every call', () => {
    const listing = createListing(watched.db, createStatementCache(watched.db));
    const queue = createQueue(watched.db, createStatementCache(watched.db));
    watched.plans.clear();
    listing.listPage({ site: at.site, pageKey: at.key, depth: 'all', sort: 'top', limit: 5 });
    queue.queue({ sites: SITES, status: 'all', sort: 'risk', limit: 5 });
    queue.countQueue({ sites: SITES, status: 'pending' }, 5);
    const lists = [
      ...watched.plans.keys(),
      aliasListSql(),
      walkPagesSql(),
      walkCommentsSql(),
      walkReferencesSql(),
      walkAliasesSql(),
      siteListSql(),
      tokenListSql(),
      descendantsSql(),
    ];
    expect(lists.length).toBeGreaterThan(5);
    for (const sql of lists) expect(sql).not.toMatch(/LIMIT \?/);
  });

  describe('the queue', () => {
    const since = EPOCH + (ROWS >> 3);
    const filters: [string, Partial<QueueQuery>, string][] = [
      ['of a status', { status: 'pending' }, 'queue_status'],
      ['of all', { status: 'all' }, 'queue_all'],
      ['of a status in a span', { status: 'approved', since, until: since + 500 }, 'queue_status'],
      ['of all in a span', { status: 'all', since }, 'queue_all'],
      ['of a page and status', { status: 'approved', pageKey: at.key }, 'queue_page'],
      ['of a page', { status: 'all', pageKey: at.key }, 'queue_page'],
      [
        'of an author and status',
        { status: 'approved', authorKey: authorKey('one', 'author-0') },
        'queue_author',
      ],
      ['of an author', { status: 'all', authorKey: authorKey('one', 'author-0') }, 'queue_author'],
    ];

    describe.each(filters)('%s', (_, rest, index) => {
      it.each([['one'], SITES])('keeps to 2 × limit and one per site (%s …)', (...sites) => {
        const queue = createQueue(watched.db, createStatementCache(watched.db));
        watched.plans.clear();
        for (const sort of ['oldest', 'newest'] as const) {
          for (const limit of LIMITS) {
            for (const from of [undefined, { id: (comments[ROWS / 2 + 2000] as Comment).id }]) {
              watched.visited();
              const found = queue.queue({ status: 'all', sites, sort, limit, from, ...rest });
              expect(found.length).toBeGreaterThan(0);
              expect(watched.visited()).toBeLessThanOrEqual(2 * limit + sites.length);
            }
          }
        }
        watched.visited();
        expect(queue.countQueue({ status: 'all', sites, ...rest }, 100)).toBeGreaterThan(0);
        expect(watched.visited()).toBeLessThanOrEqual(100 + sites.length);
        expect(watched.plans.size).toBeGreaterThanOrEqual(3);
        for (const plan of watched.plans.values()) {
          // A count walks the index in a subquery, which cuts it at the cap.
          expectWalk(
            plan.filter((step) => !step.includes('subquery')),
            index,
          );
        }
      });
    });

    it.each([...STATUSES, 'all'] as const)(
      'of %s by risk keeps to 2 × limit and one per site, from anywhere',
      (status) => {
        const queue = createQueue(watched.db, createStatementCache(watched.db));
        watched.plans.clear();
        for (const limit of LIMITS) {
          for (const from of [
            undefined,
            { id: (comments[3000] as Comment).id, value: 0.3 },
            { id: (comments[3000] as Comment).id, value: 0 },
          ]) {
            watched.visited();
            expect(queue.queue({ sites: ['one'], status, sort: 'risk', limit, from }).length).toBeGreaterThan(
              0,
            );
            expect(watched.visited()).toBeLessThanOrEqual(2 * limit + 1);
          }
        }
        for (const plan of watched.plans.values()) expectWalk(plan, 'queue_status_risk');
      },
    );

    it('of a page or author by risk takes the risky from their own index and no sort', () => {
      const queue = createQueue(watched.db, createStatementCache(watched.db));
      for (const [rest, index] of [
        [{ pageKey: at.key }, 'queue_page'],
        [{ authorKey: authorKey('one', 'author-0') }, 'queue_author'],
      ] as const) {
        watched.plans.clear();
        const query: QueueQuery = { sites: ['one'], status: 'approved', sort: 'risk', limit: 20, ...rest };
        watched.visited();
        const found = queue.queue(query);
        expect(found.every((one) => one.risk > 0)).toBe(true);
        expect(watched.visited()).toBeLessThanOrEqual(21);
        const last = found.at(-1) as Comment;
        queue.queue({ ...query, limit: 2000, from: { id: last.id, value: last.risk } });
        const [risky, ...others] = [...watched.plans.values()];
        expectWalk(risky ?? [], `${index}_risk`);
        for (const plan of others)
          expect(plan.join()).toMatch(new RegExp(`^SEARCH comments USING INDEX ${index}(_risk)? `));
        expect(others.length).toBeGreaterThan(0);
      }
    });

    it('of one author on one page walks the author’s entries and no others', () => {
      const queue = createQueue(watched.db, createStatementCache(watched.db));
      watched.plans.clear();
      const author = authorKey('one', 'author-0');
      const key = (PAGES[2] as Page).key;
      const theirs = comments.filter((one) => one.author.key === author && one.status === 'approved').length;
      watched.visited();
      queue.queue({
        sites: ['one'],
        status: 'approved',
        authorKey: author,
        pageKey: key,
        sort: 'oldest',
        limit: 20,
      });
      expect(watched.visited()).toBeLessThanOrEqual(theirs);
      expect(
        queue.countQueue({ sites: ['one'], status: 'approved', authorKey: author, pageKey: key }, 10_000),
      ).toBeGreaterThanOrEqual(0);
      for (const plan of watched.plans.values()) {
        expectWalk(
          plan.filter((step) => !step.includes('subquery')),
          'queue_author',
        );
      }
    });

    it('finds the oldest pending comment with one entry per site', () => {
      watched.plans.clear();
      const queue = createQueue(watched.db, createStatementCache(watched.db));
      watched.visited();
      expect(queue.oldestPending(SITES)).not.toBeNull();
      expect(watched.visited()).toBeLessThanOrEqual(SITES.length);
      for (const plan of watched.plans.values()) expectWalk(plan, 'queue_status');
    });
  });

  it.each(['open', 'close'] as const)('what follows a comment to %s is found along indexes', (way) => {
    watched.plans.clear();
    watched.db.prepare(belowSql(way));
    const steps = [...watched.plans.values()].flat().filter((step) => /SCAN|SEARCH/.test(step));
    expect(steps).toHaveLength(5);
    expect(steps.filter((step) => !/^SCAN below$|^SEARCH (comments|c) USING INDEX /.test(step))).toEqual([]);
  });

  it('what is kept for a while is walked by id, an entry for each comment looked at', () => {
    watched.plans.clear();
    const sql = [agedSql(), addressedSql()] as const;
    const aged = watched.db.prepare<unknown[], { id: string }>(sql[0]);
    const addressed = watched.db.prepare<unknown[], { id: string }>(sql[1]);
    for (const limit of LIMITS) {
      watched.visited();
      expect(aged.all('one', 'spam', '', '~', limit)).toHaveLength(limit);
      expect(addressed.all('one', (comments[ROWS / 2] as Comment).id, '~', limit)).toHaveLength(limit);
      expect(watched.visited()).toBe(2 * limit);
    }
    expectWalk(watched.plans.get(sql[0]) ?? [], 'queue_status');
    expectWalk(watched.plans.get(sql[1]) ?? [], 'queue_all');
  });

  it('a step of a move reads the comments that it takes along and no others', () => {
    watched.plans.clear();
    const [listed, deleted] = [listedToMoveSql(), deletedToMoveSql()];
    watched.visited();
    for (const limit of LIMITS) {
      for (const sql of [listed, deleted])
        expect(watched.db.prepare(sql).all('one', at.key, limit)).toHaveLength(limit);
      expect(watched.visited()).toBe(2 * limit);
    }
    expectWalk(watched.plans.get(listed) ?? [], 'queue_page');
    expectWalk(watched.plans.get(deleted) ?? [], 'deleted_comments');
  });

  it('the aliases that lead to an address are found along their index, whatever else the site has', () => {
    const plan = watched.db.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${ledSql()}`);
    const steps = plan.all(null, null).map((row) => row.detail);
    expect(steps).toContain('SEARCH aliases USING INDEX aliases_leading (site=? AND page=?)');
    expect(steps.filter((step) => /SCAN/.test(step) && !/^SCAN (way|CONSTANT ROW)$/.test(step))).toEqual([]);
  });

  it.each([
    [
      'whether an alias leads to an address',
      isLedToSql(),
      /^SEARCH aliases USING COVERING INDEX aliases_leading/,
    ],
    ['the alias that joined a page', joinedBySql(), /^SEARCH aliases USING COVERING INDEX aliases_joining/],
    ['moves that are open', openMovesSql(), /^SEARCH meta USING PRIMARY KEY \(name>\? AND name<\?\)/],
    ['sites', siteListSql(), /^SEARCH sites USING INDEX sites_newest/],
    ['aliases', aliasListSql(), /^SEARCH aliases USING INDEX aliases_newest/],
    ['the walk over pages', walkPagesSql(), /^SEARCH pages USING PRIMARY KEY/],
    ['the walk over names of pages', walkReferencesSql(), /^SEARCH page_references USING PRIMARY KEY/],
    ['the walk over aliases', walkAliasesSql(), /^SEARCH aliases USING PRIMARY KEY/],
    ['tokens', tokenListSql(), /^SEARCH tokens USING PRIMARY KEY/],
    ['moderators', moderatorListSql(), /^SEARCH moderators USING PRIMARY KEY/],
    [
      'a moderator by address',
      'SELECT body FROM moderators WHERE email_key = ?',
      /^SEARCH moderators USING INDEX sqlite_autoindex_moderators/,
    ],
    [
      'a moderator by link',
      'SELECT body FROM moderators WHERE link_hash = ?',
      /^SEARCH moderators USING INDEX sqlite_autoindex_moderators/,
    ],
    [
      'another active admin',
      "SELECT 1 FROM moderators WHERE role = 'admin' AND state = 'active' AND id <> ? LIMIT 1",
      /USING (COVERING )?INDEX active_admins/,
    ],
    ['a session', 'SELECT * FROM sessions WHERE hash = ?', /^SEARCH sessions USING PRIMARY KEY/],
    [
      'the sessions of a moderator',
      'SELECT hash FROM sessions WHERE moderator_id = ? ORDER BY created_at DESC',
      /^SEARCH sessions USING COVERING INDEX sessions_of/,
    ],
    ['a counter', 'SELECT * FROM counters WHERE scope = ?', /^SEARCH counters USING PRIMARY KEY/],
    [
      'a history',
      'SELECT * FROM history WHERE comment_id = ? ORDER BY seq',
      /^SEARCH history USING PRIMARY KEY/,
    ],
    ['when a status began', enteredSql(), /^SEARCH history USING PRIMARY KEY/],
    [
      'a legacy id',
      'SELECT id FROM comments WHERE site = ? AND legacy_id = ?',
      /^SEARCH comments USING INDEX legacy_ids/,
    ],
    ['a page', 'SELECT * FROM pages WHERE site = ? AND key = ?', /^SEARCH pages USING PRIMARY KEY/],
    [
      'a reference',
      'SELECT key FROM page_references WHERE site = ? AND reference = ?',
      /^SEARCH page_references USING PRIMARY KEY/,
    ],
    [
      'an alias',
      'SELECT page FROM aliases WHERE site = ? AND alias = ?',
      /^SEARCH aliases USING PRIMARY KEY/,
    ],
    [
      'an idempotency key',
      'SELECT * FROM idempotency WHERE key = ? AND at >= ?',
      /^SEARCH idempotency USING PRIMARY KEY/,
    ],
  ])('%s: found along an index, without a sort', (_, sql, expected) => {
    const plan = watched.db.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const rows = plan.all(...Array((sql.match(/\?/g) ?? []).length).fill(null)).map((row) => row.detail);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatch(expected);
  });

  it('the walk over comments goes by their ids, and looks up whose copies they are', () => {
    const plan = watched.db.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${walkCommentsSql()}`);
    const rows = plan.all(null, null, null).map(({ detail }) => detail);
    const [walk, ...others] = rows.filter((detail) => !detail.startsWith('CORRELATED SCALAR'));
    expect(walk).toMatch(/^SEARCH c USING INDEX sqlite_autoindex_comments_\d \(id>\?\)$/);
    const copy = 'SEARCH copies USING COVERING INDEX copies_by_id (site=? AND id=?)';
    expect(others).toEqual([copy, copy]);
  });
});
