import type { Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Socket,
  type Server as TcpServer,
} from 'node:net';

const POLL_MS = 20;

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
   * Stops accepting, closes connections that wait for a request, and resolves when every answer under way
   * has been written, or after `withinMs`, when what is left is cut: false then.
   */
  drain(withinMs: number): Promise<boolean>;
}

/** An HTTP server that can end without breaking an answer. Costs nothing while it serves. */
export function createDrainingServer(server: Server): DrainingServer {
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
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      // Node counts a connection that has sent nothing yet as busy.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
      const poll = setInterval(() => server.closeIdleConnections(), POLL_MS);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), withinMs);
      });
      const outcome = await Promise.race([closed, late]);
      clearInterval(poll);
      clearTimeout(timer);
      if (outcome === 'late') server.closeAllConnections();
      return outcome !== 'late';
    },
  };
}

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
