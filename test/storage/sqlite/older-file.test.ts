import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhaseOutcome } from '../../../src/comments/comment.ts';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/migrations.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { decision, EPOCH, freshId, page } from '../../support/builders.ts';
import { expectTallied } from '../../support/recount.ts';

/** A data file of the first version, as that wrote it, with comments that went through everything it knew. */

const at = page('news', 'https://a.example/1');
const MINA = JSON.stringify({ kind: 'token', id: 'root', name: 'Mina "M" — مینا' });
const OTTO = JSON.stringify({ kind: 'moderator', id: 'm2', name: 'Otto' });
const AUTHOR = JSON.stringify({ kind: 'author', id: 'a', name: '' });

type Past = [action: string, from: string, to: string, actor: string, undone?: number];
const PASTS: Past[][] = [
  [],
  [['approve', 'pending', 'approved', MINA]],
  [
    ['approve', 'pending', 'approved', MINA, 1],
    ['undo', 'approved', 'pending', OTTO],
    ['spam', 'pending', 'spam', OTTO],
  ],
  [
    ['approve', 'spam', 'approved', MINA],
    ['reject', 'approved', 'rejected', OTTO],
  ],
  [
    ['edit', 'approved', 'pending', AUTHOR],
    ['approve', 'pending', 'approved', OTTO],
    ['approve', 'approved', 'approved', MINA],
  ],
  [['approve', 'spam', 'approved', MINA]],
  [['spam', 'approved', 'spam', MINA]],
];
const SCREENINGS: PhaseOutcome['outcome'][][] = [
  ['hold'],
  ['pass', 'hold'],
  ['spam', 'pass'],
  ['pass', 'skipped'],
];

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-older-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

function writeFirstVersion(): string[] {
  const db = openDatabase(join(dataDir, 'gatehouse.db'));
  db.pragma('journal_mode = WAL');
  db.exec(MIGRATIONS[0]?.sql ?? '');
  db.pragma('user_version = 1');
  db.pragma('application_id = 0x47415445');
  const insert = db.prepare(
    `INSERT INTO comments (id, site, page_key, status, open, shown, version, revision, created_at, ancestors,
       reply_count, votes_up, votes_down, pinned, risk, author_moderator, decided_by, duplicate_hash,
       duplicate_key, screening, text, html)
     VALUES (?, ?, ?, ?, 0, 0, ?, 1, ?, '', 0, 0, 0, 0, 0, 0, ?, ?, ?, ?, 'text', '<p>text</p>')`,
  );
  const entry = db.prepare(
    `INSERT INTO history (comment_id, version, decision_id, at, actor, action, from_status, to_status, undone)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const ids: string[] = [];
  for (const [i, past] of PASTS.flatMap((one) => SCREENINGS.map((_, s) => [one, s] as const)).entries()) {
    const [acts, screened] = past;
    const createdAt = EPOCH + i * 1_000_000;
    const id = freshId(createdAt) + at.key;
    ids.push(id);
    const last = acts.at(-1);
    const decider = last && last[0] !== 'edit' ? last[3] : null;
    const outcomes = (SCREENINGS[screened] ?? []).map((outcome, n) => ({ phase: `p${n}`, outcome }));
    insert.run(
      ...[id, 'news', at.key, last?.[2] ?? 'pending', acts.length + 1, createdAt, decider, i, `k${i}`],
      JSON.stringify(outcomes),
    );
    for (const [n, [action, from, to, actor, undone = 0]] of acts.entries()) {
      const moment = createdAt + (n + 1) * 7_654_321;
      entry.run(id, n + 2, decision({ id }, 'approve').decisionId, moment, actor, action, from, to, undone);
    }
  }
  db.close();
  return ids;
}

it('is counted for statistics as if it had been all along', async () => {
  const ids = writeFirstVersion();
  const storage = await openSqlite({ dataDir, inline: true });
  const comments = await storage.comments.findMany(ids);
  expect(comments).toHaveLength(PASTS.length * SCREENINGS.length);
  await expectTallied(storage, comments);
  const { rest } = await storage.stats.tallies({ sites: ['news'], bounds: [0, 10_000_000] });
  expect(new Set(rest.map(({ what }) => what.split('/')[0]))).toEqual(
    new Set(['decisions', 'overturned', 'wait', 'phase']),
  );
  await storage.close();
});
