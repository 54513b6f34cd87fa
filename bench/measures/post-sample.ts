import type { KeptReply } from '../bare/bare-settings.ts';
import { ask } from '../harness/requests.ts';
import type { Server } from '../servers.ts';

/** Posts one comment as the load generator does; the whole answer. */
export async function postSample(
  server: Server,
  what: { site: string; page: string; run: string },
): Promise<KeptReply> {
  const body = JSON.stringify({
    page: { url: what.page, title: 'Article 0' },
    author: { name: 'Sara Karimi', email: `reader-${what.run}@mail.example` },
    body: `A comment of the usual length, که به دو زبان نوشته شده است (${what.run}).`,
  });
  const reply = await ask({
    port: server.port,
    path: `/v1/sites/${what.site}/comments`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body,
  });
  if (reply.status !== 201) {
    throw new Error(
      `a post was answered ${reply.status}: ${Buffer.from(reply.body, 'base64').toString('utf8').slice(0, 300)}`,
    );
  }
  return reply;
}
