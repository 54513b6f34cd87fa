import { batch } from '@preact/signals';
import { ApiError, api, drawKey, post } from '../api/client.ts';
import type { Action, CommentDetail, Decided, ItemResult, ModeratedComment, Status } from '../api/types.ts';
import { refreshCounts } from '../counts.ts';
import { announce, complain, notify } from '../ui/notices.ts';
import { t, tCount } from '../words/index.ts';
import { type Act, acts, addAct, changeAct, dropAct } from './acts.ts';
import { fits } from './filter.ts';
import {
  failedLate,
  failedOf,
  failures,
  forgetConflict,
  nameOf,
  standsNow,
  tellLate,
  tellRefused,
  type Wish,
} from './late.ts';
import * as list from './list.ts';
import { noteDecision } from './session-stats.ts';

export const STATUS_OF: Record<Exclude<Action, 'restore'>, Status> = {
  approve: 'approved',
  reject: 'rejected',
  spam: 'spam',
  trash: 'trash',
};

function staysAfter(status: Status): boolean {
  const filter = list.shownFilter();
  return filter !== null && filter.view !== 'mine' && fits(filter, { status, reports: [] });
}

/** Decides a comment, unless a colleague has by now: their decision is told, and only who insists overrules it. */
export function decideOrTell(row: list.Row, wish: Wish): void {
  const now = standsNow(row);
  if (now) tellLate({ comment: row.comment, wish, now });
  else void decide(row, wish);
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
    // What is looked at meanwhile stays that: the next key is meant for it.
    tellLate({ comment, wish, now });
  });
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

type BulkAnswer = { batchId: string; results: ItemResult[] };

/**
 * Decides the chosen, each on its own; what was refused comes back with why, and what colleagues have decided since it
 * was chosen stays as they did.
 */
export async function decideChosen(chosen: list.Row[], wish: Wish): Promise<void> {
  const late = chosen.flatMap(failedLate);
  const picked = chosen.filter((row) => standsNow(row) === null);
  if (picked.length === 0) {
    list.choose([]);
    tellRefused(late);
    return;
  }
  const places = new Map(picked.map((row) => [row.comment.id, row]));
  const indices = new Map(picked.map(({ comment: { id } }) => [id, list.positions.peek().get(id) ?? 0]));
  const key = drawKey();
  addAct({
    ...{ key, action: wish.action, count: picked.length, name: null, commentId: null },
    ...{ state: 'sending', decisionId: null, batchIds: [] },
  });
  batch(() => {
    failures.value = [];
    list.choose([]);
    if (!staysAfter(STATUS_OF[wish.action])) list.removeRows(new Set(places.keys()));
  });
  const giveBack = (id: string): void => {
    const row = places.get(id);
    if (row) list.putRow(row, indices.get(id) ?? 0);
  };
  try {
    const items = picked.map(({ comment: { id, version } }) => ({ id, version }));
    const { batchId, results } = await post<BulkAnswer>('moderation/decisions', { ...wish, items });
    const refused = [...failedOf(results, places), ...late];
    const done = results.filter((result) => result.ok).length;
    const waiting = results.filter((result) => result.ok && result.status !== STATUS_OF[wish.action]);
    if (done > 0) changeAct(key, { state: 'done', batchIds: [batchId], count: done });
    else dropAct(key);
    batch(() => {
      for (const { id } of [...refused, ...waiting]) giveBack(id);
      tellRefused(refused);
    });
    noteDecision(wish.action, done);
    notify({ kind: refused.length === 0 ? 'good' : 'bad', text: tCount(`bulk.${wish.action}`, done) });
    if (waiting.length > 0) {
      notify({ kind: 'good', text: tCount('second.many', waiting.length) });
      // With the versions that they have now, and with who approved them.
      void list.reload();
    }
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
