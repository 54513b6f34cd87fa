import { json, type Reply } from '../reply.ts';
import type { App, Context, PlainOperation, Route } from '../route.ts';
import { readListing } from './listing-read.ts';
import { readCounts, readSite } from './site-reads.ts';

/** That the process runs. */
export async function readHealth(_context: Context, { config }: App): Promise<Reply> {
  return json(200, { status: 'ok', version: config.version });
}

/** A line of the table without its description: nobody asks for that before the whole table is there. */
const read = (path: string, limit: Route['limit'], handle: PlainOperation['handle']): Route => ({
  method: 'GET',
  path,
  caller: 'public',
  limit,
  body: 'none',
  cors: limit === null ? 'none' : 'reader',
  operation: { name: '', summary: '', answers: {}, handle },
});

/**
 * What is asked of a service that has just started, by every page that embeds it and by whoever watches it. These
 * are answered while everything else is still being loaded, in the way of the table's lines of the same paths: a
 * test compares the two.
 */
export const FIRST_ROUTES: readonly Route[] = [
  read('/v1/sites/{site}', 'reads', readSite),
  read('/v1/sites/{site}/comments', 'reads', readListing),
  read('/v1/sites/{site}/counts', 'reads', readCounts),
  read('/healthz', null, readHealth),
];
