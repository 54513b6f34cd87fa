import type { BenchContext } from '../bench-context.ts';
import { atRest } from '../harness/at-rest.ts';
import { askJson } from '../harness/requests.ts';
import { startGatehouse, withServers } from '../harness/run-servers.ts';
import { median, milliseconds } from '../report.ts';
import type { Desk } from '../seed/fill.ts';
import type { StoreSettings } from '../seed/open-store.ts';
import { ADMIN_TOKEN } from '../seed/sites.ts';
import type { Server } from '../servers.ts';

const HEADERS = { Authorization: `Bearer ${ADMIN_TOKEN}`, 'Content-Type': 'application/json' };
const NAMED = 1000;
const MATCHED = 10_000;
const CLAIMED = 50;
const LIST = 200;

interface Timed {
  ms: number;
  /** Processor time of the server, in milliseconds. */
  cpu: number;
  answer: Record<string, unknown>;
}

/** Bulk decisions, their undo, a match and claims at a large desk: each whole, over HTTP. */
export async function measureBulk(
  context: BenchContext,
  { store, desk, comments, group, goalMs }: BulkStore,
): Promise<void> {
  await withServers([startGatehouse(context, store)], async (server) => {
    if (!server) return;
    const results = new Map<string, Timed[]>();
    const note = (figure: string, timed: Timed): Timed => {
      results.set(figure, [...(results.get(figure) ?? []), timed]);
      return timed;
    };
    // One round more than is counted: code is compiled and caches are filled in it.
    for (let round = 0; round <= context.rounds; round++) {
      if (round === 1) results.clear();
      const items = await oldest(server, desk.site, NAMED);
      const bulk = note(FIGURES.bulk, await post(server, 'decisions', { action: 'approve', items }));
      note(FIGURES.undo, await post(server, `batches/${bulk.answer.batchId as string}/undo`));
      const match = { site: desk.site, status: 'pending', until: new Date().toISOString() };
      const matched = await post(server, 'decisions', { action: 'spam', match, limit: MATCHED });
      note(FIGURES.match, matched);
      await post(server, `batches/${matched.answer.batchId as string}/undo`);
      note(
        FIGURES.claim,
        await post(server, 'claims', { site: desk.site, limit: CLAIMED, leaseSeconds: 60 }),
      );
    }
    const goals: Record<string, number> = { [FIGURES.bulk]: goalMs };
    for (const [figure, timed] of results)
      report(context, { group, figure, timed, goal: goals[figure], comments });
  });
}

const FIGURES = {
  bulk: `bulk of ${NAMED.toLocaleString('en')}, approved`,
  undo: `undo of a batch of ${NAMED.toLocaleString('en')}`,
  match: `match of ${MATCHED.toLocaleString('en')}`,
  claim: `claim of ${CLAIMED}`,
} as const;

export interface BulkStore {
  store: StoreSettings;
  desk: Desk;
  comments: number;
  group: string;
  goalMs: number;
}

async function post(server: Server, path: string, body?: object): Promise<Timed> {
  const text = body && JSON.stringify(body);
  // What an answer leaves to be done behind it is not the next one's time.
  await atRest([server]);
  const begun = performance.now();
  const cpu = server.cpuMs();
  const answer = await askJson({
    port: server.port,
    path: `/v1/moderation/${path}`,
    method: 'POST',
    headers: HEADERS,
    ...(text !== undefined && { body: text }),
  });
  return { ms: performance.now() - begun, cpu: server.cpuMs() - cpu, answer };
}

/** The oldest pending comments of a site as the queue gives them. */
async function oldest(
  server: Server,
  site: string,
  count: number,
): Promise<{ id: string; version: number }[]> {
  const items: { id: string; version: number }[] = [];
  for (let cursor: unknown = ''; items.length < count && typeof cursor === 'string'; ) {
    const query = `site=${site}&limit=${LIST}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const path = `/v1/moderation/queue?${query}`;
    const page = await askJson({ port: server.port, path, headers: HEADERS });
    for (const { id, version } of page.items as { id: string; version: number }[])
      items.push({ id, version });
    cursor = page.nextCursor;
  }
  return items.slice(0, count);
}

interface BulkReport {
  group: string;
  figure: string;
  timed: Timed[];
  goal: number | undefined;
  comments: number;
}

function report(context: BenchContext, { group, figure, timed, goal, comments }: BulkReport): void {
  const ms = median(timed.map((one) => one.ms));
  const cpu = median(timed.map((one) => one.cpu));
  context.add({
    group,
    figure,
    gatehouse: milliseconds(ms),
    bare: '',
    ratio: '',
    goal: goal === undefined ? '' : `< ${goal} ms`,
    met: goal === undefined ? null : ms < goal,
    how: `at ${comments.toLocaleString('en')}; one request, from its first byte to the whole answer, nothing being left to do of the one before; processor time ${Math.round(cpu)} ms`,
  });
}
