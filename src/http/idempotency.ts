import type { Clock } from '../clock.ts';
import { AppError, storeUnavailable, validationFailed } from '../errors.ts';
import type { Keyring } from '../keys.ts';
import { canonicalJson } from '../requests/canonical-json.ts';
import type { IdempotencyStore, KeptRequest } from '../requests/idempotency-store.ts';
import { isLeftBehind } from '../requests/idempotency-store.ts';
import { sealContextOf } from '../requests/kept-answers.ts';
import type { Logger } from './logger.ts';
import { toAppError } from './problem.ts';
import type { RawHeaders } from './raw-headers.ts';
import type { PlainReply, Reply } from './reply.ts';
import type { Prepared } from './route.ts';

/** The headers that make a request one that may be repeated: a filter's message has an id of its own. */
export type KeyHeader = 'Idempotency-Key' | 'webhook-id';

const KEY_LIMIT = 255;
const VISIBLE_ASCII = /^[\x21-\x7e]+$/;

export interface IdempotentRequest {
  /** From `keyFor`. */
  key: string;
  /** What the store knew of the key when the request came in. */
  kept: KeptRequest | null;
  body: unknown;
  /** `earlier`: what was planned under the key and has not happened so far. */
  prepare(earlier?: unknown): Promise<Prepared>;
  recover(plan: unknown): Promise<Reply | null>;
}

export interface Idempotency {
  /** The store's name for a client's key: keyed, so that the store learns nothing of it. */
  keyFor(scope: string[], clientKey: string): string;
  find(key: string): Promise<KeptRequest | null>;
  /** Does the request once, or answers as before. */
  run(request: IdempotentRequest): Promise<Reply>;
}

export interface IdempotencyParts {
  store: IdempotencyStore;
  keys: Keyring;
  clock: Clock;
  log: Logger;
  /** This process, by a name no other has. */
  owner: string;
}

/** The client's key, null without one. `valid` is false for one that breaks the contract. */
export function clientKeyOf(header: string | undefined): { key: string; valid: boolean } | null {
  if (header === undefined) return null;
  return { key: header, valid: header.length <= KEY_LIMIT && VISIBLE_ASCII.test(header) };
}

/** Throws `validation-failed` naming the header that the key came in. */
export function refuseKey(key: string, header: KeyHeader): never {
  const code = key.length > KEY_LIMIT ? 'too-long' : 'invalid';
  throw validationFailed([{ header, code, ...(code === 'too-long' && { params: { limit: KEY_LIMIT } }) }]);
}

const inProgress = (): AppError =>
  new AppError('idempotency-key-in-progress', { headers: { 'Retry-After': '1' } });

interface KeptAnswer {
  status: number;
  headers: RawHeaders;
  body: string | null;
}

function replay({ status, headers, body }: KeptAnswer): PlainReply {
  return { kind: 'plain', status, headers: [...headers, 'Idempotent-Replayed', 'true'], body };
}

export function createIdempotency({ store, keys, clock, log, owner }: IdempotencyParts): Idempotency {
  /** Keys this process is working on: a kept request of ours that is not among them was cut off. */
  const running = new Set<string>();
  const seal = (key: string, value: unknown): string => keys.seal(JSON.stringify(value), sealContextOf(key));
  const fingerprintOf = (key: string, body: unknown): string =>
    keys.mac('idempotency', 'body', key, canonicalJson(body)).toString('base64url');

  function open(key: string, sealed: string): unknown {
    const text = keys.open(sealed, sealContextOf(key));
    if (text === null) throw new Error('a kept request can not be opened: its seal is broken');
    return JSON.parse(text);
  }

  const keep = (key: string, { status, headers, body }: PlainReply): Promise<void> =>
    store.finish(key, seal(key, { status, headers, body }));

  async function finish(key: string, reply: PlainReply): Promise<void> {
    try {
      await keep(key, reply);
    } catch (error) {
      // It was done and is durable; a repeated request finds that out from the plan.
      log.warn({ err: error }, 'the answer of an idempotent request was not kept');
    }
  }

  /** The kept answer; null while there is none. Throws `idempotency-key-reused`. */
  function answerKept({ key, body }: IdempotentRequest, kept: KeptRequest): Reply | null {
    if (kept.fingerprint !== fingerprintOf(key, body)) throw new AppError('idempotency-key-reused');
    return kept.answer === null ? null : replay(open(key, kept.answer) as KeptAnswer);
  }

  /**
   * The answer of a request that was cut off after it had written; null where it never did. What is found may be in one
   * server alone, which can lose it as long as the others have not followed: it is looked for again once its answer is
   * kept, which wants as many of them as any write. Throws `store-unavailable` where that fails.
   */
  async function recoverKept(request: IdempotentRequest, kept: KeptRequest): Promise<Reply | null> {
    // What is ours and not running was cut off too: its answer could not be kept.
    const isAbandoned = kept.owner === owner || isLeftBehind(kept.at, clock.now());
    if (!isAbandoned) throw inProgress();
    const plan = open(request.key, kept.plan);
    const reply = await request.recover(plan);
    if (reply?.kind !== 'plain') return null;
    await keep(request.key, reply);
    if ((await request.recover(plan)) !== null) return replay(reply);
    await store.forget(request.key);
    throw storeUnavailable();
  }

  /** Makes the key ours before anything is written; the answer of another request that was faster, or null. */
  async function take(request: IdempotentRequest, prepared: Prepared): Promise<Reply | null> {
    const { key, body, kept } = request;
    const plan = seal(key, prepared.plan);
    const at = clock.now();
    if (kept && isLeftBehind(kept.at, at)) {
      if (!(await store.takeOver(key, owner, plan, at))) throw inProgress();
      return null;
    }
    // Ours, cut off a moment ago, and nothing of it happened: it begins anew. No other process takes it this early.
    if (kept) await store.forget(key);
    const result = await store.begin(key, { fingerprint: fingerprintOf(key, body), plan, owner, at });
    if (result.begun) return null;
    const answer = answerKept(request, result.kept);
    if (!answer) throw inProgress();
    return answer;
  }

  async function perform(key: string, prepared: Prepared): Promise<Reply> {
    try {
      const reply = await prepared.run();
      if (reply.kind === 'plain' && reply.status < 300) await finish(key, reply);
      else await store.forget(key);
      return reply;
    } catch (error) {
      // A fault says nothing of whether it happened: a repeated request finds that out from the plan.
      if (toAppError(error).status < 500)
        await store.forget(key).catch((cause: unknown) => {
          log.warn({ err: cause }, 'the key of a failed request was not given back');
        });
      throw error;
    }
  }

  async function runOnce(request: IdempotentRequest): Promise<Reply> {
    const { key, kept } = request;
    const recovered = kept && (await recoverKept(request, kept));
    if (recovered) return recovered;
    const prepared = await request.prepare(kept ? open(key, kept.plan) : undefined);
    return (await take(request, prepared)) ?? perform(key, prepared);
  }

  return {
    keyFor: (scope, clientKey) => keys.mac('idempotency', 'key', ...scope, clientKey).toString('base64url'),
    find: (key) => store.find(key),
    async run(request) {
      const { key, kept } = request;
      const answer = kept && answerKept(request, kept);
      if (answer) return answer;
      if (running.has(key)) throw inProgress();
      running.add(key);
      try {
        return await runOnce(request);
      } finally {
        running.delete(key);
      }
    },
  };
}
