import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Deps } from '../../src/deps.ts';
import type { Filter } from '../../src/filters/filter.ts';
import type { FilterRunner, FilterRunnerOptions } from '../../src/filters/runner.ts';
import { createFilterRunner } from '../../src/filters/runner.ts';
import { signedHeaders, verifiedMessage } from '../../src/webhooks/signature.ts';
import { freshId, MODERATOR, tick } from './builders.ts';
import type { Answer, TestService } from './service.ts';
import { ADMIN } from './service.ts';

let names = 0;

/** A filter as a store keeps it. */
export function filter(rest: Partial<Filter> = {}): Filter {
  names += 1;
  const at = tick();
  return {
    id: freshId(at),
    name: `filter ${names} ${randomUUID()}`,
    kind: 'webhook',
    url: 'https://filter.example/',
    mode: 'sync',
    deadlineMs: 2000,
    onFailure: 'hold',
    thresholds: null,
    events: ['comment.check', 'comment.decided'],
    sites: ['*'],
    enabled: true,
    secret: 'sealed',
    former: null,
    disclose: [],
    version: 1,
    createdBy: MODERATOR,
    createdAt: at,
    updatedAt: at,
    ...rest,
  };
}

/** A message that a filter got. */
export interface Heard {
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  json: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A real server that does with each message what its test says. */
export interface FilterServer {
  url: string;
  heard: Heard[];
  stop(): Promise<void>;
}

export type Behaviour = (heard: Heard, response: ServerResponse) => void;

/** Answers 200 with that verdict. */
export const says =
  (verdict: object): Behaviour =>
  (_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(verdict));
  };

export async function startFilter(behave: Behaviour): Promise<FilterServer> {
  const heard: Heard[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(chunks);
      const json = JSON.parse(bytes.toString('utf8')) as Heard['json'];
      const one = { headers: request.headers, bytes, json };
      heard.push(one);
      behave(one, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    heard,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A filter that was made through the admin's call. */
export interface MadeFilter {
  id: string;
  secret: string;
  name: string;
}

export async function makeFilter(service: TestService, rest: Record<string, unknown>): Promise<MadeFilter> {
  names += 1;
  const body = { name: `filter ${names}`, url: 'http://127.0.0.1:9/', ...rest };
  const made = await service.call({ method: 'POST', path: '/v1/admin/filters', headers: ADMIN, body });
  if (made.status !== 201) throw new Error(`the filter was not made: ${made.text}`);
  return made.json as MadeFilter;
}

export interface SentVerdict {
  id?: string;
  /** Seconds. */
  at?: number;
  secrets?: string[];
}

/** Sends a verdict as a filter does: signed over its bytes. */
export function sendVerdict(
  service: TestService,
  { id: filterId, secret }: Pick<MadeFilter, 'id' | 'secret'>,
  verdict: unknown,
  { id = randomUUID(), at = Math.floor(Date.now() / 1000), secrets = [secret] }: SentVerdict = {},
): Promise<Answer> {
  const body = typeof verdict === 'string' ? verdict : JSON.stringify(verdict);
  const headers = signedHeaders({ id, timestamp: at, body }, secrets);
  return service.call({
    method: 'POST',
    path: `/v1/filters/${filterId}/verdicts`,
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
}

/** Whether the message is signed with the secret. */
export const isSignedBy = ({ headers, bytes }: Heard, secret: string): boolean =>
  verifiedMessage({ headers, body: bytes, now: Date.now() }, [secret]) !== null;

/** The part of the process that asks filters later and again, with a schedule that takes no time. */
export function startErrands(deps: Deps, options: Partial<FilterRunnerOptions> = {}): FilterRunner {
  const runner = createFilterRunner(deps, {
    retrySeconds: [0, 0, 0, 0],
    timeoutMs: 5000,
    report: (error) => process.stderr.write(`${String(error)}\n`),
    ...options,
  });
  runner.start();
  return runner;
}
