import { MongoClient } from 'mongodb';
import { Connection } from 'mongodb/lib/cmap/connection.js';
import mongoose from 'mongoose';

let isMended = false;

/**
 * Has a command end with its connection also while it is still being sent. The driver (`writeCommand` of 7.8 and 7.9)
 * waits for the socket's `drain` once a command is larger than what the socket takes at once, some 16 KB, and is woken
 * by an error only: a connection that is closed meanwhile, as for a server that stands still, leaves the command waiting
 * for ever, and with it whoever waits for that, such as everything that is to be inserted. Woken by the `drain`, it sees
 * that its connection is closed, and fails as any other.
 *
 * @throws Error where the driver is another one than this was written for
 */
export function endCommandsWithTheirConnection(): void {
  if (isMended) return;
  if (MongoClient !== mongoose.mongo.MongoClient) throw new Error("mongodb is not the driver of mongoose's");
  const { prototype } = Connection;
  const { cleanup } = prototype;
  if (typeof cleanup !== 'function') throw new Error('connections of this mongodb are closed in another way');
  prototype.cleanup = function (this: Connection, error: Error): void {
    cleanup.call(this, error);
    this.socket.emit('drain');
  };
  isMended = true;
}
