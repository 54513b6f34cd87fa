import { batch, computed, signal } from '@preact/signals';
import { ApiError, api } from '../api/client.ts';
import type { Actor, ModeratedComment, Slice, Status } from '../api/types.ts';
import { complain, wordsOf } from '../ui/notices.ts';
import { type Act, acts } from './acts.ts';
import { callOf, type Filter, fits } from './filter.ts';

/** What somebody else did to a comment that stands in the list. */
export interface Gone {
  by: Actor | null;
  status: Status | 'deleted';
  at: string;
}

export interface Row {
  comment: ModeratedComment;
  gone: Gone | null;
}

export const rows = signal<Row[]>([]);
/** Id of the comment that keys are about. */
export const currentId = signal<string | null>(null);
export const chosen = signal<ReadonlySet<string>>(new Set());
/** Whether all that the filter finds is chosen, loaded or not. */
export const whole = signal(false);
export const total = signal<{ count: number; capped: boolean } | null>(null);
export const loading = signal(true);
export const failure = signal<string | null>(null);
/** Ids of comments that belong to the list by now and are not in it. */
const late = signal<ReadonlySet<string>>(new Set());
/** How many they are. */
export const fresh = computed(() => late.value.size);

let cursor: string | null = null;
let filter: Filter | null = null;
/** The last row that was looked for while another answer was on its way. */
let sought = 0;
/** How often the total was changed here. */
let changes = 0;
/** Of the newest load; an answer to an older one is dropped. */
let generation = 0;

const PAGE = 50;
/** So many rows before the end the next page is fetched. */
const AHEAD = 25;
/** The contract's most of one call that names what it decides. */
const MOST_CHOSEN = 1000;

/** The rows as they were last put in order: one that changes in its place does not have all counted anew. */
const arranged = signal<Row[]>([]);
export const positions = computed(
  () => new Map(arranged.value.map(({ comment }, index) => [comment.id, index])),
);
/** What a call that names ids can take of the list, from its beginning. */
const choosable = computed(() => arranged.value.slice(0, MOST_CHOSEN).map(({ comment }) => comment.id));
export const allChosen = computed(() => {
  const { value: ids } = choosable;
  return ids.length > 0 && chosen.value.size >= ids.length && ids.every((id) => chosen.value.has(id));
});
export const current = computed(() => {
  const id = currentId.value;
  const index = id === null ? undefined : positions.value.get(id);
  return index === undefined ? null : (rows.value[index] ?? null);
});
export const shownFilter = (): Filter | null => filter;
export const isWhole = (): boolean => cursor === null && !loading.peek();

/** Gives the list another order or other members. */
function arrange(next: Row[]): void {
  batch(() => {
    rows.value = next;
    arranged.value = next;
    if (late.value.size === 0) return;
    late.value = new Set([...late.value].filter((id) => !positions.value.has(id)));
  });
}

/** Notes whether a comment that is not in the list belongs to it by now. */
export function noteLate(id: string, belongs: boolean): void {
  if (late.peek().has(id) === belongs || positions.peek().has(id)) return;
  const others = [...late.peek()].filter((one) => one !== id);
  late.value = new Set(belongs ? [...others, id] : others);
}

/** Gives a row another look in its place. */
function replace(at: number, row: Row): void {
  rows.value = rows.value.map((old, index) => (index === at ? row : old));
}

function addToTotal(change: number): void {
  changes += 1;
  if (total.value) total.value = { ...total.value, count: Math.max(0, total.value.count + change) };
}

const rowOf = (comment: ModeratedComment): Row => ({ comment, gone: null });

async function fetchRows(asked: Filter, from: string | null): Promise<Slice<ModeratedComment>> {
  if (asked.view === 'mine') {
    // Renewing gives the whole list of what is claimed.
    const { items } = await api<{ items: ModeratedComment[] }>('moderation/claims', {
      method: 'PATCH',
      body: {},
    });
    const mine = asked.site === '' ? items : items.filter(({ site }) => site === asked.site);
    return { items: mine, total: mine.length, nextCursor: null };
  }
  return api('moderation/queue', { query: { ...callOf(asked), limit: PAGE, cursor: from } });
}

const sending = (): Act[] => acts.peek().filter(({ state }) => state === 'sending');

/** With `counts` the slice's total is the list's: nothing that it may or may not have counted has happened meanwhile. */
function take(slice: Slice<ModeratedComment>, { isFirst = false, counts = true }): void {
  batch(() => {
    const kept = isFirst ? [] : rows.value;
    // What is on its way to be decided is shown as decided, whatever the service said a moment ago.
    const leaving = new Set(sending().map(({ commentId }) => commentId));
    const staying = slice.items.filter(({ id }) => !leaving.has(id));
    const isThere = (id: string) => !isFirst && positions.value.has(id);
    arrange([...kept, ...staying.filter(({ id }) => !isThere(id)).map(rowOf)]);
    const left = slice.items.length - staying.length;
    if (counts) total.value = { count: slice.total - left, capped: slice.totalCapped === true };
    cursor = slice.nextCursor;
    if (isFirst) late.value = new Set();
    const id = currentId.value;
    if (id === null || !positions.value.has(id)) currentId.value = rows.value[0]?.comment.id ?? null;
    // What is no longer there is not counted as chosen either.
    choose(
      [...chosen.value].filter((one) => positions.value.has(one)),
      { all: whole.value },
    );
  });
}

