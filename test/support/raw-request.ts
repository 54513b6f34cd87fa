import type { Socket } from 'node:net';
import { connect } from 'node:net';

/** A request whose bytes are sent by hand, in parts. */
export interface RawRequest {
  socket: Socket;
  send(text: string): void;
  /** All that came back so far. */
  received(): string;
  /** Resolves when the other side has closed. */
  closed: Promise<void>;
}

export async function openRaw(url: string): Promise<RawRequest> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('error', reject);
  });
  // A reset is one way of being closed; what came before it is what tests look at.
  socket.on('error', () => undefined);
  return {
    socket,
    send: (text) => void socket.write(text),
    received: () => Buffer.concat(chunks).toString('utf8'),
    closed: new Promise((resolve) => socket.once('close', () => resolve())),
  };
}

/** Whether nobody listens there any more. */
export function refusesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', () => resolve(true));
  });
}
