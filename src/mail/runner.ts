import type { Deps } from '../deps.ts';
import type { OutgoingMail, PostAnswer } from '../outgoing/outgoing.ts';
import { createCourier } from '../webhooks/courier.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { createDeliveryLoop } from '../webhooks/loop.ts';
import { NOTHING_TO_TELL, type TryResult } from '../webhooks/try-result.ts';
import { MAIL } from './message.ts';
import { createNoticeGate } from './notice-gate.ts';
import { isOvertaken } from './overtaken.ts';
import { planNext } from './planner.ts';
import { confirmLetter, replyLetter } from './reader-letters.ts';
import { resetLetter } from './reset-letter.ts';
import { digestLetter, noticeLetter } from './staff-letters.ts';

export interface MailRunnerOptions {
  retrySeconds: readonly number[];
  /** For one try. */
  timeoutMs: number;
  report(error: unknown): void;
  /** Told of each try that failed: nothing in it is anybody's address. */
  onRefusal(answer: Exclude<PostAnswer, { ok: true }>): void;
}

/** What mails of this process came to since it started. */
export interface MailTallies {
  sent: number;
  /** And to be tried again. */
  failed: number;
  dead: number;
  /** Nothing was left to tell when it was due. */
  dropped: number;
}

/** Plans mail as events come, and hands it in. One runs in each process. */
export interface MailRunner {
  readonly figures: {
    tallies: Readonly<MailTallies>;
    /** What waits in the store, for every instance. */
    waiting(): Promise<number>;
  };
  /** Where mail can go out, from its fulfilment on no event is missed. */
  start(): Promise<void>;
  /** Waits a moment for tries under way. */
  stop(): Promise<void>;
}

/** Where no mail goes out: only what the log keeps for nobody is passed over. */
const IDLE_MS = 60_000;
const TRIM_EVERY_MS = 3_600_000;
/** How long a wish waits for its confirmation before it is forgotten, address and all. */
const UNCONFIRMED_MS = 14 * 24 * 3_600_000;

function letterFor(deps: Deps, delivery: Delivery): Promise<OutgoingMail | null> {
  const { message } = delivery;
  switch (message.type) {
    case 'mail.notice':
      return noticeLetter(deps, delivery, message);
    case 'mail.digest':
      return digestLetter(deps, delivery, message);
    case 'mail.confirm':
      return confirmLetter(deps, delivery, message);
    case 'mail.reply':
      return replyLetter(deps, delivery, message);
    case 'mail.reset':
      return resetLetter(deps, delivery, message);
    default:
      return Promise.resolve(null);
  }
}

export function createMailRunner(deps: Deps, options: MailRunnerOptions): MailRunner {
  const { retrySeconds, timeoutMs, report, onRefusal } = options;
  const tallies: MailTallies = { sent: 0, failed: 0, dead: 0, dropped: 0 };
  const gate = createNoticeGate(deps);

  async function send(delivery: Delivery): Promise<TryResult> {
    const { message } = delivery;
    if (message.type === 'mail.digest' && (await isOvertaken(deps, message))) return NOTHING_TO_TELL;
    const letter = await letterFor(deps, delivery);
    if (!letter || !deps.post || !(await gate.passes(delivery))) return NOTHING_TO_TELL;
    const answer = await deps.post.send(letter);
    if (answer.ok) return { httpStatus: null, error: null };
    gate.failed(delivery);
    onRefusal(answer);
    return { httpStatus: answer.status, error: answer.failure };
  }

  const courier = createCourier<{ id: string }>(
    deps,
    {
      receivers: async () => (deps.post ? [{ id: MAIL }] : []),
      call: send,
      disable: async () => undefined,
    },
    {
      retrySeconds,
      timeoutMs,
      onTry(result, error) {
        const dropped = error === 'nothing-to-tell';
        tallies[dropped ? 'dropped' : result === 'delivered' ? 'sent' : result] += 1;
      },
    },
  );

  let trimmedAt = Number.NEGATIVE_INFINITY;
  async function trim(isStopped: () => boolean): Promise<void> {
    if (performance.now() - trimmedAt < TRIM_EVERY_MS) return;
    trimmedAt = performance.now();
    const before = deps.clock.now() - UNCONFIRMED_MS;
    while (!isStopped() && (await deps.subscriptions.trim(before)));
  }

  const loop = createDeliveryLoop({
    events: deps.events,
    consumer: MAIL,
    plan: () => planNext(deps),
    tidy: trim,
    courier,
    report,
    ...(deps.post === null && { idleMs: IDLE_MS }),
  });

  return {
    figures: {
      tallies,
      waiting: async () => (await deps.outbox.health([MAIL])).get(MAIL)?.waiting ?? 0,
    },
    async start() {
      if (deps.post) await deps.events.join(MAIL);
      loop.start();
    },
    stop: loop.stop,
  };
}
