import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { type RunningMongod, startMongod } from '../../../scripts/mongod.mjs';
import { AppError } from '../../../src/errors.ts';
import { openMongo } from '../../../src/storage/mongo/open.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { freshDatabase } from '../../support/lane.ts';

/**
 * A network between service and server that takes commands and brings nothing back, while the driver's own look at the
 * server is answered: nobody knows that it is away.
 */
interface Line {
  uri: string;
  /** From now on what goes out on connections that commands went over is swallowed. */
  swallow(): void;
  /** Lets all through again; what was swallowed is lost with its connection. */
  mend(): void;
  stop(): void;
}

async function lineTo({ uri }: RunningMongod): Promise<Line> {
  const target = Number(/:(\d+)\//.exec(uri)?.[1]);
  const carrying = new Set<Socket>();
  let swallows = false;
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    const end = (): void => {
      carrying.delete(near);
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) socket.on('error', end).on('close', end);
    near.on('data', (bytes) => {
      // Every command is sent in a session; the look at the server is not.
      if (bytes.includes('lsid')) carrying.add(near);
      if (!(swallows && carrying.has(near))) far.write(bytes);
    });
    far.on('data', (bytes) => void near.write(bytes));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    for (const socket of carrying) socket.destroy();
  };
  return {
    uri: `mongodb://127.0.0.1:${port}/`,
    swallow: () => {
      swallows = true;
    },
    mend() {
      swallows = false;
      cut();
    },
    stop: () => void server.close(),
  };
}

describe('a server that takes commands and does not answer', () => {
  let server: RunningMongod;
  let line: Line;
  let store: Storage;

  beforeAll(async () => {
    server = await startMongod();
    line = await lineTo(server);
    store = await openMongo({ uri: freshDatabase(line.uri) });
  });
  afterAll(async () => {
    await store.close();
    line.stop();
    await server.stop();
  });

  it('is told of by whoever asks whether it is there, long before a command is given up', async () => {
    await store.ready();
    line.swallow();
    let isGivenUp = false;
    const writing = store.events
      .advance('a consumer', 1)
      .catch(() => undefined)
      .then(() => {
        isGivenUp = true;
      });
    const refusal = await store.ready().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(AppError);
    expect(refusal).toMatchObject({ code: 'store-unavailable' });
    expect(isGivenUp).toBe(false);
    line.mend();
    await writing;
    await store.ready();
  });
});
