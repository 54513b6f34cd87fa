import { batch, signal } from '@preact/signals';
import { ApiError, api, drawKey, post } from '../api/client.ts';
import type {
  Action,
  CommentDetail,
  Current,
  Decided,
  ItemResult,
  ModeratedComment,
  Status,
} from '../api/types.ts';
import { refreshCounts } from '../counts.ts';
import { announce, complain, notify } from '../ui/notices.ts';
import { t, tCount } from '../words/index.ts';
import { type Act, acts, addAct, changeAct, dropAct } from './acts.ts';
import { fits } from './filter.ts';
import * as list from './list.ts';
import { noteDecision } from './session-stats.ts';

/** A decision that came too late: what stands now, and what was wanted. */
export interface Conflict {
  comment: ModeratedComment;
  wish: Wish;
  now: Current;
}

/** A bulk's items that were not decided, each with why. */
export interface Failed {
  id: string;
  name: string;
  detail: string;
  now: Current | null;
}

export const conflicts = signal<Conflict[]>([]);
export const failures = signal<Failed[]>([]);

export const STATUS_OF: Record<Exclude<Action, 'restore'>, Status> = {
  approve: 'approved',
  reject: 'rejected',
  spam: 'spam',
  trash: 'trash',
};

export interface Wish {
  action: Exclude<Action, 'restore'>;
  reason?: string;
  note?: string;
}

const nameOf = ({ author }: ModeratedComment): string => author?.name ?? t('nobody');

function staysAfter(status: Status): boolean {
  const filter = list.shownFilter();
  return filter !== null && filter.view !== 'mine' && fits(filter, { status, reports: [] });
}

export function forgetConflict(id: string): void {
  conflicts.value = conflicts.value.filter(({ comment }) => comment.id !== id);
}

/** Brings a comment back that was shown as decided, with what really stands. */
async function comeBack(row: list.Row, index: number, wish: Wish, error: unknown): Promise<void> {
  if (!(error instanceof ApiError) || error.code !== 'conflict' || !error.current) {
    list.putRow(row, index);
    const id = row.comment.id;
    const act = { label: t('look'), run: () => (list.currentId.value = id) };
    notify({ kind: 'bad', text: t('decide.failed', { name: nameOf(row.comment) }), act });
    // With its reason and its note, which nobody should have to write twice.
    complain(error, () => void decide(row, wish));
    return;
  }
  const { current: now } = error;
  const comment = await api<CommentDetail>(`moderation/comments/${row.comment.id}`).catch(() => row.comment);
  batch(() => {
    list.putRow({ comment, gone: { by: now.by, status: now.status, at: now.at } }, index);
    list.currentId.value = comment.id;
    conflicts.value = [...conflicts.value, { comment, wish, now }];
  });
  announce(t('conflict.title'));
}

/** The first of two approvals leaves a comment where it was, for somebody else. */
function stayBehind(comment: ModeratedComment, index: number): void {
  const filter = list.shownFilter();
  if (filter && fits(filter, comment)) list.putRow({ comment, gone: null }, index);
  notify({ kind: 'good', text: t('second.kept', { name: nameOf(comment) }) });
}

/** Decides one comment: it is gone at once, and comes back where the service says no. */
export async function decide(row: list.Row, wish: Wish): Promise<void> {
  const { comment } = row;
  const index = list.positions.peek().get(comment.id) ?? 0;
  const status = STATUS_OF[wish.action];
  const key = drawKey();
  batch(() => {
    forgetConflict(comment.id);
    addAct({
      ...{ key, action: wish.action, count: 1, name: nameOf(comment), commentId: comment.id },
      ...{ state: 'sending', decisionId: null, batchIds: [] },
    });
    if (staysAfter(status)) {
      list.update(comment.id, () => ({ comment: { ...comment, status }, gone: null }));
      if (list.currentId.value === comment.id) list.move(1);
    } else list.removeRows(new Set([comment.id]));
  });
  announce(t(`decided.${wish.action}`, { name: nameOf(comment) }));
  try {
    const { comment: decided, decisionId } = await post<Decided>(
      `moderation/comments/${comment.id}/decisions`,
      { ...wish, version: comment.version },
    );
    changeAct(key, { state: 'done', decisionId });
    if (decided.status === status) list.refresh(decided);
    else stayBehind(decided, index);
    noteDecision(wish.action);
  } catch (error) {
    dropAct(key);
    await comeBack(row, index, wish, error);
  } finally {
    refreshCounts();
  }
}

