import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { connect, type Database } from '../../../src/storage/mongo/database.ts';
import { createStamps } from '../../../src/storage/mongo/stamps.ts';
import { freshDatabase } from '../../support/lane.ts';
import { until } from '../../support/until.ts';

/** What the primary of a replica set takes to its grave, since no other member has it yet. */

describe('a primary that is killed after its secondaries', () => {
  let server: RunningMongod;
  let database: Database;

  beforeAll(async () => {
    server = await startMongod({ replicaSet: true });
    database = await connect(freshDatabase(server.uri));
  });
  afterAll(async () => {
    await database.connection.close();
    await server.stop();
  });

  it('had word of a change alone, and other instances hear of it all the same', async () => {
    await database.connection.createCollection(database.stamps.collectionName);
    const stamps = createStamps(database, () => undefined);
    const primary = await server.primary();
    const others = [0, 1, 2].filter((index) => index !== primary);
    await Promise.all(others.map((index) => server.kill(index)));
    stamps.publish([{ kind: 'tokens' }]);
    // The primary has it, and stays one for a while.
    await until('the stamp', () => database.stamps.findOne({ _id: 'tokens' }));
    await server.kill(primary);
    await Promise.all(others.map((index) => server.restart(index)));
    await until('the stamp on the others', () =>
      database.stamps.findOne({ _id: 'tokens' }).catch(() => null),
    );
    await stamps.stop();
  });
});
