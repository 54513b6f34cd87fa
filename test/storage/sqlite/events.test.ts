import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Database } from 'better-sqlite3';
import { createBatchRunner } from '../../../src/storage/sqlite/batch.ts';
import { openForWriting } from '../../../src/storage/sqlite/connection.ts';
import { migrate } from '../../../src/storage/sqlite/migrate.ts';
import { MIGRATIONS } from '../../../src/storage/sqlite/migrations.ts';
import type { Call } from '../../../src/storage/sqlite/operations/operations.ts';
import { EPOCH, freshSite, MODERATOR } from '../../support/builders.ts';

const HOUR = 3_600_000;

let folder: string;
let db: Database;
let run: (call: Call) => unknown;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-events-'));
  const file = join(folder, 'gatehouse.db');
  db = openForWriting(file);
  migrate(db, file, MIGRATIONS);
  const batch = createBatchRunner(db);
  // Far ahead, so that it holds nothing back.
  db.prepare("UPDATE event_consumers SET number = 100000 WHERE name = 'directory'").run();
  run = (call) => {
    const result = batch([call]);
    if (!result.committed) throw new Error(result.failure.message);
    const [outcome] = result.outcomes;
    return outcome?.ok ? outcome.value : undefined;
  };
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Events that say of themselves that they are ancient, as those of an import do. */
function append(count: number): void {
  const site = freshSite();
  for (let i = 0; i < count; i++) {
    run(['appendLoose', { id: `${i}`, type: 'claim', at: 0, site, ids: [], by: MODERATOR, until: 1 }]);
  }
}

const numbers = () => db.prepare<[], number>('SELECT number FROM events ORDER BY number').pluck().all();

it('events are kept for a day from when they came, whatever moment they tell of', () => {
  append(3);
  run(['trimEvents', EPOCH]);
  append(2);
  for (let hours = 1; hours < 24; hours++) run(['trimEvents', EPOCH + hours * HOUR]);
  expect(numbers()).toEqual([1, 2, 3, 4, 5]);
  expect(run(['trimEvents', EPOCH + 24 * HOUR])).toBe(false);
  expect(numbers()).toEqual([4, 5]);
});

it('nothing goes that a consumer has not taken', () => {
  append(4);
  const position = run(['joinLog', 'slow']);
  expect(position).toBe(4);
  append(4);
  run(['trimEvents', EPOCH]);
  run(['trimEvents', EPOCH + 25 * HOUR]);
  expect(numbers()).toEqual([5, 6, 7, 8]);
  run(['advanceConsumer', { name: 'slow', number: 6 }]);
  run(['advanceConsumer', { name: 'slow', number: 1 }]);
  run(['trimEvents', EPOCH + 25 * HOUR]);
  expect(numbers()).toEqual([7, 8]);
});

it('the directories are such a consumer', () => {
  append(3);
  run(['trimEvents', EPOCH]);
  db.prepare("UPDATE event_consumers SET number = 1 WHERE name = 'directory'").run();
  run(['trimEvents', EPOCH + 25 * HOUR]);
  expect(numbers()).toEqual([2, 3]);
  run(['fillDirectory', null]);
  run(['trimEvents', EPOCH + 25 * HOUR]);
  expect(numbers()).toEqual([3]);
});

it('the newest event stays, so that its number is never given again', () => {
  append(3);
  for (let days = 0; days < 5; days++) run(['trimEvents', EPOCH + days * 24 * HOUR]);
  expect(numbers()).toEqual([3]);
  append(1);
  expect(numbers()).toEqual([3, 4]);
});

it('many old events are taken away a part at a time', () => {
  append(2500);
  run(['trimEvents', EPOCH]);
  const more = [1, 2, 3].map(() => run(['trimEvents', EPOCH + 25 * HOUR]));
  expect(more).toEqual([true, true, false]);
  expect(numbers()).toEqual([2500]);
});

it('events go after a clock that was ahead was set back', () => {
  append(3);
  run(['trimEvents', EPOCH + 10_000 * HOUR]);
  append(2);
  run(['trimEvents', EPOCH]);
  run(['trimEvents', EPOCH + 24 * HOUR]);
  expect(numbers()).toEqual([5]);
});
