import { createServer, type Server } from 'node:http';
import type { Config } from './config.ts';
import type { Log } from './log.ts';
import { version } from './version.ts';

export interface Composition {
  config: Config;
  log: Log;
  /** Base of every absolute link, without a trailing slash. */
  publicUrl: string;
  /** The built SQLite writer thread. */
  writerPath: string;
}

/** The composed service, as the process sees it. */
export interface Gatehouse {
  /** An HTTP server that answers, not listening yet. */
  createServer(): Server;
  /** The one-time page that makes the first token; null where there is an admin already. */
  setupUrl(): Promise<string | null>;
  /** Called once when the store can't go on. */
  onFatal(listener: (error: Error) => void): void;
  /** Waits for writes under way, then closes the store. */
  close(): Promise<void>;
}

/** Puts the service together. */
export async function compose(_: Composition): Promise<Gatehouse> {
  return {
    createServer: () =>
      createServer((request, response) => {
        const body = request.url === '/healthz' ? JSON.stringify({ status: 'ok', version }) : '';
        response.writeHead(body ? 200 : 404, { 'Content-Type': 'application/json' }).end(body);
      }),
    setupUrl: async () => null,
    onFatal: () => undefined,
    close: async () => undefined,
  };
}
