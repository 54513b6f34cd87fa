import { signal } from '@preact/signals';
import type { ModeratedComment } from '../api/types.ts';
import { go } from '../router.ts';
import { isAdmin, session } from '../session.ts';
import { singleKeys } from '../ui/single-keys.ts';
import { claimNext } from './claims.ts';
import { decideChosen, decideOrTell, undo } from './decide.ts';
import type { Wish } from './late.ts';
import * as list from './list.ts';
import { decideMatch, type Match, matchOf } from './match.ts';

/** What a decision is about, as it was when its key was pressed. */
export interface Aim {
  /** The one that is looked at, or all that are chosen. */
  rows: list.Row[];
  /** Where all that the filter finds is chosen. */
  match: Match | null;
  /** How many are chosen; 0 where the decision is about the one that is looked at. */
  many: number;
}

/** What is asked for before an act goes on; drawn by the queue. */
export type Asking =
  | { kind: 'reject'; aim: Aim }
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

function aim(): Aim {
  const chosen = list.chosen.peek();
  const current = list.current.peek();
  if (chosen.size === 0) return { rows: current ? [current] : [], match: null, many: 0 };
  const filter = list.shownFilter();
  const rows = list.rows.peek().filter(({ comment }) => chosen.has(comment.id));
  const match = list.whole.peek() && filter ? matchOf(filter) : null;
  return { rows, match, many: match ? (list.total.peek()?.count ?? 0) : rows.length };
}

/** Decides the one that is looked at, or all that is chosen. */
export function act(wish: Wish, { rows, match, many } = aim()): void {
  const [row] = rows;
  if (match) void decideMatch({ wish, match, of: many });
  else if (many > 0) void decideChosen(rows, wish);
  else if (row && row.gone?.status !== 'deleted') decideOrTell(row, wish);
}

/** Asks why; it is about what is looked at or chosen now, whatever becomes of the list meanwhile. */
export function askWhy(): void {
  const about = aim();
  if (about.rows.length > 0) asking.value = { kind: 'reject', aim: about };
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

/** On a phone, where either the list is seen or the comment; as the sheet has it. */
export const isNarrow = (): boolean => matchMedia('(max-width: 52rem)').matches;

/** Whether the key belongs to what has the focus. */
function isTyping({ target, code }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog, input:not([type=checkbox]), textarea, select')) return true;
  // Beside the list the comment that is looked at is open already.
  if (!isNarrow() && target.matches('.row-open[aria-current]')) return false;
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

/** The key that acted last: held down it is no sign for the box that it opened. */
let held = '';

function onKey(event: KeyboardEvent, inQueue: boolean): void {
  if (!event.repeat) held = '';
  else if (event.code === held && isTyping(event)) event.preventDefault();
  // Keys that are no sign act all the same.
  if (!singleKeys.peek() && !['Enter', 'Escape'].includes(event.code)) return;
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  // While somebody has to sign in again the work can't be seen, and waits; so it does behind a dialog, which may have
  // lost the focus, as while what was written in it is on its way.
  const isBehind = session.peek().state !== 'in' || document.querySelector('dialog[open]') !== null;
  const meaning = isBehind ? null : meaningOf(event, inQueue);
  if (!meaning) return;
  event.preventDefault();
  held = event.code;
  meaning();
}

/** Listens to the keys until the returned function is called. */
export function listenToKeys(inQueue: () => boolean): () => void {
  const listener = (event: KeyboardEvent): void => onKey(event, inQueue());
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
