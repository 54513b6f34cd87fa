import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIPv6, type LookupFunction } from 'node:net';
import type {
  AddressProblem,
  Lookup,
  Outgoing,
  OutgoingAnswer,
  OutgoingCall,
  OutgoingFailure,
} from './outgoing.ts';
import { createResolver, lookupBySystem } from './resolver.ts';
import { type Target, targetOf } from './target.ts';

export interface OutgoingOptions {
  /** Admits http, loopback and private addresses. */
  allowPrivate: boolean;
  /** Who looks names up: the system, unless a test does. */
  lookup?: Lookup;
  /** Certificates to trust in place of the system's (PEM). */
  ca?: string;
}

/** How long a registration waits for the look-up of a name. */
const CHECK_PATIENCE_MS = 2000;
/** Of the answer's head. */
const MAX_HEAD_BYTES = 16 * 1024;

const failed = (failure: OutgoingFailure): OutgoingAnswer => ({ ok: false, failure });

/** For a connection: the addresses that were checked, whatever name it asks for. */
function only(addresses: readonly string[]): LookupFunction {
  const checked = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_hostname, options, callback) => {
    if (options.all) callback(null, checked);
    else callback(null, checked[0]?.address ?? '', checked[0]?.family);
  };
}

function plainHeaders(message: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    if (typeof value === 'string') headers[name] = value;
  return headers;
}

function readBody(message: IncomingMessage, maxBytes: number, done: (answer: OutgoingAnswer) => void): void {
  const status = message.statusCode ?? 0;
  const headers = plainHeaders(message);
  // One that is let go of half way says so; by then the call has its answer.
  message.on('error', () => done(failed('refused')));
  if (maxBytes === 0) {
    done({ ok: true, status, headers, body: Buffer.alloc(0) });
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  message.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBytes) done(failed('too-large'));
    else chunks.push(chunk);
  });
  message.on('end', () => done({ ok: true, status, headers, body: Buffer.concat(chunks) }));
}

/**
 * The one HTTP client for addresses that somebody else has chosen. It connects to the addresses that were
 * checked and to no others, so that a name which answers otherwise a moment later (DNS rebinding) gains nothing;
 * Host and the certificate's name stay those of the URL. It follows no redirect and asks no proxy of the
 * environment; a connection serves one call.
 */
export function createOutgoing({ allowPrivate, lookup = lookupBySystem, ca }: OutgoingOptions): Outgoing {
  const resolve = createResolver(lookup, allowPrivate);
  // Agents of its own: the global one takes a proxy from the environment where Node is told to.
  const http = new HttpAgent({ keepAlive: false });
  const https = new HttpsAgent({ keepAlive: false, ...(ca === undefined ? {} : { ca }) });

  const exchange = (target: Target, addresses: string[], call: Attempt): void => {
    const { url } = target;
    const secure = url.protocol === 'https:';
    const bytes = Buffer.isBuffer(call.body) ? call.body : Buffer.from(call.body);
    const request = (secure ? httpsRequest : httpRequest)(
      url,
      {
        method: 'POST',
        agent: secure ? https : http,
        lookup: only(addresses),
        maxHeaderSize: MAX_HEAD_BYTES,
        headers: { 'User-Agent': 'Gatehouse', ...call.headers, 'Content-Length': bytes.length },
      },
      (message) => readBody(message, call.maxBytes, call.done),
    );
    call.onDone(() => request.destroy());
    request.on('error', () => call.done(failed('refused')));
    // An offer to go on in another protocol is a status as any other; unheard it would be no answer at all.
    request.on('upgrade', (message) => readBody(message, 0, call.done));
    request.end(bytes);
  };

  const start = async (call: Attempt): Promise<void> => {
    const target = targetOf(call.url, allowPrivate);
    if (typeof target === 'string') return call.done(failed(target));
    const addresses = await resolve(target);
    if (call.isDone()) return;
    if (addresses === 'private-address') return call.done(failed(addresses));
    exchange(target, addresses, call);
  };

  return {
    async check(text) {
      const target = targetOf(text, allowPrivate);
      if (typeof target === 'string') return target;
      if (allowPrivate) return null;
      return resolvesPrivately(resolve(target));
    },
    send: (call) =>
      new Promise((settle) => {
        const attempt = attemptOf(call, settle);
        // Nobody answers to a name without addresses, nor to headers that can't be sent.
        start(attempt).catch(() => attempt.done(failed('refused')));
      }),
  };
}

/** A call under way: settled once, by an answer or by its deadline, and what it holds is let go of then. */
interface Attempt extends OutgoingCall {
  done(answer: OutgoingAnswer): void;
  isDone(): boolean;
  onDone(release: () => void): void;
}

function attemptOf(call: OutgoingCall, settle: (answer: OutgoingAnswer) => void): Attempt {
  let settled = false;
  let release = (): void => undefined;
  const done = (answer: OutgoingAnswer): void => {
    if (settled) return;
    settled = true;
    clearTimeout(timer);
    settle(answer);
    release();
  };
  const timer = setTimeout(() => done(failed('timeout')), call.deadlineMs);
  return {
    ...call,
    done,
    isDone: () => settled,
    onDone(listener) {
      release = listener;
    },
  };
}

async function resolvesPrivately(
  resolved: Promise<string[] | 'private-address'>,
): Promise<AddressProblem | null> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<null>((end) => {
    timer = setTimeout(end, CHECK_PATIENCE_MS, null);
  });
  const found = await Promise.race([resolved.catch(() => null), patience]);
  clearTimeout(timer);
  return found === 'private-address' ? found : null;
}
