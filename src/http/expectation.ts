import type { IncomingMessage, ServerResponse } from 'node:http';

/** Requests whose body is held back, each with what says that it may come. */
const heldBack = new WeakMap<IncomingMessage, () => void>();

/**
 * Whoever expects `100-continue` sends the body once it is asked for (RFC 9110, 10.1.1): it is, where it is read. What
 * is refused before spares both an upload.
 */
export function holdBack(request: IncomingMessage, response: ServerResponse): void {
  const { shouldKeepAlive } = response;
  // Answered without a word on it, the next bytes may be that body or another request.
  response.shouldKeepAlive = false;
  heldBack.set(request, () => {
    response.shouldKeepAlive = shouldKeepAlive;
    response.writeContinue();
  });
}

/** The body is about to be read. */
export function letCome(request: IncomingMessage): void {
  heldBack.get(request)?.();
  heldBack.delete(request);
}
