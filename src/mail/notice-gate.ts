import type { Deps } from '../deps.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { digestAt, noticeLater } from './due.ts';
import type { NoticeMessage } from './message.ts';
import { nextHour } from './slots.ts';

/** Keeps mail about single comments from being more than somebody can use. */
export interface NoticeGate {
  /** Whether it goes out now and by itself. Else what is to come in its place has been seen to. */
  passes(delivery: Delivery): Promise<boolean>;
  /** What had passed was not taken: it counts when it is. */
  failed(delivery: Delivery): void;
}

/** Notices of one site to one moderator in an hour, by one process; what is more is summed up. */
const MOST = 30;
const HOUR_MS = 3_600_000;
/** How long a filter that answers later is waited for, in milliseconds. */
const PATIENCE_MS = 60_000;

export function createNoticeGate(deps: Pick<Deps, 'comments' | 'sites' | 'outbox' | 'clock'>): NoticeGate {
  const { comments, sites, outbox, clock } = deps;
  let hour = 0;
  const sent = new Map<string, number>();

  /** A filter has yet to say what becomes of it: most such comments wait for nobody in the end. */
  async function isBeingJudged({ commentId }: NoticeMessage): Promise<boolean> {
    const comment = await comments.find(commentId);
    return comment?.screening.some(({ outcome }) => outcome === 'waiting') ?? false;
  }

  /** Counts one more, or one less, of those that go out in this hour; how many those were before. */
  function count({ site, moderator }: NoticeMessage, by: 1 | -1): number {
    const current = Math.floor(clock.now() / HOUR_MS);
    if (current !== hour) sent.clear();
    hour = current;
    const key = `${site}/${moderator}`;
    const before = sent.get(key) ?? 0;
    sent.set(key, Math.max(0, before + by));
    return before;
  }

  /** With whatever else waits, in the summary that those get who want one an hour. */
  async function sumUp(message: NoticeMessage): Promise<void> {
    const site = await sites.find(message.site);
    await outbox.add(digestAt(nextHour(site?.timeZone ?? 'UTC', clock.now()), message));
  }

  return {
    async passes(delivery) {
      const { message, tries } = delivery;
      if (message.type !== 'mail.notice') return true;
      if (tries === 0 && !message.later && (await isBeingJudged(message))) {
        await outbox.add(noticeLater(message, { instead: delivery.id, at: clock.now() + PATIENCE_MS }));
        return false;
      }
      // Tries anew are counted as well: after hours without a way out everything comes at once.
      if (count(message, 1) < MOST) return true;
      await sumUp(message);
      return false;
    },
    failed({ message }) {
      if (message.type === 'mail.notice') count(message, -1);
    },
  };
}
