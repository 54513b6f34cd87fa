import { auditEntryOf } from '../../moderation/audit.ts';
import { isOfComment, type LogEvent, loggedEvent } from '../../moderation/event-log.ts';
import { auditDocOf } from './acting.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';
import type { InboxDoc, JournalDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';

const ERASING: ReadonlySet<string | undefined> = new Set(['erase', 'anonymise']);

interface Placed {
  event: LogEvent;
  /** Orders events of several comments. */
  at: number;
  id: string;
}

const byPlace = (a: Placed, b: Placed): number => a.at - b.at || (a.id < b.id ? -1 : Number(a.id > b.id));

/**
 * A tail's events with places that never go back. Their own moments do: that of a decision in a batch is when the
 * batch began, and the clocks of instances differ.
 */
function placed(tail: CommentDoc['tail']): Placed[] {
  const places: Placed[] = [];
  for (const event of tail.flatMap((entry) => entry.event ?? [])) {
    const own = { event, at: event.at, id: event.id };
    const last = places.at(-1);
    places.push(last && byPlace(last, own) > 0 ? { ...last, event } : own);
  }
  return places;
}

/** The events that wait in the tails of a batch and in the inbox, by their moments; a comment's as they happened to it. */
export function eventsOf(owners: Pick<CommentDoc, 'tail'>[], inbox: InboxDoc[]): LogEvent[] {
  const events = owners.flatMap(({ tail }) => placed(tail));
  events.push(...inbox.map(({ body }) => ({ event: body, at: body.at, id: body.id })));
  // Equal places are one comment's, and the sort leaves those as they are.
  return events.sort(byPlace).map(({ event }) => event);
}

/**
 * Hands a batch's events on: numbered for the live stream, and acts for the audit. Done twice it does
 * nothing more: the numbers are the journal's, and an entry of the audit has its act's id.
 */
export async function handOn(
  { events, audit }: Pick<Database, 'events' | 'audit'>,
  { events: batch = [], lastNumber }: JournalDoc,
): Promise<void> {
  const first = lastNumber - batch.length + 1;
  await insertOnce(
    events,
    batch.map((event, i) => ({ _id: first + i, at: new Date(), body: loggedEvent(event) })),
  );
  await keepActs(audit, batch);
  await forgetNotes(audit, batch);
}

/**
 * Notes that stood in a batch under way when their comment was erased were not found by the erasure (see
 * traces.ts): they go with its own event, which always comes later.
 */
async function forgetNotes(audit: Database['audit'], events: LogEvent[]): Promise<void> {
  const writes = events.flatMap((event) => {
    if (!isOfComment(event) || !ERASING.has(event.act?.action)) return [];
    const filter = { commentId: event.commentId, _id: { $lt: event.id }, action: { $ne: 'reply' as const } };
    return [{ updateMany: { filter, update: { $set: { note: null } }, hint: 'audit-of-comment' } }];
  });
  if (writes.length > 0) await audit.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
}

/** Writes the acts among the events into the audit. Done twice it does nothing more. */
export async function keepActs(audit: Database['audit'], events: LogEvent[]): Promise<void> {
  const entries = events.flatMap((event) => (isOfComment(event) ? (auditEntryOf(event) ?? []) : []));
  await insertOnce(audit, entries.map(auditDocOf));
}

/** Inserts those that are not there yet. */
export async function insertOnce<Doc extends object>(
  collection: { insertMany(docs: Doc[], options: object): Promise<unknown> },
  docs: Doc[],
): Promise<void> {
  if (docs.length === 0) return;
  try {
    await collection.insertMany(docs, { ordered: false, writeConcern: { w: 'majority' } });
  } catch (error) {
    for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
  }
}
