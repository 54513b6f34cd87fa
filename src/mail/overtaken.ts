import type { Deps } from '../deps.ts';
import { digestAt } from './due.ts';
import type { DigestMessage } from './message.ts';
import { nextHour } from './slots.ts';

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
  // Mornings are full hours, too.
  let slot = nextHour(site.timeZone, message.at);
  for (const now = clock.now(); slot <= now; slot = nextHour(site.timeZone, slot))
    if (await outbox.find(digestAt(slot, message).id)) return true;
  return false;
}
