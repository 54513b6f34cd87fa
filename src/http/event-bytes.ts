import type { EventIds } from '../moderation/live/event-id.ts';
import type { LiveBatch } from '../moderation/live/listener.ts';
import type { LiveMessage } from '../moderation/live/messages.ts';

/**
 * The stream's bytes (HTML standard, "Server-sent events"). What many listeners get is made once: a comment's
 * JSON, a message and a batch are each kept for as long as somebody holds the object they were made from.
 */
export interface EventBytes {
  batchOf(batch: LiveBatch): Buffer;
  /** A comment line, and the id to come back with: a client that hears nothing shall keep up, too. */
  beatAt(number: number): Buffer;
}

/** Milliseconds that a client waits before it comes back. */
const RETRY_MS = 2000;

/** What a stream begins with. */
export const OPENING = Buffer.from(`:\nretry: ${RETRY_MS}\n\n`);

export function createEventBytes(ids: EventIds): EventBytes {
  const texts = new WeakMap<object, string>();
  const messages = new WeakMap<LiveMessage, Buffer>();
  const batches = new WeakMap<LiveBatch, Buffer>();
  let lastBeat: { number: number; bytes: Buffer } | null = null;

  function once<Key extends object, Value>(
    kept: WeakMap<Key, Value>,
    key: Key,
    make: (key: Key) => Value,
  ): Value {
    const known = kept.get(key);
    if (known !== undefined) return known;
    const made = make(key);
    kept.set(key, made);
    return made;
  }

  const textOf = (data: object): string => once(texts, data, (what) => JSON.stringify(what));
  const bytesOf = (message: LiveMessage): Buffer =>
    once(messages, message, ({ number, kind, data }) =>
      Buffer.from(`id: ${ids.write(number)}\nevent: ${kind}\ndata: ${textOf(data)}\n\n`),
    );

  return {
    batchOf: (batch) => once(batches, batch, (one) => Buffer.concat(one.messages.map(bytesOf))),
    beatAt(number) {
      if (lastBeat?.number !== number)
        lastBeat = { number, bytes: Buffer.from(`:\nid: ${ids.write(number)}\n\n`) };
      return lastBeat.bytes;
    },
  };
}
