import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call that came in. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  text: string;
}

/** A real HTTP server that keeps what it is sent. */
export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  stop(): Promise<void>;
}

/** Answers a call; what it does nothing with stays open. */
export type Respond = (call: Received, response: ServerResponse) => void;

const noContent: Respond = (_call, response) => response.writeHead(204).end();

export async function startReceiver(
  respond: Respond = noContent,
  { host = '127.0.0.1', port = 0 }: { host?: string; port?: number } = {},
): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const call = { path: request.url ?? '', headers: request.headers, text };
      received.push(call);
      respond(call, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, host, resolve));
  const bound = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${bound}/hook`,
    port: bound,
    received,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
