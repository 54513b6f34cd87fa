import { type Database, DURABLE } from './database.ts';
import { isDuplicateKey, isNotThere } from './failures.ts';

/** Milliseconds within which the instances of an earlier build are replaced one after the other. */
const REPLACING_MS = 60 * 60 * 1000;

/**
 * Drops what earlier builds declared and what would do harm now, or is maintained for nothing. By `expiry` of events the
 * server itself took events away after two days, whether or not every consumer had taken them (event-trimmer.ts). By
 * `words` of comments instances of an earlier build search and change comments: it stays until one starts that long
 * after the first of this build. Instances that start together may all try.
 */
export async function dropFormerIndexes({
  events,
  comments,
  meta,
}: Pick<Database, 'events' | 'comments' | 'meta'>): Promise<void> {
  await unlessGone(events.dropIndex('expiry'));
  const now = Date.now();
  const update = { $setOnInsert: { since: now } };
  await meta
    .updateOne({ _id: 'queue-of-word' }, update, { upsert: true, writeConcern: DURABLE })
    .catch((error: unknown) => {
      if (!isDuplicateKey(error)) throw error;
    });
  const { since = now } = (await meta.findOne({ _id: 'queue-of-word' })) ?? {};
  if (now - since >= REPLACING_MS) await unlessGone(comments.dropIndex('words'));
}

async function unlessGone(dropping: Promise<unknown>): Promise<void> {
  await dropping.catch((error: unknown) => {
    if (!isNotThere(error)) throw error;
  });
}
