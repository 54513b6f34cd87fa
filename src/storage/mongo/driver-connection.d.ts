/** The driver's own class of one connection, which it gives no types for. */
declare module 'mongodb/lib/cmap/connection.js' {
  import type { Socket } from 'node:net';

  export class Connection {
    private constructor();
    readonly socket: Socket;
    /** Closes it for good: what is under way on it is to end with that error. */
    cleanup(error: Error): void;
  }
}
