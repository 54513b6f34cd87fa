import { signal } from '@preact/signals';
import type { Action } from '../api/types.ts';
import { keep as keepInTab, recall, tried } from '../kept.ts';

/** What this moderator did last, to be taken back by them alone: it outlives a reload, and ends with the sign-out. */
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

interface Kept {
  /** Id of the account that did them. */
  of: string;
  acts: Act[];
}

/** Null where it is not ours. */
const restore = (): Kept | null =>
  tried(() => JSON.parse(recall(KEPT, 'sessionStorage') ?? 'null') as Kept | null);

/** The newest first. */
export const acts = signal<Act[]>([]);
let owner = '';

/** Goes on with what that account did in this tab; what another one did is not theirs to take back. */
export function takeUpActs(account: string): void {
  owner = account;
  const kept = restore();
  acts.value = kept?.of === account ? kept.acts : [];
}

function keep(next: Act[]): void {
  acts.value = next.slice(0, MOST);
  const done = acts.value.filter(({ state }) => state !== 'sending');
  const kept: Kept = { of: owner, acts: done.map((act) => ({ ...act, state: 'done' })) };
  keepInTab(KEPT, JSON.stringify(kept), 'sessionStorage');
}

export const addAct = (act: Act): void => keep([act, ...acts.peek()]);
export const changeAct = (key: string, change: Partial<Act>): void =>
  keep(acts.peek().map((act) => (act.key === key ? { ...act, ...change } : act)));
export const dropAct = (key: string): void => keep(acts.peek().filter((act) => act.key !== key));
