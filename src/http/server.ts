import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { describeProblem, PROBLEM_TYPE } from './problem.ts';

/** Headers and request line together, in bytes. */
const HEAD_LIMIT = 64 * 1024;
/** Longer than the idle time of common proxies, so that it is they who close. Milliseconds. */
const KEEP_ALIVE = 65_000;

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface ServerOptions {
  listener: Listener;
  publicUrl: string;
  nextId(): string;
}

/** What Node's parser refused, by its error code. Other faults are no HTTP: a bare 400 ends the connection. */
const REFUSED: Record<string, { status: string; code: 'too-large' | 'malformed-url' }> = {
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', code: 'too-large' },
  HPE_INVALID_URL: { status: '400 Bad Request', code: 'malformed-url' },
};

/** An HTTP server with the contract's limits. What never becomes a request is answered here. */
export function createHttpServer({ listener, publicUrl, nextId }: ServerOptions): Server {
  const server = createServer({ maxHeaderSize: HEAD_LIMIT, keepAliveTimeout: KEEP_ALIVE }, listener);
  // An expectation that nobody knows is nothing to refuse a request for, nor to answer without an id.
  server.on('checkExpectation', listener);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const refused = REFUSED[error.code ?? ''];
    const head = ['Connection: close', `X-Request-Id: ${nextId()}`, 'Cache-Control: no-store'];
    if (!refused) {
      socket.end(['HTTP/1.1 400 Bad Request', ...head, 'Content-Length: 0', '', ''].join('\r\n'));
      return;
    }
    const { code, status } = refused;
    const type = `${publicUrl}/docs/errors#${code}`;
    const body = JSON.stringify({
      type,
      status: Number(status.slice(0, 3)),
      code,
      ...describeProblem(code, 'en'),
    });
    const entity = [
      `Content-Type: ${PROBLEM_TYPE}`,
      'Content-Language: en',
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    socket.end([`HTTP/1.1 ${status}`, ...head, ...entity, '', body].join('\r\n'));
  });
  return server;
}