/** What was refused of a bulk's results, each with whose it was. */
export function failedOf(results: ItemResult[], rows: ReadonlyMap<string, list.Row>): Failed[] {
  return results.flatMap((result) => {
    if (result.ok) return [];
    const { id, error } = result;
    const comment = rows.get(id)?.comment;
    return [{ id, name: comment ? nameOf(comment) : id, detail: error.detail, now: error.current ?? null }];
  });
}

type BulkAnswer = { batchId: string; results: ItemResult[] };

/** Decides the chosen, each on its own, as it was when it was chosen; what was refused comes back with why. */
export async function decideChosen(picked: list.Row[], wish: Wish): Promise<void> {
  const places = new Map(picked.map((row) => [row.comment.id, row]));
  const indices = new Map(picked.map(({ comment: { id } }) => [id, list.positions.peek().get(id) ?? 0]));
  const key = drawKey();
  addAct({
    ...{ key, action: wish.action, count: picked.length, name: null, commentId: null },
    ...{ state: 'sending', decisionId: null, batchIds: [] },
  });
  batch(() => {
    failures.value = [];
    if (staysAfter(STATUS_OF[wish.action])) list.choose([]);
    else list.removeRows(new Set(places.keys()));
  });
  const giveBack = (id: string): void => {
    const row = places.get(id);
    if (row) list.putRow(row, indices.get(id) ?? 0);
  };
  try {
    const items = picked.map(({ comment: { id, version } }) => ({ id, version }));
    const { batchId, results } = await post<BulkAnswer>('moderation/decisions', { ...wish, items });
    const refused = results.filter((result) => !result.ok);
    const done = results.length - refused.length;
    const waiting = results.filter((result) => result.ok && result.status !== STATUS_OF[wish.action]);
    if (done > 0) changeAct(key, { state: 'done', batchIds: [batchId], count: done });
    else dropAct(key);
    batch(() => {
      for (const { id } of [...refused, ...waiting]) giveBack(id);
      failures.value = failedOf(results, places);
    });
    noteDecision(wish.action, done);
    notify({ kind: refused.length === 0 ? 'good' : 'bad', text: tCount(`bulk.${wish.action}`, done) });
    if (waiting.length > 0) {
      notify({ kind: 'good', text: tCount('second.many', waiting.length) });
      // With the versions that they have now, and with who approved them.
      void list.reload();
    }
    if (refused.length > 0) announce(tCount('bulk.refused', refused.length));
  } catch (error) {
    dropAct(key);
    for (const id of places.keys()) giveBack(id);
    complain(error, () => void decideChosen(picked, wish));
  } finally {
    refreshCounts();
  }
}

/** The newest batch first, as they were decided one on another. */
async function takeBatchesBack(batchIds: string[]): Promise<void> {
  const results: ItemResult[] = [];
  for (const id of [...batchIds].reverse()) {
    results.push(...(await post<BulkAnswer>(`moderation/batches/${id}/undo`)).results);
  }
  const undone = results.filter(({ ok }) => ok).length;
  notify({ kind: undone === results.length ? 'good' : 'bad', text: tCount('undone', undone) });
  await list.reload();
}

async function takeBack({ decisionId, batchIds }: Act): Promise<void> {
  if (batchIds.length > 0) return takeBatchesBack(batchIds);
  const { comment } = await post<Decided>(`moderation/decisions/${decisionId}/undo`);
  const filter = list.shownFilter();
  batch(() => {
    if (filter && fits(filter, comment)) {
      const index = list.positions.peek().get(list.currentId.peek() ?? '') ?? 0;
      list.putRow({ comment, gone: null }, index);
      list.currentId.value = comment.id;
    } else list.removeRows(new Set([comment.id]));
  });
  announce(t('undone.name', { name: nameOf(comment) }));
}

/** Takes an act of this moderator back; the newest that is done where none is named. */
export async function undo(act = acts.peek().find(({ state }) => state === 'done')): Promise<void> {
  if (act?.state !== 'done') return;
  changeAct(act.key, { state: 'undoing' });
  try {
    await takeBack(act);
    dropAct(act.key);
  } catch (error) {
    // Somebody has decided since: then it is no longer this moderator's to take back.
    const isOver = error instanceof ApiError && (error.status === 409 || error.status === 404);
    if (isOver) dropAct(act.key);
    else changeAct(act.key, { state: 'done' });
    complain(error);
  } finally {
    refreshCounts();
  }
}
