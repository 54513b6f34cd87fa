import { signal } from '@preact/signals';
import { ApiError } from '../api/client.ts';
import { t } from '../words/index.ts';

export interface Notice {
  id: number;
  kind: 'good' | 'bad';
  text: string;
  /** What the moderator may do about it. */
  act?: { label: string; run: () => void };
}

export const notices = signal<Notice[]>([]);
/** Said to screen readers, never shown. */
export const spoken = signal('');

const MOST_SHOWN = 4;
/** Milliseconds. What went wrong, or leads somewhere, stays until it is put away. */
const GOOD_STAYS = 5000;
let last = 0;

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** Returns its id. */
export function notify(notice: Omit<Notice, 'id'>): number {
  last += 1;
  const id = last;
  notices.value = [...notices.value, { ...notice, id }].slice(-MOST_SHOWN);
  if (notice.kind === 'good' && !notice.act) setTimeout(() => dismiss(id), GOOD_STAYS);
  return id;
}

export function announce(text: string): void {
  spoken.value = text;
}

/** An error in the moderator's language: the service says its own. Fields that are told of elsewhere may be left out. */
export function wordsOf(error: unknown, fields?: ApiError['errors']): string {
  if (!(error instanceof ApiError)) throw error;
  if (error.code === 'offline') return t('error.offline');
  const { message, where } = error;
  const lines = (fields ?? error.errors).map(
    ({ pointer, parameter, detail }) => `${pointer ?? parameter ?? ''} ${detail}`,
  );
  return [message, where, ...lines].filter(Boolean).join(' ');
}

/** Says what went wrong; `again` tries it once more. */
export function complain(error: unknown, again?: () => void): void {
  notify({ kind: 'bad', text: wordsOf(error), act: again && { label: t('again'), run: again } });
}
