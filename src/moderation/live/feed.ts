import type { Deps } from '../../deps.ts';
import type { NumberedEvent } from '../event-log.ts';
import { createAlarm } from './alarm.ts';
import { createBacklog } from './backlog.ts';
import type { LiveListener, LiveScope } from './listener.ts';
import { type LiveMessage, messagesOf, movesCounts, resetMessage } from './messages.ts';
import { createRoster, isHeard, type Member } from './roster.ts';
import { countSites } from './site-counts.ts';

/** A place among the listeners, with nobody on it yet: what happens from here on is theirs. */
export interface LiveSeat {
  /** What was heard so far. */
  at: number;
  /** Sends what was missed, then everything that comes. */
  follow(listener: LiveListener): void;
  leave(): void;
}

/**
 * Tells all listeners of this process what happens. What was missed is sent first, without a gap or a
 * repetition; then everybody hears the same batches. One reading of the log serves all.
 */
export interface LiveFeed {
  /**
   * `from` is the number up to which the listener has heard; null begins now; `unknown` begins now, too,
   * but with `reset`. Rejects with `store-unavailable`.
   */
  enter(scope: LiveScope, from: number | 'unknown' | null): Promise<LiveSeat>;
}

/** Milliseconds: what comes within them shares a batch. */
const GATHER_MS = 100;
/** With many listeners a batch takes its time; then we rest so much longer, that posts have theirs. */
const REST_SHARE = 9;
const MOST_REST_MS = 600;
/** Milliseconds, by the contract. */
const COUNTS_EVERY_MS = 1000;
const RETRY_MS = 1000;
/** Events read at once. */
const CHUNK = 200;

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });

export function createLiveFeed(deps: Deps, report: (error: unknown) => void): LiveFeed {
  const roster = createRoster();
  const backlog = createBacklog(deps, CHUNK);
  const changedSites = new Set<string>();
  /** Everybody who has joined has heard up to here. */
  let position = 0;
  let countedAt = Number.NEGATIVE_INFINITY;
  let restsUntil = Number.NEGATIVE_INFINITY;
  let working: Promise<void> | null = null;
  let again = false;
  let leaveNews: (() => void) | null = null;
  let lifecycle: Promise<void> = Promise.resolve();

  async function tell(events: NumberedEvent[], last: number): Promise<void> {
    const company = roster.company();
    // Before anything is waited for: who joins from here on fetches what these are told now.
    position = last;
    const heard = events.filter(({ event }) => isHeard(company, event.site));
    for (const { event } of heard) if (movesCounts(event)) changedSites.add(event.site);
    try {
      await roster.handAll(company, await messagesOf(deps, heard), last);
    } catch (error) {
      report(error);
      // They have not heard it: each goes on from where it stands.
      for (const member of company.flat()) if (member.at < last) catchUpLater(member);
    }
  }

  async function tellCounts(): Promise<void> {
    const company = roster.company();
    const sites = [...changedSites].filter((site) => isHeard(company, site));
    changedSites.clear();
    countedAt = performance.now();
    const last = position;
    try {
      const messages = (await countSites(deps, sites)).map(
        (data): LiveMessage => ({ number: last, kind: 'counts', site: data.site, data }),
      );
      await roster.handAll(company, messages, last);
    } catch (error) {
      for (const site of sites) changedSites.add(site);
      throw error;
    }
  }

  /** Events are gone of which nobody has heard. */
  async function startAfresh(): Promise<void> {
    const company = roster.company();
    position = (await deps.events.ends()).last;
    await roster.handAll(company, [resetMessage(position)], position);
  }

  async function round(): Promise<void> {
    for (;;) {
      const found = await deps.events.after(position, CHUNK);
      if (found.length === 0) break;
      const events = found.filter(({ number }) => number > position);
      const last = events.at(-1)?.number;
      if (last === undefined) continue;
      if (events[0]?.number === position + 1) await tell(events, last);
      else await startAfresh();
    }
    if (changedSites.size > 0 && performance.now() - countedAt >= COUNTS_EVERY_MS) await tellCounts();
  }

  /** Fulfilled once everything has been told that was there when it was called. */
  function work(): Promise<void> {
    again = true;
    working ??= (async () => {
      const begun = performance.now();
      try {
        while (again) {
          again = false;
          await round();
        }
      } finally {
        working = null;
        const now = performance.now();
        restsUntil = now + Math.min(MOST_REST_MS, Math.max(GATHER_MS, REST_SHARE * (now - begun)));
        if (changedSites.size > 0) alarm.in(countedAt + COUNTS_EVERY_MS - now);
      }
    })();
    return working;
  }

  const alarm = createAlarm(() => {
    if (roster.isEmpty()) return;
    work().catch((error: unknown) => {
      report(error);
      alarm.in(RETRY_MS);
    });
  });
  const onNews = (): void => alarm.in(restsUntil - performance.now());

  /** Listens to the log exactly while there is somebody to tell. */
  function settle(): Promise<void> {
    const settled = lifecycle.then(async () => {
      if (!roster.isEmpty() && !leaveNews) {
        position = Math.max(position, (await deps.events.ends()).last);
        leaveNews = deps.events.onNews(onNews);
      } else if (roster.isEmpty()) {
        leaveNews?.();
        leaveNews = null;
        changedSites.clear();
      }
    });
    lifecycle = settled.catch(() => undefined);
    return settled;
  }

  async function catchUp(member: Member): Promise<void> {
    while (roster.has(member)) {
      if (member.at >= position) {
        roster.join(member);
        if (changedSites.size > 0) onNews();
        return;
      }
      try {
        const { changed, ...batch } = await backlog.read(member.scope, { after: member.at, upTo: position });
        for (const site of changed) changedSites.add(site);
        if (roster.has(member)) roster.hand(member, batch);
        await member.listener?.ready();
      } catch (error) {
        report(error);
        await pause(RETRY_MS);
      }
    }
  }

  function catchUpLater(member: Member): void {
    roster.part(member);
    void pause(RETRY_MS).then(() => catchUp(member));
  }

  /** Whether a listener that has heard so far can go on without a gap. */
  async function isKnown(from: number): Promise<boolean> {
    // Another instance may have told of more than this one has read yet.
    if (from > position) await work();
    return from <= position && from >= (await deps.events.ends()).first - 1;
  }

  function leave(member: Member): void {
    if (roster.remove(member)) void settle().catch(report);
  }

  return {
    async enter(scope, from) {
      const member: Member = { scope, at: 0, listener: null };
      roster.add(member);
      try {
        await settle();
        const isReset = from === 'unknown' || (from !== null && !(await isKnown(from)));
        const at = typeof from === 'number' && !isReset ? from : position;
        member.at = at;
        return {
          at,
          follow(listener) {
            member.listener = listener;
            if (isReset) roster.hand(member, { messages: [resetMessage(at)], last: at });
            void catchUp(member);
          },
          leave: () => leave(member),
        };
      } catch (error) {
        leave(member);
        throw error;
      }
    },
  };
}
