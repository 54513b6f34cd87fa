import type { IncomingMessage } from 'node:http';

/** How much of a body has to come in which time, as long as it is not whole. */
export interface Pace {
  everyMs: number;
  bytes: number;
}

/**
 * Five minutes for what is small, as Node has it for every request; what is large may take as long as it moves
 * along (28 kbit/s): an import over a slow line takes hours.
 */
export const PACE: Pace = { everyMs: 300_000, bytes: 1024 * 1024 };

const bringsBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** Looks at a request until it is whole; `end` is called, once, where its body hardly moves. */
export function watchPace(request: IncomingMessage, pace: Pace, end: () => void): void {
  if (!bringsBody(request)) return;
  const { socket } = request;
  let seen = socket.bytesRead;
  const look = (): void => {
    if (request.complete || socket.destroyed) return;
    if (socket.bytesRead - seen < pace.bytes) {
      end();
      return;
    }
    seen = socket.bytesRead;
    timer = setTimeout(look, pace.everyMs).unref();
  };
  let timer = setTimeout(look, pace.everyMs).unref();
  // A request that is answered early closes before its body is whole: the rest of that is looked at all the same.
  request.once('close', () => {
    if (request.complete) clearTimeout(timer);
  });
}
