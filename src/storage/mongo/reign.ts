import type { mongo } from 'mongoose';

/** What the driver learns of a server by looking at it. */
export type ServerSeen = Pick<mongo.ServerDescription, 'type' | 'electionId' | 'topologyVersion'>;

/**
 * A name of the time in which what a server has can be lost by nothing but its end: the election that made it primary,
 * or, of a standalone server, its process. Null of servers that take no writes, and of a router (mongos), which tells
 * of no election behind it.
 */
export function reignOf({ type, electionId, topologyVersion }: ServerSeen): string | null {
  if (type === 'RSPrimary') return electionId?.toHexString() ?? null;
  if (type === 'Standalone') return topologyVersion?.processId.toHexString() ?? null;
  return null;
}

/**
 * Calls `onChange` when writes begin to go to a primary that was elected later, or to a server that was started anew:
 * what was read of the one before may have been in its memory alone. It is called before any command goes to the new
 * one. The first server that is met is new, too: what was read until then came of one that nobody looked at.
 * @returns ends it
 */
export function watchReign(client: Pick<mongo.MongoClient, 'on' | 'off'>, onChange: () => void): () => void {
  let last: string | null = null;
  const look = ({ newDescription }: mongo.ServerDescriptionChangedEvent): void => {
    const reign = reignOf(newDescription);
    if (reign === null || reign === last) return;
    last = reign;
    onChange();
  };
  client.on('serverDescriptionChanged', look);
  return () => void client.off('serverDescriptionChanged', look);
}
