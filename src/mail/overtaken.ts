import type { Deps } from '../deps.ts';
import { KEPT_DAYS } from '../webhooks/outbox.ts';
import { digestAt } from './due.ts';
import type { DigestMessage } from './message.ts';
import { nextHour } from './slots.ts';

/** What was due longer ago is not in the outbox any more. Milliseconds. */
const LONGEST_KEPT = KEPT_DAYS.others * 24 * 3_600_000;

/**
 * Whether a later summary was due by now for the same moderator and site: both would say what waits at this moment.
 * After a day without a way out there would else be one for each hour of it.
 */
export async function isOvertaken(
  { outbox, sites, clock }: Pick<Deps, 'outbox' | 'sites' | 'clock'>,
  message: DigestMessage,
): Promise<boolean> {
  const site = await sites.find(message.site);
  if (!site) return false;
  const now = clock.now();
  // Mornings are full hours, too. The hours since a clock that was decades behind are too many to look at each.
  let slot = nextHour(site.timeZone, Math.max(message.at, now - LONGEST_KEPT));
  for (; slot <= now; slot = nextHour(site.timeZone, slot))
    if (await outbox.find(digestAt(slot, message).id)) return true;
  return false;
}
