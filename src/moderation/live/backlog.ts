import type { Deps } from '../../deps.ts';
import { CLOCKS_DIFFER_MS } from '../../requests/limit-store.ts';
import type { NumberedEvent } from '../event-log.ts';
import type { LiveBatch, LiveScope } from './listener.ts';
import { messagesOf, movesCounts, resetMessage } from './messages.ts';

/** A part of what a listener has missed. */
export interface MissedBatch extends LiveBatch {
  /** Sites whose counts moved meanwhile. */
  changed: string[];
}

export interface Span {
  /** Exclusive. */
  after: number;
  /** Inclusive, and greater than `after`. */
  upTo: number;
}

/** What was missed, a part at a time; who misses the same at the same moment shares one reading. */
export interface Backlog {
  read(scope: LiveScope, span: Span): Promise<MissedBatch>;
}

/**
 * Leaves out what is of a former site, whose id another one has since: who hears of that one may not have seen it. Null
 * where that can't be told: a site that is of a later moment was made under a clock that was set back since.
 */
async function ofPresentSites(
  deps: Pick<Deps, 'sites' | 'clock'>,
  events: NumberedEvent[],
): Promise<NumberedEvent[] | null> {
  const ids = [...new Set(events.map(({ event }) => event.site))];
  const made = new Map(await Promise.all(ids.map(async (id) => [id, await deps.sites.find(id)] as const)));
  const latest = deps.clock.now() + CLOCKS_DIFFER_MS;
  if ([...made.values()].some((site) => site !== null && site.createdAt > latest)) return null;
  return events.filter(({ event }) => event.at >= (made.get(event.site)?.createdAt ?? 0));
}

export function createBacklog(deps: Deps, chunk: number): Backlog {
  const underWay = new Map<string, Promise<MissedBatch>>();

  const afresh = (upTo: number): MissedBatch => ({ messages: [resetMessage(upTo)], last: upTo, changed: [] });

  async function read(scope: LiveScope, { after, upTo }: Span): Promise<MissedBatch> {
    const events = (await deps.events.after(after, chunk)).filter(({ number }) => number <= upTo);
    const last = events.at(-1)?.number;
    if (last === undefined || events[0]?.number !== after + 1) return afresh(upTo);
    const seen = events.filter(({ event }) => scope.sees(event.site));
    const heard = await ofPresentSites(deps, seen);
    if (heard === null) return afresh(upTo);
    const changed = heard.filter(({ event }) => movesCounts(event)).map(({ event }) => event.site);
    return { messages: await messagesOf(deps, heard), last, changed: [...new Set(changed)] };
  }

  return {
    read(scope, span) {
      const key = `${span.after} ${span.upTo} ${scope.key}`;
      const shared = underWay.get(key) ?? read(scope, span).finally(() => underWay.delete(key));
      underWay.set(key, shared);
      return shared;
    },
  };
}
