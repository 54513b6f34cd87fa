import { connect, type Socket } from 'node:net';
import { ADMIN_TOKEN } from '../seed/sites.ts';

/** Connections to the live stream that read what comes and do nothing with it. */
export interface Listeners {
  count: number;
  /** Bytes that came since the start. */
  bytes(): number;
  close(): Promise<void>;
}

const AT_ONCE = 50;

function listen(port: number, path: string, onBytes: (count: number) => void): Promise<Socket> {
  const head = [`GET ${path} HTTP/1.1`, 'Host: bench', `Authorization: Bearer ${ADMIN_TOKEN}`, '', ''];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(head.join('\r\n')));
    socket.once('error', reject);
    let answered = false;
    socket.on('data', (chunk: Buffer) => {
      onBytes(chunk.length);
      if (answered) return;
      answered = true;
      const first = chunk.toString('latin1').split('\r\n')[0] ?? '';
      if (first.includes(' 200 ')) resolve(socket);
      else reject(new Error(`a listener was answered with ${first}`));
    });
  });
}

/** Opens so many; resolves when all are listening. */
export async function openListeners(port: number, count: number, site: string): Promise<Listeners> {
  let bytes = 0;
  const sockets: Socket[] = [];
  const path = `/v1/moderation/events?site=${site}`;
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - sockets.length) }, () =>
      listen(port, path, (more) => {
        bytes += more;
      }),
    );
    sockets.push(...(await Promise.all(some)));
  }
  return {
    count,
    bytes: () => bytes,
    async close() {
      await Promise.all(
        sockets.map(
          (socket) =>
            new Promise<void>((resolve) => {
              socket.once('close', () => resolve());
              socket.destroy();
            }),
        ),
      );
    },
  };
}
