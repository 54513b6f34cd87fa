import type { Deps } from '../deps.ts';
import { isOfComment } from '../moderation/event-log.ts';
import { createCourier, type Turn } from '../webhooks/courier.ts';
import { createDeliveryLoop, type DeliveryLoop } from '../webhooks/loop.ts';
import { FILTERS } from './consumer.ts';
import { runErrand } from './errands.ts';
import { disableGone } from './manage.ts';
import { dueDeliveries } from './messages.ts';

export interface FilterRunnerOptions {
  retrySeconds: readonly number[];
  timeoutMs: number;
  report(error: unknown): void;
  onTurn?(turn: Turn): void;
}

/** Asks filters later and again, and tells them what people decide. One runs in each process. */
export type FilterRunner = DeliveryLoop;

/** Events of one step. */
const STEP = 200;

/** Plans what the next events are due to filters; how many events it took. */
export async function planNext(deps: Deps, retrySeconds: readonly number[]): Promise<number> {
  const position = await deps.events.position(FILTERS);
  if (position === null || !(await deps.outbox.mayPlan())) return 0;
  const events = await deps.events.after(position, STEP);
  const last = events.at(-1);
  if (!last) return 0;
  const filters = await deps.filters.all();
  const ids =
    filters.length === 0 ? [] : events.flatMap(({ event }) => (isOfComment(event) ? [event.commentId] : []));
  const found = ids.length === 0 ? [] : await deps.comments.findMany([...new Set(ids)]);
  const comments = new Map(found.map((comment) => [comment.id, comment]));
  const now = deps.clock.now();
  const deliveries = dueDeliveries({ events, filters, comments, retrySeconds, now, random: Math.random });
  await deps.outbox.plan({ deliveries, consumer: FILTERS, upTo: last.number });
  return events.length;
}

export function createFilterRunner(
  deps: Deps,
  { retrySeconds, timeoutMs, report, onTurn }: FilterRunnerOptions,
): FilterRunner {
  const courier = createCourier(
    deps,
    {
      async receivers() {
        return (await deps.filters.all()).filter(({ enabled }) => enabled);
      },
      call: (delivery, filter) => runErrand(deps, { filter, delivery, deadlineMs: timeoutMs }),
      disable: (id) => disableGone(deps, id),
    },
    { retrySeconds, timeoutMs, onTry: () => undefined, ...(onTurn && { onTurn }) },
  );
  return createDeliveryLoop({
    events: deps.events,
    consumer: FILTERS,
    plan: () => planNext(deps, retrySeconds),
    courier,
    report,
  });
}
