import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttpServer } from './http/server.ts';

export interface DrainingServer {
  /** The server itself, for what is put on it before it listens. */
  server: Server;
  /** Resolves to the port it listens on; rejects with the system's error, such as EADDRINUSE. */
  listen(options: { host: string; port: number }): Promise<number>;
  /**
   * Stops accepting, closes connections that wait for a request, and resolves when every answer under way
   * has been written, or after `withinMs`, when what is left is cut: false then.
   */
  drain(withinMs: number): Promise<boolean>;
}

/** How often a draining server looks for connections that became idle, in milliseconds. */
const LOOK_AGAIN_MS = 25;

/** A plain HTTP/1.1 server that can end without breaking an answer. */
export function createDrainingServer(listener: RequestListener): DrainingServer {
  const server = createHttpServer(listener);
  return {
    server,
    listen: ({ host, port }) => listening(server, host, port),
    async drain(withinMs) {
      const closed = new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
      // A connection that is busy now would wait for its next request when it is done. Looking for those
      // only now costs the requests of the server's whole life nothing.
      const sweep = setInterval(() => server.closeIdleConnections(), LOOK_AGAIN_MS);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<'late'>((resolve) => {
        timer = setTimeout(() => resolve('late'), withinMs);
      });
      const outcome = await Promise.race([closed, late]);
      clearTimeout(timer);
      clearInterval(sweep);
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
