import { type Database, DURABLE } from './database.ts';
import type { Stamps } from './stamps.ts';

type Parts = Pick<
  Database,
  'tokens' | 'filters' | 'webhooks' | 'moderators' | 'deliveries' | 'deliveryRecords'
>;

const NONE_LEFT = { sites: { $size: 0 } };

/**
 * Takes a site out of what names sites. What is of this site alone ends: tokens, filters and webhooks; accounts stay,
 * for a person. Cut off at any point it is done again from its beginning: what has lost its only site sees nothing.
 */
export function createScopeEnd(
  { tokens, filters, webhooks, moderators, deliveries, deliveryRecords }: Parts,
  stamps: Pick<Stamps, 'publish'>,
): (site: string) => Promise<void> {
  const options = { writeConcern: DURABLE };

  async function clearReceivers(found: { _id: string }[]): Promise<void> {
    if (found.length === 0) return;
    const ids = found.map(({ _id }) => _id);
    await deliveryRecords.deleteMany({ _id: { $in: ids } }, options);
    await deliveries.deleteMany({ receiver: { $in: ids } }, options);
  }

  return async (site) => {
    const pull = { $pull: { sites: site } };
    await tokens.updateMany({ sites: site }, pull, options);
    await tokens.deleteMany(NONE_LEFT, options);
    const changed = { ...pull, $inc: { version: 1 } };
    await moderators.updateMany({ sites: site }, changed, options);
    await filters.updateMany({ sites: site }, changed, options);
    const endedFilters = await filters.find(NONE_LEFT).project<{ _id: string }>({ _id: 1 }).toArray();
    await filters.deleteMany(NONE_LEFT, options);
    const endedWebhooks = await webhooks.find({ site }).project<{ _id: string }>({ _id: 1 }).toArray();
    await webhooks.deleteMany({ site }, options);
    stamps.publish([{ kind: 'tokens' }, { kind: 'filters' }]);
    await clearReceivers([...endedFilters, ...endedWebhooks]);
  };
}
