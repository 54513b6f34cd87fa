import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Request line and headers together, in bytes; Node answers 431 beyond. */
const MAX_HEADER_BYTES = 64 * 1024;
/** Longer than proxies keep idle connections, so that they close first and never send into a closing one. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_WITHIN_MS = 30_000;

export interface DrainingServer {
  /** Resolves to the port it listens on; rejects with the system's error, such as EADDRINUSE. */
  listen(options: { host: string; port: number }): Promise<number>;
  /**
   * Stops accepting, closes connections that wait for a request, and resolves when every answer under way
   * has been written, or after `withinMs`, when what is left is cut: false then.
   */
  drain(withinMs: number): Promise<boolean>;
}

/** A plain HTTP/1.1 server that can end without breaking an answer. */
export function createDrainingServer(listener: RequestListener): DrainingServer {
  const underWay = new Map<Socket, number>();
  let draining = false;

  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    const { socket } = request;
    underWay.set(socket, (underWay.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (underWay.get(socket) ?? 1) - 1;
      // A closed socket was dropped already and must not come back.
      if (underWay.has(socket)) underWay.set(socket, left);
      if (draining && left === 0) socket.end();
    });
    listener(request, response);
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.headersTimeout = HEADERS_WITHIN_MS;
  server.on('connection', (socket) => {
    underWay.set(socket, 0);
    socket.once('close', () => underWay.delete(socket));
  });

  return {
    listen: ({ host, port }) => listening(server, host, port),
    async drain(withinMs) {
      draining = true;
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      for (const [socket, requests] of underWay) if (requests === 0) socket.end();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), withinMs);
      });
      const outcome = await Promise.race([closed, late]);
      clearTimeout(timer);
      if (outcome === 'late') server.closeAllConnections();
      return outcome !== 'late';
    },
  };
}

function listening(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
