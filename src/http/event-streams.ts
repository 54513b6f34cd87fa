import type { ServerResponse } from 'node:http';
import type { Deps } from '../deps.ts';
import { AppError, storeUnavailable } from '../errors.ts';
import { createEventIds } from '../moderation/live/event-id.ts';
import { createLiveFeed, type LiveSeat } from '../moderation/live/feed.ts';
import type { LiveScope } from '../moderation/live/listener.ts';
import type { Principal } from '../staff/principal.ts';
import { createEventBytes } from './event-bytes.ts';
import { createEventConnection, type EventConnection } from './event-connection.ts';
import type { Logger } from './logger.ts';

/** Who asks for a stream, and how to see later whether they still may. */
export interface StreamCaller {
  principal: Principal;
  /** One site, or undefined for all of the caller's. */
  site: string | undefined;
  /** The Last-Event-ID header. */
  lastEventId: string | undefined;
  /** The caller as the same credentials name them now; null for nobody. Leaves no trace of use. */
  lookAgain(): Promise<Principal | null>;
}

/** All live streams of this process. */
export interface EventStreams {
  /** Takes a place; gives what begins the stream once its head is written. Rejects with `store-unavailable`. */
  open(caller: StreamCaller): Promise<(response: ServerResponse) => void>;
  /** Somebody's rights may have changed. */
  checkSoon(): void;
  /** Ends every stream at once and takes no more: the process stops. */
  end(): void;
  /** How many there are. */
  count(): number;
}

/** Milliseconds between two looks at whether callers still may listen; a comment line goes out at each fifth. */
const TICK_MS = 3000;
const TICKS_A_BEAT = 5;
/** Streams of one caller. */
const MOST_OF_CALLER = 2000;
/** Connections that are seen to in one go; in between others have their turn. */
const SLICE = 50;

interface Stream {
  caller: StreamCaller;
  connection: EventConnection;
}

const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });

export function scopeOf({ site, principal }: Pick<StreamCaller, 'site' | 'principal'>): LiveScope {
  if (site !== undefined) return { key: `=${site}`, sees: (one) => one === site };
  if (principal.sites.includes('*')) return { key: '*', sees: () => true };
  const sites = new Set(principal.sites);
  return { key: [...sites].sort().join(' '), sees: (one) => sites.has(one) };
}

/** The same person with the same rights: with other ones a stream begins anew. */
function isSame(now: Principal, then: Principal): boolean {
  const rightsOf = ({ kind, id, role, sites }: Principal): string => JSON.stringify([kind, id, role, sites]);
  return rightsOf(now) === rightsOf(then);
}

export function createEventStreams(deps: Deps, log: Logger): EventStreams {
  const feed = createLiveFeed(deps, (error) => log.warn({ err: error }, 'live events wait for the store'));
  const ids = createEventIds(deps.keys, deps.events.epoch);
  const bytes = createEventBytes(ids);
  const streams = new Set<Stream>();
  let ended = false;
  let ticks = 0;
  let timer: NodeJS.Timeout | null = null;
  let checking = false;
  let checkAgain = false;

  async function mayGoOn({ caller }: Stream): Promise<boolean> {
    try {
      const now = await caller.lookAgain();
      if (!now || !isSame(now, caller.principal)) return false;
      return caller.site === undefined || (await deps.sites.find(caller.site)) !== null;
    } catch {
      // The store is away: nobody knows anything worse of them.
      return true;
    }
  }

  async function each(work: (stream: Stream) => Promise<void> | void): Promise<void> {
    let seen = 0;
    for (const stream of [...streams]) {
      seen += 1;
      if (seen % SLICE === 0) await breathe();
      if (streams.has(stream)) await work(stream);
    }
  }

  /** Ends the streams of those who may not listen any more; never rejects. */
  async function check(): Promise<void> {
    checkAgain = true;
    if (checking) return;
    checking = true;
    while (checkAgain) {
      checkAgain = false;
      await each(async (stream) => {
        if (!(await mayGoOn(stream))) stream.connection.end();
      });
    }
    checking = false;
  }

  function tick(): void {
    ticks += 1;
    void check();
    if (ticks % TICKS_A_BEAT === 0) void each(({ connection }) => connection.beat());
  }

  function add(caller: StreamCaller, response: ServerResponse, seat: LiveSeat): void {
    const connection = createEventConnection(response, {
      bytes,
      at: seat.at,
      onDrop: () => log.warn({}, 'a listener that did not read was dropped'),
    });
    const stream = { caller, connection };
    streams.add(stream);
    if (!timer) {
      timer = setInterval(tick, TICK_MS);
      timer.unref();
    }
    connection.onClose(() => {
      seat.leave();
      streams.delete(stream);
      if (streams.size > 0 || !timer) return;
      clearInterval(timer);
      timer = null;
    });
    seat.follow(connection);
    if (ended) connection.end();
  }

  const isOf = (principal: Principal) => (stream: Stream) =>
    stream.caller.principal.kind === principal.kind && stream.caller.principal.id === principal.id;

  return {
    async open(caller) {
      if (ended) throw storeUnavailable(new Error('the process stops'));
      if ([...streams].filter(isOf(caller.principal)).length >= MOST_OF_CALLER) {
        throw new AppError('rate-limited', { headers: { 'Retry-After': '15' } });
      }
      const { lastEventId = '' } = caller;
      const from = lastEventId === '' ? null : (ids.read(lastEventId) ?? 'unknown');
      const seat = await feed.enter(scopeOf(caller), from);
      return (response) => add(caller, response, seat);
    },
    checkSoon: () => void check(),
    end() {
      ended = true;
      for (const { connection } of streams) connection.end();
    },
    count: () => streams.size,
  };
}
