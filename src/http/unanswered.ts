import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Of each connection, the answers to whole requests that are still on their way when something after them is refused. */
export interface Unanswered {
  /** Notes a request's answer as it begins. */
  add(socket: Duplex, response: ServerResponse): void;
  /**
   * Calls back once whatever was whole before has its answer (RFC 9112, 9.3.2: answers come in the order of their
   * requests), at once where nothing is on its way, and once for a connection, however often it is asked.
   */
  after(socket: Duplex, then: () => void): void;
}

export function createUnanswered(): Unanswered {
  const newest = new WeakMap<Duplex, ServerResponse>();
  /** Of requests that came in a row; only what was on its way, so that a row is let go of with its last. */
  const before = new WeakMap<ServerResponse, ServerResponse>();
  const awaited = new WeakSet<Duplex>();

  /** A request that is not whole is itself what is refused. */
  function lastWhole(socket: Duplex): ServerResponse | undefined {
    let response = newest.get(socket);
    while (response && !response.req.complete) response = before.get(response);
    return response?.writableFinished ? undefined : response;
  }

  return {
    add(socket, response) {
      const last = newest.get(socket);
      if (last && !last.writableFinished) before.set(response, last);
      newest.set(socket, response);
    },
    after(socket, then) {
      if (awaited.has(socket)) return;
      const response = lastWhole(socket);
      if (!response) {
        then();
        return;
      }
      awaited.add(socket);
      response.once('close', then);
    },
  };
}
