import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Random } from './random.ts';
import { pause } from './until.ts';

/**
 * What a network does between the driver and a member: it brings everything late, it holds up what goes either way
 * until it is mended, or it breaks answers off in their middle. With `commands` the driver's own look at the member
 * goes through, so that nobody knows. `parted`: the other members reach it no more, and the driver does. `full`: it takes
 * nothing more in, so that who sends is left with it.
 */
export type Fault =
  | { kind: 'late'; ms: number }
  | { kind: 'held'; only: 'commands' | 'all' }
  | { kind: 'cut'; chance: number }
  | { kind: 'parted' }
  | { kind: 'full' };

/** A line to one member of a replica set, for the driver and for the other members. */
export interface FaultyLine {
  port: number;
  fail(fault: Fault): void;
  /** What was held up comes through then, in order, also of those who have gone meanwhile; members begin anew. */
  mend(): void;
  stop(): void;
}

interface Conversation {
  near: Socket;
  far: Socket;
  /** Whether it is the driver's, and whether commands went over it. */
  isDrivers: boolean;
  carries: boolean;
}

export async function lineTo(target: number, random: Random): Promise<FaultyLine> {
  const open = new Set<Conversation>();
  let fault: Fault | null = null;
  let mended = Promise.resolve();
  let release = (): void => undefined;

  /** When a piece of the conversation may go on; null: at once. */
  function holdUp({ isDrivers, carries }: Conversation): Promise<void> | null {
    if (!fault || !isDrivers) return null;
    if (fault.kind === 'late') return pause(fault.ms);
    return fault.kind === 'held' && (fault.only === 'all' || carries) ? mended : null;
  }

  /** Brings what one says to the other, in its order. */
  function bring(from: Socket, to: Socket, over: Conversation): void {
    let waiting = 0;
    let last = Promise.resolve();
    from.on('data', (bytes: Buffer) => {
      if (from === over.near) {
        // The driver names itself when it begins, and sends every command in a session.
        over.isDrivers ||= bytes.includes('nodejs');
        over.carries ||= bytes.includes('lsid');
      } else if (fault?.kind === 'cut' && over.isDrivers && waiting === 0 && random.next() < fault.chance) {
        to.write(bytes.subarray(0, bytes.length >> 1), () => end(over));
        return;
      }
      if (fault?.kind === 'parted' && !over.isDrivers) return;
      const held = holdUp(over);
      if (!held && waiting === 0) return void to.write(bytes);
      waiting += 1;
      last = last
        .then(() => held)
        .then(() => {
          waiting -= 1;
          if (!to.destroyed) to.write(bytes);
        });
    });
    from.on('close', () => void last.then(() => to.end()));
    from.on('error', () => undefined);
  }

  function end(over: Conversation): void {
    over.near.destroy();
    over.far.destroy();
  }

  const server = createServer((near) => {
    const over: Conversation = { near, far: connect(target, '127.0.0.1'), isDrivers: false, carries: false };
    open.add(over);
    bring(near, over.far, over);
    bring(over.far, near, over);
    over.far.on('close', () => open.delete(over));
    if (fault?.kind === 'full') near.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  function mend(): void {
    if (fault?.kind === 'parted') for (const over of open) if (!over.isDrivers) end(over);
    if (fault?.kind === 'full') for (const { near } of open) near.resume();
    fault = null;
    release();
  }
  return {
    port: (server.address() as AddressInfo).port,
    fail(next) {
      mend();
      fault = next;
      if (fault.kind === 'full') for (const { near } of open) near.pause();
      mended = new Promise((resolve) => {
        release = resolve;
      });
    },
    mend,
    stop() {
      mend();
      server.close();
      for (const over of open) end(over);
    },
  };
}
