import { Agent, request } from 'node:http';

/** One request as it goes over the wire: nothing is added to the headers but what HTTP itself needs. */
export interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  /** A string or bytes go out as they are; anything else as JSON with its content type. */
  body?: unknown;
  /** Ends the wait for the answer, and its connection. */
  signal?: AbortSignal;
}

/** One answer, whole: tests that look for what must not come out need every byte of it. */
export interface Answer {
  status: number;
  /** Lower-cased names; of a repeated header the values joined by `, `. */
  headers: Record<string, string>;
  /** Name, value, name, value… as they came. */
  rawHeaders: string[];
  body: Buffer;
  text: string;
}

export interface HttpClient {
  send(sent: Sent): Promise<Answer>;
  /** Drops the connections that are kept alive. */
  close(): void;
}

/** Sees every answer that any client of the test got; see canaries. */
export type AnswerListener = (sent: Sent, answer: Answer) => void;

const isRaw = (body: unknown): body is string | Uint8Array =>
  typeof body === 'string' || body instanceof Uint8Array;

function payloadOf({ body, headers }: Sent): { bytes: Buffer | null; headers: Record<string, string> } {
  if (body === undefined) return { bytes: null, headers: { ...headers } };
  const bytes = isRaw(body) ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
  const described: Record<string, string> = { 'Content-Length': String(bytes.length) };
  if (!isRaw(body)) described['Content-Type'] = 'application/json';
  return { bytes, headers: { ...described, ...headers } };
}

/** A plain HTTP/1.1 client on loopback with connections kept alive. Rejects where the connection breaks. */
export function createHttpClient(base: string, onAnswer?: AnswerListener): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const { hostname, port } = new URL(base);
  return {
    send(sent) {
      const { bytes, headers } = payloadOf(sent);
      const { method = 'GET', path, signal } = sent;
      return new Promise((resolve, reject) => {
        const outgoing = request({ agent, hostname, port, method, path, headers, signal }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('aborted', () => reject(new Error('the answer was cut off')));
          incoming.on('end', () => {
            const body = Buffer.concat(chunks);
            const answer: Answer = {
              status: incoming.statusCode ?? 0,
              headers: joinHeaders(incoming.rawHeaders),
              rawHeaders: incoming.rawHeaders,
              body,
              text: body.toString('utf8'),
            };
            onAnswer?.(sent, answer);
            resolve(answer);
          });
        });
        outgoing.on('error', reject);
        outgoing.end(bytes ?? undefined);
      });
    },
    close: () => agent.destroy(),
  };
}

function joinHeaders(raw: string[]): Record<string, string> {
  const joined: Record<string, string> = {};
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const value = raw[at + 1] ?? '';
    joined[name] = name in joined ? `${joined[name]}, ${value}` : value;
  }
  return joined;
}

/** The answer's JSON. A wrong shape shows where it is used: tests compare what they read. */
export function jsonOf<T>(answer: Answer): T {
  return JSON.parse(answer.text) as T;
}

/** The answer's JSON where its status is as said; else an error that shows what came instead. */
export function expectJson<T>(answer: Answer, status: number): T {
  if (answer.status !== status)
    throw new Error(`${answer.status} where ${status} was due: ${answer.text.slice(0, 2000)}`);
  return jsonOf<T>(answer);
}
