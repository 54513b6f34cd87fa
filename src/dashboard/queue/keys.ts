import { signal } from '@preact/signals';
import type { ModeratedComment } from '../api/types.ts';
import { go } from '../router.ts';
import { isAdmin, session } from '../session.ts';
import { claimNext } from './claims.ts';
import { decide, decideChosen, undo, type Wish } from './decide.ts';
import * as list from './list.ts';
import { decideMatch, matchOf } from './match.ts';

/** What is asked for before an act goes on; drawn by the queue. */
export type Asking =
  /** Null: about what is chosen. */
  | { kind: 'reject'; row: list.Row | null }
  | { kind: 'edit' | 'reply' | 'similar'; comment: ModeratedComment }
  | null;
export const asking = signal<Asking>(null);
export const showsKeys = signal(false);
/** After `g`: the next letter says where to. */
export const goes = signal(false);

/** By `code`, the key's place on the keyboard: Persian layouts send Persian letters. */
const PLACES: Record<string, string[]> = {
  KeyQ: ['queue'],
  KeyA: ['authors'],
  KeyH: ['audit'],
  KeyS: ['stats'],
  KeyE: ['sites'],
  KeyW: ['webhooks'],
  KeyF: ['filters'],
  KeyM: ['me'],
};

/** Of these, the rooms that moderators do not have. */
const FOR_ADMINS = ['KeyE', 'KeyW', 'KeyF'];

/** The comment that a decision is about; null where it is about what is chosen. */
const single = (): list.Row | null => (list.chosen.peek().size > 0 ? null : list.current.peek());

/** Decides that one, or all that is chosen. */
export function act(wish: Wish, row = single()): void {
  const filter = list.shownFilter();
  const match = list.whole.peek() && filter ? matchOf(filter) : null;
  if (row) {
    if (row.gone?.status !== 'deleted') void decide(row, wish);
  } else if (match) void decideMatch({ wish, match, of: list.total.peek()?.count ?? 0 });
  else if (list.chosen.peek().size > 0) void decideChosen(wish);
}

/** Asks why; it is about what is looked at or chosen now, whatever becomes of the list meanwhile. */
export function askWhy(): void {
  if (list.current.peek()) asking.value = { kind: 'reject', row: single() };
}

function extend(step: 1 | -1): void {
  const from = list.currentId.peek();
  if (from === null) return;
  list.toggle(from, true);
  list.move(step);
  const to = list.currentId.peek();
  if (to !== null) list.toggle(to, true);
}

/** Asks about the comment that is looked at now: what is typed is meant for it, whatever becomes of the list. */
export function ask(kind: 'edit' | 'reply' | 'similar'): void {
  const comment = list.current.peek()?.comment;
  if (comment && (kind !== 'similar' || comment.similar > 0)) asking.value = { kind, comment };
}

const toggleCurrent = (): void => {
  const id = list.currentId.peek();
  if (id !== null) list.toggle(id);
};

const IN_QUEUE: Record<string, (event: KeyboardEvent) => void> = {
  KeyJ: ({ shiftKey }) => (shiftKey ? extend(1) : list.move(1)),
  KeyK: ({ shiftKey }) => (shiftKey ? extend(-1) : list.move(-1)),
  KeyA: () => act({ action: 'approve' }),
  KeyR: askWhy,
  KeyS: () => act({ action: 'spam' }),
  KeyT: () => act({ action: 'trash' }),
  KeyU: () => void undo(),
  KeyX: toggleCurrent,
  KeyE: () => ask('edit'),
  Enter: () => ask('reply'),
  KeyL: () => ask('similar'),
  KeyC: () => void claimNext(),
  Escape: () => list.choose([]),
};

/** Whether the key belongs to what has the focus. */
function isTyping({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog, input:not([type=checkbox]), textarea, select')) return true;
  return code === 'Enter' && target.closest('a, button, summary') !== null;
}

function jump(code: string): void {
  goes.value = false;
  const path = PLACES[code];
  if (path && (isAdmin() || !FOR_ADMINS.includes(code))) go(path);
}

/** What a key does here and now; null where it is not ours. */
function meaningOf(event: KeyboardEvent, inQueue: boolean): (() => void) | null {
  const { code, key, shiftKey, repeat } = event;
  if (goes.peek()) return () => jump(code);
  if (code === 'KeyG') return () => (goes.value = true);
  // Where the sign is somewhere else on the keyboard it is meant all the same.
  if (['?', '؟'].includes(key) || (code === 'Slash' && shiftKey)) return () => (showsKeys.value = true);
  if (code === 'Slash' || key === '/')
    return () => document.querySelector<HTMLInputElement>('#search')?.focus();
  const inList = inQueue ? IN_QUEUE[code] : undefined;
  // A key that is held down moves on and on, but decides once.
  if (!inList || (repeat && code !== 'KeyJ' && code !== 'KeyK')) return null;
  return () => inList(event);
}

function onKey(event: KeyboardEvent, inQueue: boolean): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event)) return;
  // While somebody has to sign in again the work can't be seen, and waits.
  const meaning = session.peek().state === 'in' ? meaningOf(event, inQueue) : null;
  if (!meaning) return;
  event.preventDefault();
  meaning();
}

/** Listens to the keys until the returned function is called. */
export function listenToKeys(inQueue: () => boolean): () => void {
  const listener = (event: KeyboardEvent): void => onKey(event, inQueue());
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
