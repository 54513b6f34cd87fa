import type { ServerResponse } from 'node:http';
import type { LiveBatch, LiveListener } from '../moderation/live/listener.ts';
import { type EventBytes, OPENING } from './event-bytes.ts';

/** One listener's connection, its head written. */
export interface EventConnection extends LiveListener {
  /** A comment line, so that nobody on the way takes the connection for dead. */
  beat(): void;
  /** The client may come back. */
  end(): void;
  /** Called once, however it ends. */
  onClose(listener: () => void): void;
}

export interface EventConnectionOptions {
  bytes: EventBytes;
  /** Up to here the client has heard everything. */
  at: number;
  onDrop: () => void;
}

/** What may wait for a client that reads slowly, in bytes; one that is behind by more has to come back. */
const MOST_WAITING = 1024 * 1024;
/** Milliseconds in which nobody is held to be slow: one flood's events may be more than what may wait. */
const GRACE_MS = 1000;
/** Comment lines in a row, 15 s apart, during which a client has read nothing of what waits for it. */
const MOST_STALLS = 4;

export function createEventConnection(
  response: ServerResponse,
  { bytes, at, onDrop }: EventConnectionOptions,
): EventConnection {
  let last = at;
  let sent = 0;
  let stalls = 0;
  /** Bytes written within the grace. */
  let fresh = 0;

  const drop = (): void => {
    onDrop();
    response.destroy();
  };
  const isOver = (): boolean => response.destroyed || response.writableEnded;
  const write = (chunk: Buffer): void => {
    if (isOver()) return;
    if (response.writableLength - fresh > MOST_WAITING) {
      drop();
      return;
    }
    if (fresh === 0)
      setTimeout(() => {
        fresh = 0;
      }, GRACE_MS).unref();
    fresh += chunk.length;
    response.write(chunk);
  };

  /** What the system has taken over so far: it stands still while the client does not read. */
  const takenOver = (): number => (response.socket?.bytesWritten ?? 0) - response.writableLength;

  write(OPENING);
  write(bytes.beatAt(at));
  return {
    take(batch: LiveBatch) {
      last = batch.last;
      if (batch.messages.length > 0) write(bytes.batchOf(batch));
    },
    ready() {
      if (isOver() || !response.writableNeedDrain) return Promise.resolve();
      return new Promise((resolve) => {
        const go = (): void => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.on('drain', go).on('close', go);
      });
    },
    beat() {
      const isStuck = response.writableLength > 0 && takenOver() === sent;
      sent = takenOver();
      stalls = isStuck ? stalls + 1 : 0;
      if (stalls > MOST_STALLS) drop();
      else write(bytes.beatAt(last));
    },
    end() {
      if (!isOver()) response.end();
    },
    onClose(listener) {
      if (response.destroyed || response.closed) listener();
      else response.once('close', listener);
    },
  };
}
