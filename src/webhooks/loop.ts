import type { EventLog } from '../moderation/event-log.ts';
import type { Courier } from './courier.ts';
import { createTurns } from './turns.ts';

/** Takes events out of the log, plans what they are due to whom, and has it brought. */
export interface DeliveryLoop {
  start(): void;
  /** Waits a moment for tries under way. */
  stop(): Promise<void>;
}

export interface DeliveryLoopParts {
  events: Pick<EventLog, 'position' | 'onNews'>;
  /** Its name in the log. */
  consumer: string;
  /** Plans what the next events are due; how many events it took. */
  plan(): Promise<number>;
  /** Done when all is planned; ends early once `isStopped`. */
  tidy?(isStopped: () => boolean): Promise<void>;
  courier: Courier;
  /** Where nothing is urgent: it looks so seldom, in milliseconds, and does not ask to be told of news. */
  idleMs?: number;
  report(error: unknown): void;
}

/** Milliseconds between two looks when nothing calls for one: for tries that come due, and work of others. */
const LOOK_MS = 500;
/** Events that come within it are planned together. */
const GATHER_MS = 20;
/** Requests under way come first, and the process has ten seconds for all. */
const STOP_PATIENCE_MS = 1500;

export function createDeliveryLoop(parts: DeliveryLoopParts): DeliveryLoop {
  const { events, consumer, plan, tidy, courier, idleMs, report } = parts;
  let stopped = false;
  let leaveNews: (() => void) | null = null;

  /** Asks to be told of news. While there never was a receiver nothing else is asked of the log: false. */
  async function listen(): Promise<boolean> {
    if (idleMs !== undefined || leaveNews !== null) return true;
    if ((await events.position(consumer)) === null || stopped) return false;
    leaveNews = events.onNews(() => planning.soon(GATHER_MS));
    return true;
  }

  const turns = { everyMs: idleMs ?? LOOK_MS, report };
  const planning = createTurns(async () => {
    if (await listen()) while (!stopped && (await plan()) > 0) sending.soon(0);
    await tidy?.(() => stopped);
  }, turns);
  const sending = createTurns(async () => {
    while (!stopped && (await courier.round()) > 0);
  }, turns);
  courier.onRoom(() => sending.soon(0));

  return {
    start() {
      planning.soon(0);
      sending.soon(0);
    },
    async stop() {
      stopped = true;
      leaveNews?.();
      await planning.end();
      await sending.end();
      await courier.settle(STOP_PATIENCE_MS);
    },
  };
}
