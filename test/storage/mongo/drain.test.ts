import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { connect, type Database } from '../../../src/storage/mongo/database.ts';
import { type FaultyLine, lineTo } from '../../support/faulty-line.ts';
import { freshDatabase } from '../../support/lane.ts';
import { createRandom } from '../../support/random.ts';

let server: RunningMongod;
let line: FaultyLine;
let database: Database;

beforeAll(async () => {
  server = await startMongod();
  line = await lineTo(Number(new URL(server.uri).port), createRandom(1));
  database = await connect(freshDatabase(`mongodb://127.0.0.1:${line.port}/`));
});
afterAll(async () => {
  await database.connection.destroy();
  line.stop();
  await server.stop();
});

it('a command that is larger than what the network takes in ends with its connection', async () => {
  const notes = database.connection.collection('notes');
  await notes.insertOne({ text: '' });
  line.fail({ kind: 'full' });
  await expect(notes.insertOne({ text: 'x'.repeat(12 * 2 ** 20) })).rejects.toThrow();
});
