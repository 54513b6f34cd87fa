import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CorsMode } from './cors.ts';
import { corsHeaders } from './cors.ts';
import type { RawHeaders } from './raw-headers.ts';
import type { PlainReply, Reply, StreamReply } from './reply.ts';
import { sendShared } from './shared-answer.ts';

/** One request on its way through, and what every answer to it carries. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  /** `performance.now()` at arrival. */
  begun: number;
}

export interface Envelope {
  cors: CorsMode;
  /** The request's origin where it is served. */
  servedOrigin: string | null;
  /** Of the limited class, where there is one. */
  rate: RawHeaders;
  security: RawHeaders;
}

const has = (headers: RawHeaders, name: string): boolean =>
  headers.some((text, index) => index % 2 === 0 && text === name);

const VARY: Record<CorsMode, string> = {
  reader: 'Origin, Accept-Language',
  dashboard: 'Origin, Accept-Language',
  any: 'Accept-Language',
  none: 'Accept-Language',
};

function plainHeaders(
  exchange: Exchange,
  reply: Pick<PlainReply, 'headers' | 'security'> & { size: number | null },
  envelope: Envelope,
): RawHeaders {
  const { cors, servedOrigin, rate, security } = envelope;
  const headers = [
    'X-Request-Id',
    exchange.requestId,
    ...corsHeaders(cors, servedOrigin),
    ...rate,
    ...(reply.security ?? security),
    ...reply.headers,
    'Vary',
    VARY[cors],
  ];
  if (!has(reply.headers, 'Cache-Control')) headers.push('Cache-Control', 'no-store');
  if (reply.size !== null) headers.push('Content-Length', String(reply.size));
  return headers;
}

function startStream(exchange: Exchange, { headers, begin }: StreamReply, envelope: Envelope): number {
  const { request, response } = exchange;
  response.writeHead(200, plainHeaders(exchange, { headers, size: null }, envelope));
  if (request.method === 'HEAD') response.end();
  else begin(response);
  return 200;
}

/** Writes an answer; resolves to its status. The only place that writes but the hot read, which shares `sendShared`. */
export async function respond(exchange: Exchange, reply: Reply, envelope: Envelope): Promise<number> {
  const { request, response, requestId } = exchange;
  const head = request.method === 'HEAD';
  if (reply.kind === 'shared') {
    return sendShared(response, reply.answer, {
      head,
      origin: request.headers.origin,
      acceptEncoding: request.headers['accept-encoding'],
      ifNoneMatch: request.headers['if-none-match'],
      requestId,
      ...(envelope.rate.length > 0 && { extra: envelope.rate }),
    });
  }
  if (reply.kind === 'stream') return startStream(exchange, reply, envelope);
  // Encoded once: a text would be measured for its head, and then encoded.
  const body = reply.body === null ? null : Buffer.from(reply.body);
  response.writeHead(
    reply.status,
    plainHeaders(exchange, { ...reply, size: body?.length ?? null }, envelope),
  );
  if (body === null || head) response.end();
  else response.end(body);
  return reply.status;
}
