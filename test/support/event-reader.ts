import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { until } from './until.ts';

/** An event as a browser would give it to a page. */
export interface HeardEvent {
  id: string;
  event: string;
  data: Record<string, unknown>;
}

/** A live stream read over plain HTTP, by the rules of the HTML standard ("Server-sent events"). */
export interface EventReader {
  status: number;
  headers: IncomingHttpHeaders;
  events: HeardEvent[];
  /** How many comment lines came. */
  comments(): number;
  /** Everything that came, as text. */
  raw(): string;
  /** What would be sent as Last-Event-ID. */
  lastId(): string;
  hasEnded(): boolean;
  /** The first event that fits, once it is there. */
  hears(what: string, fits: (event: HeardEvent) => boolean): Promise<HeardEvent>;
  ended(): Promise<void>;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  close(): void;
}

export interface ReaderOptions {
  path?: string;
  headers?: Record<string, string>;
  lastEventId?: string;
}

interface Parsed {
  events: HeardEvent[];
  comments: number;
  lastId: string;
}

function parser(into: Parsed): (text: string) => void {
  let rest = '';
  let id = '';
  let name = '';
  let data: string[] = [];
  const line = (text: string): void => {
    if (text === '') {
      into.lastId = id;
      if (data.length > 0)
        into.events.push({ id, event: name, data: JSON.parse(data.join('\n')) as Record<string, unknown> });
      name = '';
      data = [];
      return;
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(text) ?? [];
    if (text.startsWith(':')) into.comments += 1;
    else if (field === 'id') id = value;
    else if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  };
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(line);
  };
}

function reader(incoming: IncomingMessage, outgoing: ClientRequest): EventReader {
  const heard: Parsed = { events: [], comments: 0, lastId: '' };
  const feed = parser(heard);
  let raw = '';
  let over = false;
  incoming.setEncoding('utf8');
  incoming.on('data', (text: string) => {
    raw += text;
    feed(text);
  });
  incoming.on('error', () => undefined);
  incoming.on('close', () => {
    over = true;
  });
  return {
    status: incoming.statusCode ?? 0,
    headers: incoming.headers,
    events: heard.events,
    comments: () => heard.comments,
    raw: () => raw,
    lastId: () => heard.lastId,
    hasEnded: () => over,
    hears: (what, fits) => until(what, () => heard.events.find(fits)),
    ended: async () => void (await until('the end of the stream', () => over)),
    pause: () => void incoming.pause(),
    resume: () => void incoming.resume(),
    close: () => void outgoing.destroy(),
  };
}

/** Opens a stream; resolves when the head of the answer is there. */
export function readEvents(port: number, options: ReaderOptions = {}): Promise<EventReader> {
  const { path = '/v1/moderation/events', headers = {}, lastEventId } = options;
  const sent = { ...headers, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path, headers: sent, agent: false });
    outgoing.on('response', (incoming) => resolve(reader(incoming, outgoing)));
    outgoing.on('error', reject);
    outgoing.end();
  });
}
