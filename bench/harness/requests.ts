import { request } from 'node:http';
import type { KeptReply } from '../bare/bare-settings.ts';

export interface PlainRequest {
  port: number;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Headers of the connection or the moment, which every server writes by itself. */
const OWN_HEADERS = /^(?:date|connection|keep-alive)$/i;

/** One request outside the measured load, its answer kept byte for byte. */
export function ask({ port, path, method = 'GET', headers = {}, body }: PlainRequest): Promise<KeptReply> {
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: withoutOwn(response.rawHeaders),
          body: Buffer.concat(chunks).toString('base64'),
          etag: response.headers.etag ?? null,
        }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function withoutOwn(raw: string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const [name = '', value = ''] = raw.slice(i, i + 2);
    if (!OWN_HEADERS.test(name)) kept.push(name, value);
  }
  return kept;
}

/** The answer's JSON; throws where the status is not the expected one. */
export async function askJson(options: PlainRequest, status = 200): Promise<Record<string, unknown>> {
  const reply = await ask(options);
  const text = Buffer.from(reply.body, 'base64').toString('utf8');
  if (reply.status !== status) throw new Error(`${options.path}: ${reply.status} ${text.slice(0, 300)}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** `Name: value` lines as an object. */
export function headersOf(lines: readonly string[]): Record<string, string> {
  return Object.fromEntries(lines.map((line) => line.split(/: (.*)/s, 2) as [string, string]));
}
