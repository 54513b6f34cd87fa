import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { holdBack } from './expectation.ts';
import { describeProblem, PROBLEM_TYPE } from './problem.ts';
import { PACE, type Pace, watchPace } from './slow-bodies.ts';
import { createUnanswered } from './unanswered.ts';

/** Headers and request line together, in bytes. */
const HEAD_LIMIT = 64 * 1024;
/** How long a head may take. Milliseconds. */
const HEAD_TIME = 60_000;
/** What a client that was refused has to hear it and to close, before it is cut. Milliseconds. */
const LINGER = 5000;
/** Longer than the idle time of common proxies, so that it is they who close. Milliseconds. */
const KEEP_ALIVE = 65_000;

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface ServerOptions {
  listener: Listener;
  publicUrl: string;
  nextId(): string;
  /** How fast bodies have to come; the service's own but for tests. */
  pace?: Pace;
  lingerMs?: number;
}

type ProblemCode = 'too-large' | 'malformed-url';
const MALFORMED_URL = { status: '400 Bad Request', code: 'malformed-url' } as const;
/** What Node's parser refused, by its error code. Other faults are no HTTP: a bare 400 ends the connection. */
const REFUSED: Record<string, { status: string; code: ProblemCode }> = {
  HPE_HEADER_OVERFLOW: { status: '431 Request Header Fields Too Large', code: 'too-large' },
  HPE_INVALID_URL: MALFORMED_URL,
};

interface Refusal {
  status: string;
  headers: [name: string, value: string][];
  body: string;
}

function refusalOf({ status, code }: { status: string; code: ProblemCode }, publicUrl: string): Refusal {
  const type = `${publicUrl}/docs/errors#${code}`;
  const problem = { type, status: Number(status.slice(0, 3)), code, ...describeProblem(code, 'en') };
  const body = JSON.stringify(problem);
  const headers: Refusal['headers'] = [
    ['Content-Type', PROBLEM_TYPE],
    ['Content-Language', 'en'],
    ['Content-Length', String(Buffer.byteLength(body))],
  ];
  return { status, headers, body };
}

/** Whatever came too slowly, by the code that Node has for it: head or body. */
const TOO_SLOW = 'ERR_HTTP_REQUEST_TIMEOUT';

const bareRefusal = (status: string): Refusal => ({ status, headers: [['Content-Length', '0']], body: '' });

/** Octets that stand in no URI (RFC 3986, 2). Older releases of Node 20 let them through, read as Latin-1. */
const NO_URI = /[^\x21-\x7e]/;

/** What Node lets through, or would answer without an id of the request. */
function refusalOfHead(
  { url = '', headers, httpVersion }: IncomingMessage,
  publicUrl: string,
): Refusal | null {
  if (NO_URI.test(url)) return refusalOf(MALFORMED_URL, publicUrl);
  return headers.host === undefined && httpVersion === '1.1' ? bareRefusal('400 Bad Request') : null;
}

/** An HTTP server with the contract's limits. What never becomes a request is answered here. */
export function createHttpServer(options: ServerOptions): Server {
  const { listener, publicUrl, nextId, pace = PACE, lingerMs = LINGER } = options;
  const ownHeaders = (): Refusal['headers'] => [
    ['Connection', 'close'],
    ['X-Request-Id', nextId()],
    ['Cache-Control', 'no-store'],
  ];
  const unanswered = createUnanswered();
  const atAddresses: Listener = (request, response) => {
    unanswered.add(request.socket, response);
    watchPace(request, pace, () => {
      server.emit('clientError', Object.assign(new Error('too slow'), { code: TOO_SLOW }), request.socket);
    });
    const refusal = refusalOfHead(request, publicUrl);
    if (!refusal) {
      listener(request, response);
      return;
    }
    response.writeHead(400, [...ownHeaders(), ...refusal.headers].flat()).end(refusal.body);
  };
  const server = createServer(
    // Its bound on the whole of a request would cut off the upload of any large file after five minutes.
    {
      maxHeaderSize: HEAD_LIMIT,
      headersTimeout: HEAD_TIME,
      requestTimeout: 0,
      keepAliveTimeout: KEEP_ALIVE,
      requireHostHeader: false,
    },
    atAddresses,
  );
  server.on('checkContinue', (request, response) => {
    holdBack(request, response);
    atAddresses(request, response);
  });
  // An expectation that nobody knows is nothing to refuse a request for, nor to answer without an id.
  server.on('checkExpectation', atAddresses);
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const known = REFUSED[error.code ?? ''];
    const bare = error.code === TOO_SLOW ? '408 Request Timeout' : '400 Bad Request';
    const { status, headers, body } = known ? refusalOf(known, publicUrl) : bareRefusal(bare);
    const lines = [...ownHeaders(), ...headers].map(([name, value]) => `${name}: ${value}`);
    unanswered.after(socket, () => {
      // The answer before it may have closed it.
      if (socket.writable) socket.end([`HTTP/1.1 ${status}`, ...lines, '', body].join('\r\n'));
      // At once would reach it ahead of the answer where more of its bytes are still unread; never, where it is gone.
      setTimeout(() => socket.destroy(), lingerMs).unref();
    });
  });
  return server;
}
