import type { CommitSettings } from '../bare/bare-settings.ts';
import type { BenchContext } from '../bench-context.ts';
import { costNote, inTurn, type Measured, type Medians, measure, mediansOf } from '../harness/rounds.ts';
import { startCommitting, startGatehouse, withServers } from '../harness/run-servers.ts';
import type { StreamSpec } from '../load/load-spec.ts';
import { milliseconds, rate, times } from '../report.ts';
import { openStore, type StoreSettings } from '../seed/open-store.ts';
import { HELD_SITE, MIXED_PAGES, pageKeyOf } from '../seed/sites.ts';
import type { Server } from '../servers.ts';
import { postSample } from './post-sample.ts';

export const POST_CONNECTIONS = 64;

export interface PostGoals {
  group: string;
  figure: string;
  perSecond: number;
  /** Least share of the bare server's rate; null where the issue sets none. */
  ratio: number | null;
  p99: number | null;
  how: string;
}

/** Posts of the held site over the 200 pages; `run` makes them unlike those of every other stream. */
export function postStream(context: BenchContext, pace: StreamSpec['pace'], site = HELD_SITE): StreamSpec {
  return {
    name: 'posts',
    connections: POST_CONNECTIONS,
    pace,
    source: {
      kind: 'posts',
      site,
      pages: [...MIXED_PAGES],
      headers: [],
      seed: context.options.seed,
      run: context.nextRun(),
    },
  };
}

/**
 * What the bare server needs to commit the rows that Gatehouse commits: one of them, read back. Every page gets one,
 * so that the pages are there and none is made while it is measured.
 */
async function committingSettings(context: BenchContext, store: StoreSettings): Promise<CommitSettings> {
  const replies = await withServers([startGatehouse(context, store)], async (server) => {
    const run = context.nextRun();
    const samples = [];
    for (const page of MIXED_PAGES)
      samples.push(await postSample(server as Server, { site: HELD_SITE, page, run }));
    return samples;
  });
  const [reply] = replies;
  if (!reply) throw new Error('no page to post to');
  const body = Buffer.from(reply.body, 'base64');
  const { comment } = JSON.parse(body.toString('utf8')) as { comment: { id: string } };
  const storage = await openStore(store);
  const row = await storage.comments.find(comment.id).finally(() => storage.close());
  if (!row) throw new Error('the sample is not in the store');
  return {
    store,
    row,
    pageKeys: Object.fromEntries(MIXED_PAGES.map((url) => [url, pageKeyOf(HELD_SITE, url)])),
    answerBytes: body.length,
    headers: reply.headers,
  };
}

/**
 * Acknowledged comments a second, beside the bare server that commits the same rows. On SQLite each has a
 * copy of the store; on MongoDB both write into the same one.
 */
export async function measurePosts(
  context: BenchContext,
  stores: { gatehouse: StoreSettings; bare: StoreSettings },
  goals: PostGoals,
): Promise<void> {
  const settings = await committingSettings(context, stores.bare);
  const servers = [startCommitting(context, settings), startGatehouse(context, stores.gatehouse)];
  await withServers(servers, async (bare, gatehouse) => {
    const run = (server: Server): Promise<Measured> => {
      const seconds = context.seconds(2.5);
      const spec = { streams: [postStream(context, 'closed')], warmSeconds: seconds / 4, seconds };
      return measure(context.load, server, { name: 'posts', statuses: [201], spec });
    };
    const results = await inTurn(context.rounds, [bare as Server, gatehouse as Server], {
      bare: () => run(bare as Server),
      gatehouse: () => run(gatehouse as Server),
    });
    report(context, goals, { ours: mediansOf(results.gatehouse), theirs: mediansOf(results.bare) });
  });
}

function report(
  context: BenchContext,
  goals: PostGoals,
  { ours, theirs }: { ours: Medians; theirs: Medians },
): void {
  const { group, how } = goals;
  const ratio = ours.perSecond / theirs.perSecond;
  const wanted = [rate(goals.perSecond), ...(goals.ratio === null ? [] : [`≥ ${goals.ratio} of bare`])];
  context.add({
    group,
    figure: goals.figure,
    gatehouse: rate(ours.perSecond),
    bare: rate(theirs.perSecond),
    ratio: times(ratio),
    goal: wanted.join(', '),
    met: ours.perSecond >= goals.perSecond && (goals.ratio === null || ratio >= goals.ratio),
    how: `${POST_CONNECTIONS} connections; ${how}; ${costNote(ours, theirs)}`,
  });
  context.add({
    group,
    figure: `${goals.figure}: p99`,
    gatehouse: milliseconds(ours.latency.p99),
    bare: milliseconds(theirs.latency.p99),
    ratio: times(ours.latency.p99 / theirs.latency.p99),
    goal: goals.p99 === null ? '' : `< ${goals.p99} ms`,
    met: goals.p99 === null ? null : ours.latency.p99 < goals.p99,
    how: 'in the same rounds',
  });
}
