import { write } from 'node:fs';

/**
 * Lines for a file descriptor, written in the background and gathered under load. pino's own writer is not
 * used: when the reader of a pipe is gone, its flushSync tries for ever, and the process never ends.
 */
export interface LogOutput {
  /** One or more whole lines, each with its line feed. Never blocks and never throws. */
  write(lines: string): void;
  /** Resolves when all is written or nobody takes it any more, after `withinMs` at the latest. */
  flush(withinMs: number): Promise<void>;
}

const MOST_WAITING_CHARACTERS = 8 * 1024 * 1024;
const NAP_MS = 5;

/** Writes to a file descriptor, 1 for standard output. */
export function createLogOutput(fd: number): LogOutput {
  let waiting: string[] = [];
  let waitingCharacters = 0;
  let dropped = 0;
  let writing = false;
  let readerGone = false;
  const idle: (() => void)[] = [];

  const take = (): Buffer => {
    if (dropped > 0)
      waiting.push(`{"level":"warn","msg":"${dropped} log lines were lost: nobody took them"}\n`);
    const lines = Buffer.from(waiting.join(''));
    waiting = [];
    waitingCharacters = 0;
    dropped = 0;
    return lines;
  };

  const writeOn = (part: Buffer): void => {
    writing = part.length > 0;
    if (!writing) {
      for (const resolve of idle.splice(0)) resolve();
      return;
    }
    write(fd, part, 0, part.length, null, (error, written) => {
      if (error?.code === 'EAGAIN') {
        setTimeout(writeOn, NAP_MS, part);
      } else if (error) {
        // Nobody reads the log any more: no reason to stop answering.
        readerGone = true;
        waiting = [];
        writeOn(Buffer.alloc(0));
      } else {
        writeOn(written < part.length ? part.subarray(written) : take());
      }
    });
  };

  return {
    write(lines) {
      if (readerGone) return;
      if (waitingCharacters > MOST_WAITING_CHARACTERS) {
        dropped += 1;
        return;
      }
      waiting.push(lines);
      waitingCharacters += lines.length;
      if (!writing) writeOn(take());
    },
    flush(withinMs) {
      if (!writing) return Promise.resolve();
      return new Promise((resolve) => {
        idle.push(resolve);
        setTimeout(resolve, withinMs).unref();
      });
    },
  };
}
