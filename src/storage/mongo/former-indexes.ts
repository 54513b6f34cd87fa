import type { Database } from './database.ts';
import { isNotThere } from './failures.ts';

/**
 * Drops what earlier builds declared and what would do harm now: by `expiry` the server itself took events away
 * after two days, whether or not every consumer had taken them (event-trimmer.ts). Instances that start together
 * may all try.
 */
export async function dropFormerIndexes({ events }: Pick<Database, 'events'>): Promise<void> {
  await events.dropIndex('expiry').catch((error: unknown) => {
    if (!isNotThere(error)) throw error;
  });
}
