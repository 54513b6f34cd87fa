import { withoutSettled } from '../../../src/storage/mongo/connection-string.ts';
import { connect } from '../../../src/storage/mongo/database.ts';
import { giveBack, takeDatabase } from '../../support/databases.ts';

const ASKED =
  'readPreference=secondary&maxStalenessSeconds=90&readConcernLevel=linearizable&w=0&journal=false&wTimeoutMS=1';

test('a connection string moves neither reads from the primary nor writes from the journals', async () => {
  const uri = takeDatabase();
  const asked = `${uri}${uri.includes('?') ? '&' : '?'}${ASKED}`;
  const { connection } = await connect(asked);
  try {
    const { readPreference, readConcern, writeConcern } = connection.getClient().options;
    expect(readPreference.mode).toBe('primary');
    expect(readConcern).toBeUndefined();
    expect(writeConcern).toMatchObject({ w: 'majority', journal: true, wtimeoutMS: 8000 });
  } finally {
    await connection.close();
    await giveBack(uri);
  }
});

test('everything else in a connection string stays as it was written', () => {
  const server = 'mongodb://user:p%3Fw%26d@a.example:1,b.example:2/news';
  for (const same of [server, `${server}?tls=true&authSource=admin&tlsCAFile=%2Fa%3Fw=1`])
    expect(withoutSettled(same)).toBe(same);
  expect(withoutSettled(`${server}?tls=true&READPREFERENCE=nearest&w=1&appName=w`)).toBe(
    `${server}?tls=true&appName=w`,
  );
});
