import { computed, signal } from '@preact/signals';
import { tried } from './kept.ts';

/** Where the moderator is: behind the `#` of the address, which no log of a server ever sees. */
export interface Place {
  /** `['queue']`, `['comments', id]`. */
  path: string[];
  query: URLSearchParams;
}

/** What is being written and would be lost with its room or the page. */
export interface Draft {
  isWritten: () => boolean;
  /** Says so to whoever leaves; `leave` goes there all the same. */
  ask: (leave: () => void) => void;
}

/** Of the form that is written in and of the dialog above it. */
const drafts = new Set<Draft>();
/** Asks before the draft is lost, until the returned function is called. */
export function holdDraft(draft: Draft): () => void {
  drafts.add(draft);
  return () => drafts.delete(draft);
}
const writtenDraft = (): Draft | undefined => [...drafts].reverse().find(({ isWritten }) => isWritten());

/** Leaves at once, or once whoever writes says that it may be lost. */
export function leaveBy(leave: () => void): void {
  const draft = writtenDraft();
  if (draft) draft.ask(leave);
  else leave();
}

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  const draft = writtenDraft();
  const to = location.hash;
  // The list behind a dialog may become another one; another room has no place for it.
  if (draft && `${parse(to).path}` !== `${place.peek().path}`) {
    // The browser has gone there already, by its way back for example.
    history.pushState(null, '', hash.peek() || '#');
    draft.ask(() => {
      location.hash = to;
    });
  } else hash.value = to;
});
addEventListener('beforeunload', (event) => {
  if (writtenDraft()) event.preventDefault();
});

function parse(text: string): Place {
  const [path = '', query = ''] = text.replace(/^#?\/?/, '').split('?');
  const parts = path.split('/').filter(Boolean);
  // URIError: somebody wrote the address by hand.
  const decoded = parts.map((part) => tried(() => decodeURIComponent(part)) ?? part);
  return { path: decoded.length > 0 ? decoded : ['queue'], query: new URLSearchParams(query) };
}

export const place = computed(() => parse(hash.value));

export type Query = Record<string, string | null | undefined>;

/** An address of the dashboard; what is empty is left out. */
export function hrefOf(path: string[], query: Query = {}): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const search = new URLSearchParams(pairs).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

export function go(path: string[], query: Query = {}, { replace = false } = {}): void {
  const next = hrefOf(path, query);
  if (!replace) {
    location.hash = next;
    return;
  }
  history.replaceState(null, '', next);
  hash.value = next;
}
