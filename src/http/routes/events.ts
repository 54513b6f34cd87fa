import * as z from 'zod';
import { sitesOf } from '../../moderation/queue.ts';
import { parseQuery } from '../query.ts';
import type { StreamReply } from '../reply.ts';
import type { Operation } from '../route.ts';
import { principalOf } from '../route.ts';

const eventsQuery = z.object({
  site: z.string().optional().meta({ description: "Default: all of the caller's sites" }),
});

export const getEvents: Operation = {
  name: 'getEvents',
  summary: 'What happens on the caller’s sites, as it happens; Last-Event-ID goes on where a stream ended.',
  patience: 'whole',
  query: eventsQuery,
  headers: ['Last-Event-ID'],
  answers: {
    200: 'Server-Sent Events (text/event-stream): `comment` (ModeratedComment), `decision`, `counts`, `claim`, `deleted`, `import`, and `reset` where Last-Event-ID is no longer known.',
  },
  types: ['text/event-stream'],
  problems: ['site-not-found'],
  async handle(context, { deps, streams }): Promise<StreamReply> {
    const { site } = parseQuery(context.query, { schema: eventsQuery });
    const principal = principalOf(context);
    // Throws where the site is out of scope.
    if (site !== undefined) await sitesOf(deps, principal, site);
    const header = context.headers['last-event-id'];
    const lastEventId = Array.isArray(header) ? header.join() : header;
    const headers = ['Content-Type', 'text/event-stream', 'X-Accel-Buffering', 'no'];
    if (context.isHead) return { kind: 'stream', headers, begin: () => undefined };
    const begin = await streams.open({ principal, site, lastEventId, lookAgain: context.lookAgain });
    return { kind: 'stream', headers, begin };
  },
};
