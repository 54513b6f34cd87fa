import { signal } from '@preact/signals';
import type { Action } from '../api/types.ts';

/** What this moderator did last, to be taken back: it outlives a reload, and ends with the sign-out. */
export interface Act {
  /** Of this list alone. */
  key: string;
  action: Exclude<Action, 'restore'>;
  /** How many comments it was about. */
  count: number;
  /** Who wrote the comment; null for many. */
  name: string | null;
  commentId: string | null;
  state: 'sending' | 'done' | 'undoing';
  /** One decision, or batches, once it is done. */
  decisionId: string | null;
  batchIds: string[];
}

const MOST = 10;
const KEPT = 'gatehouse-done';

function restore(): Act[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT) ?? '[]') as Act[];
  } catch {
    // SyntaxError: not ours.
    return [];
  }
}

/** The newest first. */
export const acts = signal<Act[]>(restore());

function keep(next: Act[]): void {
  acts.value = next.slice(0, MOST);
  const done = acts.value.filter(({ state }) => state !== 'sending');
  sessionStorage.setItem(KEPT, JSON.stringify(done.map((act) => ({ ...act, state: 'done' }))));
}

export const addAct = (act: Act): void => keep([act, ...acts.peek()]);
export const changeAct = (key: string, change: Partial<Act>): void =>
  keep(acts.peek().map((act) => (act.key === key ? { ...act, ...change } : act)));
export const dropAct = (key: string): void => keep(acts.peek().filter((act) => act.key !== key));
