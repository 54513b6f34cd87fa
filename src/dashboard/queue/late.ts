import { signal } from '@preact/signals';
import type { Action, Current, ItemResult, ModeratedComment } from '../api/types.ts';
import { announce } from '../ui/notices.ts';
import { t, tCount } from '../words/index.ts';
import type { Row } from './list.ts';

/** What came too late, and what was refused: told, until it is put away. */

/** What is to become of a comment, or of several. */
export interface Wish {
  action: Exclude<Action, 'restore'>;
  reason?: string;
  note?: string;
}

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

export const nameOf = ({ author }: ModeratedComment): string => author?.name ?? t('nobody');

export function forgetConflict(id: string): void {
  conflicts.value = conflicts.value.filter(({ comment }) => comment.id !== id);
}

export function tellLate(conflict: Conflict): void {
  forgetConflict(conflict.comment.id);
  conflicts.value = [...conflicts.value, conflict];
  announce(t('conflict.title'));
}

export function tellRefused(refused: Failed[]): void {
  failures.value = refused;
  if (refused.length > 0) announce(tCount('bulk.refused', refused.length));
}

/**
 * What a colleague has decided on a row of the list; null where nobody has. It may have come between the look and
 * the key, so that a decision on it is no better founded than one that the service refuses.
 */
export const standsNow = ({ comment: { version }, gone }: Row): Current | null =>
  gone === null || gone.status === 'deleted' ? null : { ...gone, status: gone.status, version };

export function failedLate(row: Row): Failed[] {
  const now = standsNow(row);
  return now ? [{ id: row.comment.id, name: nameOf(row.comment), detail: '', now }] : [];
}

/** What was refused of a bulk's results, each with whose it was. */
export function failedOf(results: ItemResult[], rows: ReadonlyMap<string, Row>): Failed[] {
  return results.flatMap((result) => {
    if (result.ok) return [];
    const { id, error } = result;
    const comment = rows.get(id)?.comment;
    return [{ id, name: comment ? nameOf(comment) : id, detail: error.detail, now: error.current ?? null }];
  });
}
