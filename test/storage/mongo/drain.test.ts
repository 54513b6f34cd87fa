import { once } from 'node:events';
import { type AddressInfo, connect as connectTo, createServer, type Socket } from 'node:net';
import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { connect, type Database } from '../../../src/storage/mongo/database.ts';
import { freshDatabase } from '../../support/lane.ts';

/** A network between service and server that stands still once it is told to, and takes nothing more. */
interface Line {
  uri: string;
  stand(): void;
  stop(): void;
}

async function lineTo({ uri }: RunningMongod): Promise<Line> {
  const target = Number(/:(\d+)\//.exec(uri)?.[1]);
  const sockets = new Set<Socket>();
  let stands = false;
  const server = createServer((near) => {
    const far = connectTo(target, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
    if (stands) near.pause();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    uri: `mongodb://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stand() {
      stands = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('a command that is larger than what the network takes', () => {
  let server: RunningMongod;
  let line: Line;
  let database: Database;

  beforeAll(async () => {
    server = await startMongod();
    line = await lineTo(server);
    database = await connect(freshDatabase(line.uri));
  });
  afterAll(async () => {
    await database.connection.destroy();
    line.stop();
    await server.stop();
  });

  // More than sockets on both sides and the line between take in.
  it('ends with its connection', async () => {
    const notes = database.connection.collection('notes');
    await notes.insertOne({ text: '' });
    line.stand();
    const text = 'x'.repeat(12 * 2 ** 20);
    await expect(notes.insertOne({ text })).rejects.toThrow();
  });
});
