import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { batchPartsSql, openBatchesSql } from '../../../src/storage/sqlite/batches.ts';
import { heldClaimsSql, runningClaimsSql } from '../../../src/storage/sqlite/claims.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { historiesSql } from '../../../src/storage/sqlite/history-rows.ts';
import { unfinishedImportsSql } from '../../../src/storage/sqlite/imports.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { groundsSql } from '../../../src/storage/sqlite/operations/change-grounds.ts';
import { trimmedAuditSql } from '../../../src/storage/sqlite/operations/retention.ts';
import { importsOfSiteSql } from '../../../src/storage/sqlite/retention.ts';

const ROWS = 10_000;

/** Batches and claims of a large SQLite file are found by their indexes. */
describe(`batches and claims of the SQLite store at ${ROWS}`, () => {
  let dataDir: string;
  let db: Database;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-explain-'));
    await (await openSqlite({ dataDir, inline: true })).close();
    db = openDatabase(join(dataDir, 'gatehouse.db'));
    const claim = db.prepare('INSERT INTO claims VALUES (?, ?, ?, ?, ?, 1)');
    const batch = db.prepare("INSERT INTO batches VALUES (?, ?, '{}', '{}')");
    const one = db.prepare("INSERT INTO imports VALUES (?, 'site', ?, '', 0, '{}', '{}')");
    const part = db.prepare("INSERT INTO batch_parts VALUES (?, ?, '[]')");
    db.transaction(() => {
      for (let i = 0; i < ROWS; i++) {
        claim.run(`comment-${i}`, 'site', `actor-${i % 20}`, '{}', i);
        batch.run(`batch-${i}`, Number(i % 5000 === 0));
        part.run(`batch-${i}`, 0);
        one.run(`import-${i}`, Number(i % 5000 === 0));
      }
    })();
  });
  afterAll(async () => {
    db.close();
    await rm(dataDir, { recursive: true, force: true });
  });

  it.each([
    ['a person’s claims', heldClaimsSql(), 'SEARCH claims USING INDEX claims_actor (actor_id=?)'],
    [
      'everybody’s claims',
      runningClaimsSql(),
      'SEARCH claims USING INDEX claims_ended (until>? AND until<?)',
    ],
    ['batches that are open', openBatchesSql(), 'SCAN batches USING COVERING INDEX batches_open'],
    [
      'imports that are not at their end',
      unfinishedImportsSql(),
      'SCAN imports USING COVERING INDEX imports_open',
    ],
    ['imports of a site', importsOfSiteSql(), 'SEARCH imports USING INDEX imports_of_site (site=?)'],
    [
      'the oldest of a site’s audit',
      trimmedAuditSql(),
      'SEARCH audit USING COVERING INDEX audit_site (site=? AND id<?)',
    ],
    [
      'the parts of a batch',
      batchPartsSql(),
      'SEARCH batch_parts USING INDEX sqlite_autoindex_batch_parts_1 (batch_id=?)',
    ],
    [
      'claims that ran out',
      'DELETE FROM claims WHERE until <= ? ORDER BY until LIMIT 200',
      'SEARCH claims USING COVERING INDEX claims_ended (until<?)',
    ],
  ])('%s', (_, sql, plan) => {
    const binds = Array((sql.match(/\?/g) ?? []).length).fill(0);
    const rows = db.prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all(...binds);
    // A removal finds its rows by the index, then each by its key.
    expect(rows.at(-1)?.detail).toBe(plan);
    const rest = rows.slice(0, -1).map(({ detail }) => detail);
    expect(rest.filter((step) => !/^SEARCH claims USING PRIMARY KEY|^LIST SUBQUERY/.test(step))).toEqual([]);
  });

  it.each([
    [
      'comments that are decided together',
      groundsSql('comments.status'),
      [
        'SEARCH comments USING INDEX sqlite_autoindex_comments_1 (id=?)',
        'SEARCH reports USING PRIMARY KEY (comment_id=?)',
        'SEARCH below USING COVERING INDEX replies (parent_id=?)',
        'SEARCH lessons USING INDEX lessons_that_stand (comment_id=?)',
      ],
    ],
    ['their histories', historiesSql(), ['SEARCH history USING PRIMARY KEY (comment_id=?)']],
  ])('%s, each found by its key, in the order of the list', (_, sql, plan) => {
    const rows = db.prepare<[string], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`).all('[]');
    const steps = rows.map(({ detail }) => detail).filter((step) => !/ SUBQUERY /.test(step));
    expect(steps[0]).toMatch(/^SCAN wanted VIRTUAL TABLE/);
    expect(steps.slice(1)).toEqual(plan);
  });

  it('only what is open stands in the index of open batches', () => {
    expect(db.prepare(openBatchesSql()).pluck().all()).toEqual(['batch-0', 'batch-5000']);
  });
});
