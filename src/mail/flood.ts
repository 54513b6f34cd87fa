import type { Deps } from '../deps.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { digestAt } from './due.ts';
import { nextHour } from './slots.ts';

/** Keeps a flood of comments from being one of mail. */
export interface FloodGate {
  /** Whether it goes out by itself; else what waits is summed up at the next full hour. */
  passes(delivery: Delivery): Promise<boolean>;
}

/** Notices of one site to one moderator in an hour, by one process. */
const MOST = 30;

export function createFloodGate({ outbox, clock }: Pick<Deps, 'outbox' | 'clock'>): FloodGate {
  let hour = 0;
  const sent = new Map<string, number>();
  return {
    async passes({ message, tries }) {
      if (message.type !== 'mail.notice' || tries > 0) return true;
      const next = nextHour(clock.now());
      if (next !== hour) sent.clear();
      hour = next;
      const { site, moderator } = message;
      const key = `${site}/${moderator}`;
      const count = sent.get(key) ?? 0;
      sent.set(key, count + 1);
      if (count < MOST) return true;
      await outbox.add(digestAt(next, { site, moderator }));
      return false;
    },
  };
}
