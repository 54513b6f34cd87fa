import { randomBytes } from 'node:crypto';
import type { Deps } from '../deps.ts';
import type { Attempt, Delivery, DeliveryStatus } from './delivery.ts';
import { nextTry } from './schedule.ts';
import type { TryResult } from './try-result.ts';

/** Whose deliveries a courier brings: who the receivers are, and how each is told. */
export interface Mailroom<Receiver extends { id: string }> {
  /** Where deliveries may go now. */
  receivers(): Promise<Receiver[]>;
  /** One try, no longer than the courier's patience. */
  call(delivery: Delivery, receiver: Receiver): Promise<TryResult>;
  /** The receiver wants no more: it answered 410. */
  disable(receiver: string): Promise<void>;
}

/** What somebody who looks after receivers is told: not each try, but where it takes another turn. */
export interface Turn extends Pick<Attempt, 'httpStatus' | 'error'> {
  receiver: string;
  /** Its id, which is the `webhook-id`. */
  delivery: string;
  /** `fails` after a success or a start, `answers` again, is `gone` (410); a delivery is given up (`dead`). */
  what: 'fails' | 'answers' | 'gone' | 'dead';
}

export interface CourierOptions {
  retrySeconds: readonly number[];
  timeoutMs: number;
  /** Told of each try's end. */
  onTry(result: 'delivered' | 'failed' | 'dead', error: Attempt['error']): void;
  onTurn?(turn: Turn): void;
}

export interface Courier {
  /** Tries what is due and fits; how many deliveries it took. Their ends are not waited for. */
  round(): Promise<number>;
  /** Called at the end of each try: there is room again. */
  onRoom(listener: () => void): void;
  /** Waits for what is under way, no longer than that many milliseconds. */
  settle(patienceMs: number): Promise<void>;
}

/** Tries at once: at one receiver, at one whose last try failed, and at all. */
const AT_ONE = 4;
const AT_A_FAILING_ONE = 1;
const AT_ALL = 64;
/** A lease is so much longer than a try may take: for the writes around it, and for clocks that differ. */
const LEASE_MARGIN_MS = 10_000;

interface Result {
  attempt: Attempt;
  retryAfter: string | undefined;
}

export function createCourier<Receiver extends { id: string }>(
  deps: Pick<Deps, 'outbox' | 'clock'>,
  mailroom: Mailroom<Receiver>,
  { retrySeconds, timeoutMs, onTry, onTurn = () => undefined }: CourierOptions,
): Courier {
  const { outbox, clock } = deps;
  const underWay = new Map<string, number>();
  const failing = new Set<string>();
  const tries = new Set<Promise<void>>();
  /** In which round each was last taken from. */
  const takenIn = new Map<string, number>();
  let rounds = 0;
  let onRoom = (): void => undefined;

  const roomAt = (receiver: string): number =>
    (failing.has(receiver) ? AT_A_FAILING_ONE : AT_ONE) - (underWay.get(receiver) ?? 0);

  async function attempt(delivery: Delivery, receiver: Receiver): Promise<Result> {
    const at = clock.now();
    const begun = performance.now();
    const { retryAfter, ...came } = await mailroom.call(delivery, receiver);
    return { attempt: { at, ...came, ms: Math.round(performance.now() - begun) }, retryAfter };
  }

  function outcomeOf({ attempt: { httpStatus, error }, retryAfter }: Result, tried: number) {
    const settled = (status: DeliveryStatus, nextAt: number | null) => ({ status, nextAt });
    if (error === null) return settled('delivered', null);
    if (httpStatus === 410 || error === 'nothing-to-tell') return settled('dead', null);
    const query = { retrySeconds, tries: tried, now: clock.now(), random: Math.random() };
    const nextAt = nextTry({ ...query, ...(retryAfter !== undefined && { retryAfter }) });
    return settled(nextAt === null ? 'dead' : 'waiting', nextAt);
  }

  async function deliver(delivery: Delivery, receiver: Receiver): Promise<void> {
    const result = await attempt(delivery, receiver);
    const { httpStatus, error } = result.attempt;
    const turn = (what: Turn['what']): void =>
      onTurn({ receiver: receiver.id, delivery: delivery.id, what, httpStatus, error });
    const hadFailed = failing.has(receiver.id);
    if (error === null) failing.delete(receiver.id);
    else failing.add(receiver.id);
    // First of all: while it is enabled the next message would be sent.
    if (httpStatus === 410) await mailroom.disable(receiver.id);
    if (httpStatus === 410) turn('gone');
    else if (error !== 'nothing-to-tell' && hadFailed !== (error !== null))
      turn(hadFailed ? 'answers' : 'fails');
    const tried = delivery.tries + 1;
    const outcome = outcomeOf(result, tried);
    const { id, lease } = delivery;
    const settlement = {
      id,
      receiver: receiver.id,
      lease: lease ?? '',
      tries: tried,
      attempt: result.attempt,
    };
    await outbox.settle({ ...settlement, ...outcome });
    onTry(outcome.status === 'waiting' ? 'failed' : outcome.status, error);
    if (outcome.status === 'dead' && httpStatus !== 410 && error !== 'nothing-to-tell') turn('dead');
  }

  function begin(delivery: Delivery, receiver: Receiver): void {
    const count = (by: number): void => {
      const left = (underWay.get(receiver.id) ?? 0) + by;
      if (left > 0) underWay.set(receiver.id, left);
      else underWay.delete(receiver.id);
    };
    count(1);
    const running: Promise<void> = deliver(delivery, receiver)
      // The store is away: the lease ends, and it is tried again.
      .catch(() => undefined)
      .finally(() => {
        count(-1);
        tries.delete(running);
        onRoom();
      });
    tries.add(running);
  }

  return {
    async round() {
      const room = AT_ALL - tries.size;
      if (room <= 0) return 0;
      const receivers = new Map((await mailroom.receivers()).map((one) => [one.id, one]));
      const open = [...receivers.keys()].filter((id) => roomAt(id) > 0);
      // Those with the least under way first, and of these who was taken from longest ago: nobody is passed over.
      const busy = (id: string): number => underWay.get(id) ?? 0;
      const last = (id: string): number => takenIn.get(id) ?? 0;
      open.sort((one, other) => busy(one) - busy(other) || last(one) - last(other));
      if (open.length === 0) return 0;
      const each = Math.max(1, Math.floor(room / open.length));
      const wanted = open.map((id) => ({ receiver: id, most: Math.min(roomAt(id), each) }));
      const now = clock.now();
      const lease = randomBytes(12).toString('base64url');
      const taken = await outbox.take({ wanted, room, now, until: now + timeoutMs + LEASE_MARGIN_MS, lease });
      rounds += 1;
      for (const delivery of taken) {
        takenIn.set(delivery.receiver, rounds);
        const receiver = receivers.get(delivery.receiver);
        if (receiver) begin(delivery, receiver);
      }
      return taken.length;
    },
    onRoom(listener) {
      onRoom = listener;
    },
    async settle(patienceMs) {
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((end) => {
        timer = setTimeout(end, patienceMs);
      });
      await Promise.race([Promise.all(tries), patience]);
      clearTimeout(timer);
    },
  };
}
