import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { AuthorSort } from '../../../src/authors/author-store.ts';
import type { PageSort } from '../../../src/sites/page-rules.ts';
import { approvedNamesSql, standingsSql } from '../../../src/storage/sqlite/authors.ts';
import { openForReading } from '../../../src/storage/sqlite/connection.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import {
  authorsSql,
  countAuthorsSql,
  countPagesSql,
  pagesSql,
} from '../../../src/storage/sqlite/reads/directory-sql.ts';
import type { Walk } from '../../../src/storage/sqlite/reads/queue-sql.ts';
import { authorKey, freshId, page } from '../../support/builders.ts';
import { type Watched, watch } from '../../support/watched-sqlite.ts';

const ROWS = 10_000;
const LIMITS = [5, 20, 50];

describe(`the directories of the SQLite store at ${ROWS} authors and pages`, () => {
  let dataDir: string;
  let watched: Watched;
  let plain: Database;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    const file = join(dataDir, 'gatehouse.db');
    const db = openDatabase(file);
    const author = db.prepare(
      `INSERT INTO authors (key, site, names, words, last_id, comments, approved, rejected, spam, approved_under_name)
       VALUES (?, ?, '[]', ?, ?, ?, ?, ?, 0, 1)`,
    );
    const facts = db.prepare(
      'INSERT INTO page_facts (site, key, last_id, comments, words) VALUES (?, ?, ?, ?, ?)',
    );
    db.transaction(() => {
      for (let i = 0; i < ROWS; i++) {
        const site = i % 3 ? 'one' : 'two';
        const lastId = freshId(i * 7919);
        author.run(authorKey(site, `a${i}`), site, i % 2 ? ' ali' : ' mina', lastId, 1 + (i % 9), 1, i % 4);
        facts.run(site, page(site, `https://a.example/${i}`).key, lastId, i % 9, i % 2 ? ' news' : ' story');
      }
    })();
    db.close();
    watched = watch(file);
    plain = openForReading(file);
  });

  afterAll(async () => {
    watched.db.close();
    plain.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  /** What a walk gives and visits, with its one step's plan. */
  function cost({ sql, binds }: Walk, limit: number): { found: unknown[]; visited: number; plan: string } {
    watched.plans.clear();
    watched.visited();
    const found = watched.db.prepare<unknown[], unknown>(sql).all(...binds, limit);
    const plan = [...watched.plans.values()].flat().filter((step) => !step.includes('subquery'));
    expect(plan).toHaveLength(1);
    return { found, visited: watched.visited(), plan: plan[0] ?? '' };
  }

  it.each(['recent', 'comments', 'rejected'] as AuthorSort[])(
    'authors by %s are walked along its index',
    (sort) => {
      for (const limit of LIMITS) {
        for (const from of [undefined, { key: 'n', value: sort === 'recent' ? freshId(ROWS * 4000) : 2 }]) {
          const query = { sites: ['one'], sort, limit, from };
          const { found, visited, plan } = cost(authorsSql(query, 'one', 'authors.key'), limit);
          expect(found).toHaveLength(limit);
          expect(visited).toBeLessThanOrEqual(limit + 1);
          expect(plan).toMatch(new RegExp(`^SEARCH authors USING (COVERING )?INDEX authors_${sort} \\(`));
        }
      }
    },
  );

  it.each(['recent', 'comments'] as PageSort[])('pages by %s are walked along its index', (sort) => {
    for (const limit of LIMITS) {
      for (const from of [undefined, { key: 'n', value: sort === 'recent' ? freshId(ROWS * 4000) : 2 }]) {
        const { found, visited, plan } = cost(pagesSql({ site: 'one', sort, limit, from }), limit);
        expect(found).toHaveLength(limit);
        expect(visited).toBeLessThanOrEqual(limit + 1);
        expect(plan).toMatch(new RegExp(`^SEARCH page_facts USING (COVERING )?INDEX pages_${sort} \\(`));
      }
    }
  });

  it('a common word and a common standing are found along the way, without a sort', () => {
    const measures = new Map([['one', { approvals: 1, maxRejectedShare: 0.3 }]]);
    for (const rest of [{ words: [[['ali']]] }, { trust: { is: 'known' as const, measures } }]) {
      const query = { sites: ['one'], sort: 'recent' as const, limit: 50, ...rest };
      const { found, visited } = cost(authorsSql(query, 'one', 'authors.key'), 50);
      expect(found).toHaveLength(50);
      expect(visited).toBeLessThan(500);
    }
    expect(
      cost(pagesSql({ site: 'one', sort: 'recent', words: [[['news']]], limit: 50 }), 50).visited,
    ).toBeLessThan(500);
  });

  it('a count goes no further than its cap', () => {
    expect(cost(countAuthorsSql({ sites: ['one'] }, 'one'), 100).visited).toBeLessThanOrEqual(101);
    expect(cost(countPagesSql({ site: 'one' }), 100).visited).toBeLessThanOrEqual(101);
  });

  it.each([
    [
      'the named authors',
      authorsSql({ sites: ['one'], only: ['a'], sort: 'recent', limit: 5 }, 'one', 'authors.key').sql,
    ],
    ['one author', 'SELECT * FROM authors WHERE key = ?'],
    ['the standings of a site', standingsSql()],
    ['names of approved comments', approvedNamesSql()],
    ['one standing', 'SELECT * FROM standings WHERE key = ?'],
  ])('%s: found by key or index, no table walked', (_, sql) => {
    const plan = plain.prepare<null[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`);
    const steps = plan.all(...Array((sql.match(/\?/g) ?? []).length).fill(null)).map((row) => row.detail);
    expect(steps.filter((step) => /^SCAN (?!wanted|\(subquery)/.test(step))).toEqual([]);
  });
});
