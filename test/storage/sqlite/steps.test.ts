import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { Comment } from '../../../src/comments/comment.ts';
import type { ManyChange } from '../../../src/comments/comment-store.ts';
import { commentsOf } from '../../../src/moving/person.ts';
import type { Page } from '../../../src/sites/site.ts';
import { createBatchRunner } from '../../../src/storage/sqlite/batch.ts';
import { createCommentStore } from '../../../src/storage/sqlite/comments.ts';
import { openForReading, openForWriting } from '../../../src/storage/sqlite/connection.ts';
import { createGroupCommit } from '../../../src/storage/sqlite/group-commit.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import type { Call } from '../../../src/storage/sqlite/operations/operations.ts';
import { createKeptTotals } from '../../../src/storage/sqlite/reads/kept-totals.ts';
import {
  authorKey,
  decision,
  freshSite,
  MODERATOR,
  page,
  postApproved,
  site,
  tick,
} from '../../support/builders.ts';

/**
 * What one transaction takes on, which every post waits for, and what is read in one turn of the loop: told by what is
 * in it, not by the time it takes.
 */

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-steps-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** A store with so many approved comments on the page, closed again. */
async function filled(at: Page, comments: number): Promise<Comment[]> {
  const storage = await openSqlite({ dataDir, inline: true });
  await storage.sites.create(site(at.site));
  const made = await Promise.all(Array.from({ length: comments }, () => postApproved(storage, at)));
  await storage.close();
  return made;
}

/** A writer in this thread on a connection of its own; `calls` are what it was given, transaction by transaction. */
function writing() {
  const db = openForWriting(join(dataDir, 'gatehouse.db'));
  const run = createBatchRunner(db);
  const calls: Call[][] = [];
  const writer = {
    run(batch: Call[], done: (result: ReturnType<typeof run>) => void) {
      calls.push(batch);
      done(run(batch));
    },
    close: async () => undefined,
  };
  const commits = createGroupCommit({ writer: () => writer, onInvalidation: () => undefined });
  return { db, commits, calls };
}

const rowsIn = (db: Database, table: string): number =>
  db.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get() ?? 0;

/** How many rows the table has after each of so many steps. */
async function left(db: Database, table: string, step: () => Promise<unknown>, steps: number) {
  const counted: number[] = [];
  for (let i = 0; i < steps; i++) {
    await step();
    counted.push(rowsIn(db, table));
  }
  return counted;
}

test('erasures of many take a few comments a transaction, decisions go together', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const made = await filled(at, 25);
  const { db, commits, calls } = writing();
  const reading = openForReading(join(dataDir, 'gatehouse.db'));
  const store = createCommentStore({ db: reading, commits }, createKeptTotals());
  const perTransaction = (): number[] =>
    calls.splice(0).flatMap((batch) => batch.map(([, args]) => (args as ManyChange[]).length));
  const decided = made.map((one) => ({ id: one.id, command: decision(one, 'approve') }));
  expect(await store.changeMany(decided)).toHaveLength(25);
  expect(perTransaction()).toEqual([25]);

  const erasure = ({ id }: Comment): ManyChange => {
    const now = tick();
    const decisionId = `${now}${id}`;
    return { id, command: { kind: 'erase', decisionId, at: now, by: MODERATOR, mode: 'delete' } };
  };
  const results = await store.changeMany(made.map(erasure));
  expect(results.map(({ refused }) => refused)).toEqual(made.map(() => undefined));
  expect(perTransaction()).toEqual([10, 10, 5]);
  for (const { id } of made) expect((await store.find(id))?.text).toBeNull();
  reading.close();
  db.close();
});

test('a step of a removal takes so many comments, of those that stand and deleted ones', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  await filled(at, 450);
  const { db, commits } = writing();
  await commits.execute('removeSite', { id: at.site });
  const step = () => commits.execute('purgeSite', at.site);
  expect(await left(db, 'comments', step, 3)).toEqual([250, 50, 0]);
  db.close();
});

test('a slice of filling takes fewer of those that are in the index under a former title', async () => {
  const at = page(freshSite(), 'https://a.example/1', { title: 'One' });
  await filled(at, 130);
  const { db, commits } = writing();
  while (await commits.execute('fillSearch', 60));
  expect(rowsIn(db, 'search_todo')).toBe(0);
  await commits.execute('updatePage', { page: at, patch: { title: 'Two' }, expected: at.version });
  expect(rowsIn(db, 'search_todo')).toBe(130);
  const step = () => commits.execute('fillSearch', 60);
  expect(await left(db, 'search_todo', step, 3)).toEqual([120, 110, 100]);
  db.close();
});

test('the comments of a person are read in chunks, between which others have their turn', async () => {
  const at = page(freshSite(), 'https://a.example/1');
  const made = await filled(at, 650);
  const storage = await openSqlite({ dataDir, inline: true });
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  setImmediate(count);
  const readIn = new Map<number, number>();
  const person = { site: at.site, key: authorKey(at.site, 'ada') };
  for await (const _ of commentsOf(storage, person)) readIn.set(turn, (readIn.get(turn) ?? 0) + 1);
  isOver = true;
  expect([...readIn.values()].reduce((sum, n) => sum + n, 0)).toBe(made.length);
  expect(Math.max(...readIn.values())).toBe(200);
  await storage.close();
});
