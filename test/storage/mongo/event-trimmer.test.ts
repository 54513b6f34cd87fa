import type { LogEvent } from '../../../src/moderation/event-log.ts';
import { connect, type Database } from '../../../src/storage/mongo/database.ts';
import { trimEvents } from '../../../src/storage/mongo/event-trimmer.ts';
import { EPOCH } from '../../support/builders.ts';
import { dropDatabase, freshDatabase } from '../../support/lane.ts';

const HOUR = 3_600_000;
let uri: string;
let database: Database;

beforeEach(async () => {
  uri = freshDatabase();
  database = await connect(uri);
});
afterEach(async () => {
  await database.connection.close();
  await dropDatabase(uri);
});

/** Events of the numbers, an hour apart. */
async function append(from: number, to: number, every = HOUR): Promise<void> {
  const docs = Array.from({ length: to - from + 1 }, (_, i) => ({
    _id: from + i,
    at: new Date(EPOCH + (from + i) * every),
    body: { id: `${from + i}`, type: 'claim', at: 0, site: 's', ids: [], by: null, until: null } as LogEvent,
  }));
  await database.events.insertMany(docs);
}

const numbers = async () => (await database.events.find().sort({ _id: 1 }).toArray()).map(({ _id }) => _id);

test('events go when they are two days old, counted from when they came', async () => {
  await append(1, 5);
  expect(await trimEvents(database, EPOCH + 50 * HOUR)).toBe(false);
  expect(await numbers()).toEqual([3, 4, 5]);
});

test('nothing goes that the slowest consumer has not taken', async () => {
  await append(1, 5);
  await database.consumers.insertMany([
    { _id: 'slow', number: 2 },
    { _id: 'quick', number: 5 },
  ]);
  await trimEvents(database, EPOCH + 1000 * HOUR);
  expect(await numbers()).toEqual([3, 4, 5]);
});

test('many old events are taken away a part at a time', async () => {
  await append(1, 1500, 1);
  expect(await trimEvents(database, EPOCH + 1000 * HOUR)).toBe(true);
  expect(await trimEvents(database, EPOCH + 1000 * HOUR)).toBe(false);
  expect(await numbers()).toEqual([]);
});

test('events go after a clock that was ahead was set back', async () => {
  const ahead = { site: 's', type: 'claim', id: '', at: 0, ids: [], by: null, until: null } as LogEvent;
  await append(1, 2);
  await database.events.insertOne({ _id: 3, at: new Date(EPOCH + 10_000 * HOUR), body: ahead });
  await append(4, 5);
  expect(await trimEvents(database, EPOCH + 52 * HOUR)).toBe(false);
  expect(await numbers()).toEqual([5]);
});
