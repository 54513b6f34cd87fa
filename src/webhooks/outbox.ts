import type { Audited } from '../moderation/audit.ts';
import type { Attempt, Delivery, DeliveryStatus } from './delivery.ts';

/**
 * Where deliveries are kept. What was planned is durable before the log's position moves past its event, and a
 * delivery has one worker at a time, over all instances: who takes it has it until the lease ends.
 */
export interface OutboxStore {
  /** Whether this instance is to plan now; of several at most one is told so, most of the time. */
  mayPlan(): Promise<boolean>;
  /** Adds the deliveries that are not there yet, then moves the consumer on in the log. */
  plan(part: { deliveries: Delivery[]; consumer: string; upTo: number }): Promise<void>;
  /** Adds one. A second one of its id changes nothing. */
  add(delivery: Delivery, audited?: Audited): Promise<void>;
  /** Takes what is due, the longest due first, at most `most` of each receiver and `room` in all: of the first named. */
  take(query: TakeQuery): Promise<Delivery[]>;
  /** Writes what became of a try. False where the lease is another's by now; then nothing is written. */
  settle(settlement: Settlement): Promise<boolean>;
  find(id: string): Promise<Delivery | null>;
  /** Newest first. `total` is counted no further than TOTAL_CAP. */
  list(query: DeliveryQuery): Promise<{ items: Delivery[]; total: number }>;
  /** Makes it due now, whatever became of it, with every try before it; null where there is none. */
  redeliver(id: string, now: number, audited?: Audited): Promise<Delivery | null>;
  /**
   * Makes due at `now` what waits in vain (hasten.ts), of a part of what waits, by id after `after` ('' for the first);
   * null at the end, else where to go on.
   */
  hasten(part: { now: number; after: string }): Promise<string | null>;
  /** How each receiver fares; one that nothing was sent to is missing. */
  health(receivers: string[]): Promise<Map<string, Health>>;
  /** What waits: how much, no further than TOTAL_CAP, and since when the oldest. */
  depth(): Promise<{ waiting: number; oldestAt: number | null }>;
  /**
   * Takes away a part of what was made before: delivered ones before the id `delivered`, all before the id
   * `others`. True while there is more.
   */
  trim(before: { delivered: string; others: string }): Promise<boolean>;
  /** Takes away a part of a receiver's deliveries; true while there is more. */
  clear(receiver: string): Promise<boolean>;
}

export const TOTAL_CAP = 10_000;

/** How long deliveries are kept: those that arrived, and all others, the waiting ones included. */
export const KEPT_DAYS = { delivered: 7, others: 30 } as const;

export interface TakeQuery {
  wanted: { receiver: string; most: number }[];
  /** At most so many in all: of those that are named first. */
  room: number;
  now: number;
  /** When the lease ends. */
  until: number;
  /** A name that no other taking has. */
  lease: string;
}

export interface Settlement {
  id: string;
  receiver: string;
  lease: string;
  status: DeliveryStatus;
  nextAt: number | null;
  tries: number;
  attempt: Attempt;
}

export interface DeliveryQuery {
  receiver: string;
  status?: DeliveryStatus;
  /** Exclusive id to go on from. */
  before?: string;
  limit: number;
}

/** What the newest tries at a receiver came to. Moments in milliseconds since 1970. */
export interface Health {
  deliveredAt: number | null;
  failedAt: number | null;
  /** Failed tries since the last success. */
  failures: number;
  /** The newest failed try. */
  last: Pick<Attempt, 'httpStatus' | 'error'> | null;
  /** How many wait and how many are dead, each counted no further than TOTAL_CAP. */
  waiting: number;
  dead: number;
}

/** Health as it is kept: the counts are those of the deliveries. */
export type TrackRecord = Omit<Health, 'waiting' | 'dead'>;

/** The record after a try. */
export function recordAfter(former: TrackRecord | null, { at, httpStatus, error }: Attempt): TrackRecord {
  if (error === null)
    return { deliveredAt: at, failedAt: former?.failedAt ?? null, failures: 0, last: former?.last ?? null };
  return {
    deliveredAt: former?.deliveredAt ?? null,
    failedAt: at,
    failures: (former?.failures ?? 0) + 1,
    last: { httpStatus, error },
  };
}
