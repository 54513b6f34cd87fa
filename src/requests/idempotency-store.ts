import { CLOCKS_DIFFER_MS } from './limit-store.ts';

/**
 * Keeps what a request with an Idempotency-Key planned and answered, for 24 hours.
 *
 * A plan (the ids a request is about to use) is durable before the request writes anything. After a crash
 * the plan tells whether the write happened: if the planned thing is there the answer is made again from
 * it, if not the request never happened and runs anew. So no store has to write two things at once.
 */
export interface IdempotencyStore {
  /** What is known of the key; null for a key never seen or older than 24 h. */
  find(key: string): Promise<KeptRequest | null>;
  /** Takes the key. When it is known already, the kept request comes back and nothing is written. */
  begin(key: string, request: NewRequest): Promise<{ begun: true } | { begun: false; kept: KeptRequest }>;
  /** Takes over an abandoned request; false where another got there first. */
  takeOver(key: string, owner: string, plan: string, at: number): Promise<boolean>;
  /** Keeps the answer, unless the key was forgotten meanwhile. */
  finish(key: string, answer: string): Promise<void>;
  /**
   * At most `limit` of what is kept, in the order of the keys, strictly beyond `after` ('' for the first): plans and
   * answers as in KeptRequest.
   */
  list(after: string, limit: number): Promise<ListedRequest[]>;
  /** Forgets the key: the request failed, and may be corrected under the same key. */
  forget(key: string): Promise<void>;
}

export interface NewRequest {
  /** Keyed hash of the request's JSON. */
  fingerprint: string;
  /** Sealed. */
  plan: string;
  /** The process that runs it, a new name at each start. */
  owner: string;
  at: number;
}

export interface KeptRequest extends NewRequest {
  /** Sealed; null while it runs or after its process died. */
  answer: string | null;
}

export type ListedRequest = { key: string } & Pick<KeptRequest, 'plan' | 'answer'>;

/** Milliseconds. */
export const KEPT_FOR = 24 * 60 * 60 * 1000;
/** A request of another process without an answer counts as abandoned after this, in milliseconds. */
export const ABANDONED_AFTER = 15_000;

/** Between which moments a request that began is not left behind: one further ahead is of a clock that was set back. */
export const notAbandoned = (now: number): { after: number; until: number } => ({
  after: now - ABANDONED_AFTER,
  until: now + CLOCKS_DIFFER_MS,
});

export function isLeftBehind(at: number, now: number): boolean {
  const { after, until } = notAbandoned(now);
  return at <= after || at > until;
}
