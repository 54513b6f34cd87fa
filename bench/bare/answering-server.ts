import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { KeptBytes } from './bare-settings.ts';
import { listen } from './listen.ts';

/**
 * A bare node:http server that answers from memory: the same status, headers and bytes as Gatehouse gave for
 * each path, 304 where the client has them, and one fixed answer for every POST. No routing, no checks.
 */
const kept = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as KeptBytes;

interface Ready {
  status: number;
  headers: string[];
  bodilessHeaders: string[];
  body: Buffer;
  etag: string | null;
}

const CONTENT_HEADERS = /^content-(?:length|type|encoding)$/i;

function ready({ status, headers, body, etag }: KeptBytes['answers'][string]): Ready {
  const bodilessHeaders: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const [name = '', value = ''] = headers.slice(i, i + 2);
    if (!CONTENT_HEADERS.test(name)) bodilessHeaders.push(name, value);
  }
  return { status, headers, bodilessHeaders, body: Buffer.from(body, 'base64'), etag };
}

const answers = new Map(Object.entries(kept.answers).map(([path, reply]) => [path, ready(reply)]));
const posted = kept.posted && ready(kept.posted);

function post(request: IncomingMessage, response: ServerResponse, reply: Ready): void {
  request.on('data', () => undefined);
  request.on('end', () => {
    response.writeHead(reply.status, reply.headers);
    response.end(reply.body);
  });
}

listen((request, response) => {
  if (request.method === 'POST' && posted) return post(request, response, posted);
  const reply = answers.get(request.url ?? '');
  if (!reply) {
    response.writeHead(404, ['Content-Length', '0']);
    response.end();
    return;
  }
  if (reply.etag !== null && request.headers['if-none-match'] === reply.etag) {
    response.writeHead(304, reply.bodilessHeaders);
    response.end();
    return;
  }
  response.writeHead(reply.status, reply.headers);
  response.end(reply.body);
});