/** Ends a fetch, and goes on where the list's end was looked for meanwhile. */
function settle(mine: number): void {
  if (mine !== generation) return;
  loading.value = false;
  const index = Math.min(sought, rows.peek().length);
  sought = 0;
  void ensureAhead(index);
}

function empty(): void {
  arrange([]);
  total.value = null;
  choose([]);
  currentId.value = null;
}

/** Loads the list of a filter from its beginning. */
export async function load(asked: Filter): Promise<void> {
  generation += 1;
  const mine = generation;
  const isSame = JSON.stringify(asked) === JSON.stringify(filter);
  filter = asked;
  cursor = null;
  batch(() => {
    loading.value = true;
    failure.value = null;
    if (!isSame) empty();
  });
  try {
    const slice = await fetchRows(asked, null);
    if (mine === generation) take(slice, { isFirst: true });
  } catch (error) {
    sought = 0;
    if (mine !== generation) return;
    failure.value = wordsOf(error);
    // Of a site that was taken away nothing is left to look at.
    if (error instanceof ApiError && error.status === 404) empty();
  } finally {
    settle(mine);
  }
}

export const reload = async (): Promise<void> => {
  if (filter) await load(filter);
};

/** Fetches what comes next, where the list's end is near. */
export async function ensureAhead(index: number): Promise<void> {
  if (loading.peek()) sought = Math.max(sought, index);
  if (!filter || cursor === null || loading.peek() || index < rows.peek().length - AHEAD) return;
  const mine = generation;
  const before = sending().length > 0 ? null : changes;
  loading.value = true;
  try {
    const slice = await fetchRows(filter, cursor);
    if (mine === generation) take(slice, { counts: before === changes });
  } catch (error) {
    // Whoever looks again asks again.
    sought = 0;
    complain(error);
  } finally {
    settle(mine);
  }
}

/** Takes rows away; the next one that nobody has decided becomes the current. */
export function removeRows(ids: ReadonlySet<string>): void {
  batch(() => {
    const list = rows.value;
    const index = positions.value.get(currentId.value ?? '') ?? 0;
    if (currentId.value !== null && ids.has(currentId.value)) {
      const stays = (row: Row) => !ids.has(row.comment.id);
      const next =
        list.slice(index).find((row) => stays(row) && row.gone === null) ??
        list
          .slice(0, index)
          .reverse()
          .find((row) => stays(row) && row.gone === null) ??
        list.find(stays);
      currentId.value = next?.comment.id ?? null;
    }
    arrange(list.filter(({ comment }) => !ids.has(comment.id)));
    if (chosen.value.size > 0) choose([...chosen.value].filter((id) => !ids.has(id)));
    addToTotal(rows.value.length - list.length);
  });
  void ensureAhead(positions.peek().get(currentId.peek() ?? '') ?? 0);
}

/** Puts a comment where it was, or as near as it can be; shows it anew where it is there. */
export function putRow(row: Row, index: number): void {
  batch(() => {
    const at = positions.value.get(row.comment.id);
    if (at !== undefined) replace(at, row);
    else {
      arrange([...rows.value.slice(0, index), row, ...rows.value.slice(index)]);
      addToTotal(1);
    }
    currentId.value ??= row.comment.id;
  });
}

/** Shows a comment as it is now, where it is in the list and nothing newer is known. */
export function refresh(comment: ModeratedComment): boolean {
  const at = positions.peek().get(comment.id);
  const row = at === undefined ? undefined : rows.peek()[at];
  if (at === undefined || !row) return false;
  if (comment.version < row.comment.version) return true;
  const gone = filter && !fits(filter, comment) ? (row.gone ?? null) : null;
  replace(at, { comment, gone });
  return true;
}

export function update(id: string, change: (row: Row) => Row): void {
  const at = positions.peek().get(id);
  const row = at === undefined ? undefined : rows.peek()[at];
  if (at !== undefined && row) replace(at, change(row));
}

export function append(comment: ModeratedComment): void {
  batch(() => {
    arrange([...rows.value, rowOf(comment)]);
    currentId.value ??= comment.id;
    addToTotal(1);
  });
}

/** The row that many steps away that nobody else has decided meanwhile; the last one at the ends. */
export function neighbour(step: 1 | -1): Row | null {
  const list = rows.peek();
  const at = positions.peek().get(currentId.peek() ?? '') ?? (step > 0 ? -1 : list.length);
  const rest = step > 0 ? list.slice(at + 1) : list.slice(0, Math.max(0, at)).reverse();
  return rest.find(({ gone }) => gone === null) ?? rest[0] ?? null;
}

export function move(step: 1 | -1): void {
  const next = neighbour(step);
  if (!next) return;
  const left = current.peek();
  currentId.value = next.comment.id;
  // What somebody else has done with is left behind with the first step away from it.
  if (left?.gone) removeRows(new Set([left.comment.id]));
  void ensureAhead(positions.peek().get(next.comment.id) ?? 0);
}

/** Chooses these and no others; `all`: they stand for everything that the filter finds. */
export function choose(ids: Iterable<string>, { all = false } = {}): void {
  batch(() => {
    chosen.value = new Set(ids);
    whole.value = all;
  });
}

export const chooseAll = (): void => choose(choosable.peek());

export function toggle(id: string, on = !chosen.peek().has(id)): void {
  const others = [...chosen.peek()].filter((one) => one !== id);
  choose(on ? [...others, id] : others);
}
