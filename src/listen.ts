import type { Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  Server as TcpServer,
} from 'node:net';

const POLL_MS = 20;
/** How long idle connections stay open at the end, for requests that are on their way to them. */
const GRACE_MS = 100;

/** A port that is ours before there is anything to answer with. */
export interface HeldPort {
  port: number;
  /** Connections that came meanwhile; they wait. */
  waiting: Socket[];
  holder: TcpServer;
}

/** Takes a port that the system picks, so that links can be made with it before the service stands. */
export async function holdAnyPort(host: string): Promise<HeldPort> {
  const waiting: Socket[] = [];
  const holder = createTcpServer({ pauseOnConnect: true }, (socket) => waiting.push(socket));
  await listening(holder, () => holder.listen({ host, port: 0 }));
  return { port: (holder.address() as AddressInfo).port, waiting, holder };
}

export interface DrainingServer {
  /**
   * Resolves when the server listens, on a held port with the connections that came meanwhile; rejects with
   * the system's error, such as EADDRINUSE.
   */
  listen(at: { host: string; port: number } | HeldPort): Promise<void>;
  /**
   * Stops accepting, closes connections that still wait for a request a moment later, and resolves when every answer under way
   * has been written, or after `withinMs`, when what is left is cut: false then.
   */
  drain(withinMs: number): Promise<boolean>;
}

/** An HTTP server that can end without breaking an answer. Costs nothing while it serves. */
export function createDrainingServer(server: Server, { graceMs = GRACE_MS } = {}): DrainingServer {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });

  return {
    async listen(at) {
      if (!('holder' in at)) return listening(server, () => server.listen(at));
      // The listening socket itself changes hands: nobody else can take the port in between.
      await listening(server, () => server.listen(at.holder));
      for (const socket of at.waiting.splice(0)) {
        server.emit('connection', socket);
        socket.resume();
      }
    },
    async drain(withinMs) {
      // What still arrives on connections that are busy is answered, and is their last.
      server.prependListener('request', (_, response) => {
        response.shouldKeepAlive = false;
      });
      // Connections that are there already are taken in this turn of the loop; closing the port would break them.
      await new Promise((resolve) => setImmediate(resolve));
      const closed = new Promise<void>((resolve) => {
        // Not Node's own way, which ends idle connections at once, with requests that are on their way to them.
        TcpServer.prototype.close.call(server, () => resolve());
        // It does not count those that came while the port was held.
      }).then(() => Promise.all(Array.from(sockets, ending)));
      let poll: NodeJS.Timeout | undefined;
      // Behind the turn's reads: what came while the loop was busy elsewhere is a request, though nobody has seen it yet.
      const closeIdle = (): void => {
        setImmediate(() => {
          // Node counts a connection that has sent nothing yet as busy.
          for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
          server.closeIdleConnections();
        });
      };
      const grace = setTimeout(() => {
        closeIdle();
        poll = setInterval(closeIdle, POLL_MS);
      }, graceMs);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), withinMs);
      });
      const outcome = await Promise.race([closed, late]);
      clearTimeout(grace);
      clearInterval(poll);
      clearTimeout(timer);
      if (outcome === 'late') server.closeAllConnections();
      return outcome !== 'late';
    },
  };
}

const ending = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('close', () => resolve());
  });

function listening(server: TcpServer, begin: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    begin();
  });
}
