import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import type { CommentStatus } from '../../../src/comments/comment.ts';
import { createBatchRunner } from '../../../src/storage/sqlite/batch.ts';
import { openForWriting } from '../../../src/storage/sqlite/connection.ts';
import { openSqlite } from '../../../src/storage/sqlite/open.ts';
import { comment, freshSite, page, submission } from '../../support/builders.ts';

/** How the directories are brought on: step by step, each of which other writes wait for. */

let folder: string;
let db: Database;
let batch: ReturnType<typeof createBatchRunner>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-directory-'));
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Written {
  authors: number;
  each: number;
  status: CommentStatus;
}

/** So many comments of each author, in turns, on one page, none of which is in the directories yet. */
async function write({ authors, each, status }: Written): Promise<void> {
  const at = page(freshSite(), 'https://a.example/1');
  const store = await openSqlite({ dataDir: folder, inline: true });
  const comments = Array.from({ length: authors * each }, (_, i) =>
    submission(at, comment(at, { author: `author${i % authors}`, status })),
  );
  await Promise.all(comments.map((one) => store.comments.submit(one)));
  await store.close();
  db = openForWriting(join(folder, 'gatehouse.db'));
  db.exec('DELETE FROM authors; DELETE FROM page_facts; DELETE FROM directory_todo');
  db.exec("UPDATE event_consumers SET number = 0 WHERE name = 'directory'");
  batch = createBatchRunner(db);
}

/** Takes one step; whether nothing was left. */
function step(): boolean {
  const result = batch([['fillDirectory', null]]);
  if (!result.committed) throw new Error(result.failure.message);
  const [outcome] = result.outcomes;
  if (!outcome?.ok) throw new Error('a step failed');
  return outcome.value as boolean;
}

const one = (sql: string): number => db.prepare<[], number>(sql).pluck().get() ?? 0;
const noted = () => one('SELECT count(*) FROM directory_todo');
const kept = () => one('SELECT count(*) FROM authors');
const behind = () =>
  one('SELECT max(number) FROM events') - one("SELECT number FROM event_consumers WHERE name = 'directory'");

it('a few events are brought in at once', async () => {
  await write({ authors: 10, each: 10, status: 'pending' });
  expect(step()).toBe(true);
  expect([noted(), kept(), one('SELECT sum(comments) FROM authors')]).toEqual([0, 10, 100]);
});

it('of many it is noted first whom they touched, so that everybody is looked at once', async () => {
  await write({ authors: 30, each: 40, status: 'pending' });
  expect(step()).toBe(false);
  expect([noted(), kept(), behind()]).toEqual([31, 0, 200]);
  expect(step()).toBe(true);
  expect([noted(), kept(), behind()]).toEqual([0, 30, 0]);
  expect(one('SELECT sum(comments) FROM authors')).toBe(1200);
  expect(one('SELECT comments FROM page_facts')).toBe(1200);
});

it('a step ends early where authors have many comments to be looked at', async () => {
  await write({ authors: 12, each: 250, status: 'approved' });
  while (behind() > 200) expect(step()).toBe(false);
  const gains: number[] = [];
  for (let isDone = false; !isDone; ) {
    const had = kept();
    isDone = step();
    gains.push(kept() - had);
  }
  // Of each the newest hundred, and two hundred approved names.
  expect(gains).toEqual([7, 5]);
  expect([noted(), behind(), one('SELECT sum(approved) FROM authors')]).toEqual([0, 0, 3000]);
});

it('an author’s entry that names another site is put right by one repair', async () => {
  await write({ authors: 2, each: 1, status: 'approved' });
  while (!step());
  db.exec("UPDATE authors SET site = 'elsewhere' WHERE key = (SELECT min(key) FROM authors)");
  const store = await openSqlite({ dataDir: folder, inline: true });
  const differences = async (repair: boolean) => {
    let found = 0;
    for await (const { what } of store.verify({ repair })) if (what === 'author') found += 1;
    return found;
  };
  expect(await differences(true)).toBe(2);
  expect(await differences(false)).toBe(0);
  await store.close();
});

it('a place in the log that was lost is found again: what is there is taken once more, and then no more', async () => {
  await write({ authors: 10, each: 40, status: 'pending' });
  db.exec("DELETE FROM event_consumers WHERE name = 'directory'");
  expect([step(), step()]).toEqual([false, true]);
  expect([noted(), kept(), behind()]).toEqual([0, 10, 0]);
});
