import type { Api, HistoryEntry, ModeratedComment, QueuePage, Status } from './api-client.ts';
import type { Installation } from './built-service.ts';
import { launch } from './built-service.ts';
import { eventually } from './eventually.ts';
import { expectJson } from './http-client.ts';
import type { Ledger } from './kill-load.ts';
import { storeUnderTest } from './lane.ts';

const STATUSES: Status[] = ['pending', 'approved', 'rejected', 'spam', 'trash'];

export type Rows = Map<string, ModeratedComment>;

/** Every comment of the site as the queue lists it, by body; none may be there twice. */
export async function readRows(api: Api, ledger: Ledger): Promise<Rows> {
  const items = await api.walkQueue({ site: ledger.site, status: 'all', sort: 'oldest' });
  const rows: Rows = new Map(items.map((item) => [item.body?.text ?? '', item]));
  expect({ ids: new Set(items.map(({ id }) => id)).size, bodies: rows.size }).toEqual({
    ids: items.length,
    bodies: items.length,
  });
  return rows;
}

/** `gatehouse verify` counts everything anew and finds nothing; on SQLite no service may run. */
export async function expectNoDifferences({ env }: Installation): Promise<void> {
  const { ended, stdout, stderr } = launch(['verify', '--json'], env);
  const { code } = await ended;
  const found = stdout() === '' ? null : (JSON.parse(stdout()) as unknown);
  expect({ code, found, stderr: stderr() }).toEqual({
    code: 0,
    found: { differences: [], count: 0 },
    stderr: '',
  });
}

/** Every acknowledged comment is there under its id with its text, and nothing is that nobody sent. */
export function expectAcknowledged(ledger: Ledger, rows: Rows): void {
  const acknowledged = ledger.comments.filter(({ id }) => id !== null);
  const lost = acknowledged.filter(({ id, request }) => rows.get(request.body)?.id !== id);
  expect(
    lost.map(({ id, key, request }) => ({ id, key, body: request.body, found: rows.get(request.body)?.id })),
  ).toEqual([]);
  const sent = new Set(ledger.comments.map(({ request }) => request.body));
  expect([...rows.keys()].filter((body) => !sent.has(body))).toEqual([]);
}

/** The counters that are shown equal the rows: per status, per page, and each comment's replies. */
export async function expectTrueCounts(api: Api, ledger: Ledger, rows: Rows): Promise<void> {
  const items = [...rows.values()];
  const counted = Object.fromEntries(
    STATUSES.map((each) => [each, items.filter((c) => c.status === each).length]),
  );
  expect(await api.counts(ledger.site)).toMatchObject(counted);
  for (const status of STATUSES) {
    const answer = await api.asAdmin({
      path: `/v1/moderation/queue?site=${ledger.site}&status=${status}&limit=1`,
    });
    expect({ status, total: expectJson<QueuePage>(answer, 200).total }).toEqual({
      status,
      total: counted[status],
    });
  }
  const byId = new Map(items.map((item) => [item.id, item]));
  const replies = new Map<string, number>();
  const visible = items.filter((item) => isVisible(byId, item));
  for (const item of visible) {
    for (const ancestor of ancestorsOf(byId, item))
      replies.set(ancestor.id, (replies.get(ancestor.id) ?? 0) + 1);
  }
  expect(visible.filter((item) => item.replyCount !== (replies.get(item.id) ?? 0))).toEqual([]);
  for (const page of ledger.pages) {
    const due = visible.filter((item) => item.page.url === page).map(({ id }) => id);
    await onceCarried(async () => {
      const shown = await api.walkList(ledger.site, { page, format: 'flat', sort: 'oldest' });
      expect({ page, ids: shown.items.map(({ id }) => id).sort() }).toEqual({ page, ids: due.sort() });
      expect({ page, total: shown.total }).toEqual({ page, total: due.length });
    });
  }
}

/**
 * On MongoDB a decision on a comment with replies is a write of its own, and what it hides or shows is carried down
 * before its answer: where a kill came between the two, whoever holds the fold's lease next carries it.
 */
const onceCarried = (check: () => Promise<void>): Promise<void> =>
  storeUnderTest() === 'sqlite' ? check() : eventually(check);

function ancestorsOf(byId: Map<string, ModeratedComment>, item: ModeratedComment): ModeratedComment[] {
  const parent = item.parentId === null ? undefined : byId.get(item.parentId);
  return parent ? [parent, ...ancestorsOf(byId, parent)] : [];
}

const isVisible = (byId: Map<string, ModeratedComment>, item: ModeratedComment): boolean =>
  [item, ...ancestorsOf(byId, item)].every(({ status }) => status === 'approved');

/** What a new comment is given, the worst of what its phases say: what it is like teaches them while the load goes on. */
function firstStatusOf(screening: ModeratedComment['screening']): Status {
  const said = new Set(screening.map(({ outcome }) => outcome));
  if (said.has('reject')) return 'rejected';
  if (said.has('spam')) return 'spam';
  return said.has('hold') ? 'pending' : 'approved';
}

/** One comment's acts: every acknowledged one once, no more than were sent, and the status the last one gave. */
export async function expectTrueHistory(
  api: Api,
  ledger: Ledger,
  commentId: string,
): Promise<HistoryEntry[]> {
  const { history, status, version, screening } = await api.detail(commentId);
  const sent = ledger.decisions.filter((each) => each.commentId === commentId);
  const kept = history.map(({ decisionId }) => decisionId);
  const acknowledged = sent.flatMap(({ decisionId }) => (decisionId === null ? [] : [decisionId]));
  expect({ commentId, twice: kept.length - new Set(kept).size }).toEqual({ commentId, twice: 0 });
  expect({ commentId, lost: acknowledged.filter((id) => !kept.includes(id)) }).toEqual({
    commentId,
    lost: [],
  });
  expect(kept.length).toBeLessThanOrEqual(sent.length);
  expect({ commentId, version, status }).toEqual({
    commentId,
    version: 1 + history.length,
    status: history.at(-1)?.to ?? firstStatusOf(screening),
  });
  return history;
}
