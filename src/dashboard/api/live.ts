import { signal } from '@preact/signals';
import { ApiError, addressOf, api, hooks } from './client.ts';
import type { Actor, Counts, ModeratedComment, Status } from './types.ts';

export type LiveState = 'connecting' | 'open' | 'lost';

/** What the service tells as it happens (API.md, part 3). */
export interface LiveEvents {
  comment: ModeratedComment;
  decision: {
    commentId: string;
    status: Status;
    version: number;
    action: string;
    by: Actor;
    decisionId: string;
    batchId: string | null;
    at: string;
  };
  counts: Counts & { site: string };
  claim: { ids: string[]; by: Actor; until: string | null };
  deleted: { commentId: string };
  import: { importId: string };
  /** What happened meanwhile is not known: load afresh. */
  reset: Record<string, never>;
}

type Listener = <K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]) => void;

export const liveState = signal<LiveState>('connecting');

const KINDS = ['comment', 'decision', 'counts', 'claim', 'deleted', 'import', 'reset'] as const;
/** Milliseconds before a stream that the browser gave up on is opened anew. */
const FIRST_WAIT = 1000;
const LONGEST_WAIT = 15_000;

/**
 * Listens until the returned function is called. The browser goes on by `Last-Event-ID` where a stream breaks
 * off; where it gives up (the service was away, the session over, the line cut), a new one is opened, and
 * told as `reset`; with `asks` the first one, too, for what happened before it was open.
 */
export function listen(site: string | null, listener: Listener, { asks = false } = {}): () => void {
  let source: EventSource;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let wait = FIRST_WAIT;
  let isAnew = asks;
  let wasOpen = false;
  let asksWhy = false;
  let isOver = false;

  /** A browser does not say why it gave up: an ended session asks for its sign-in, a site that is gone is told of. */
  async function askWhy(): Promise<void> {
    if (asksWhy) return;
    asksWhy = true;
    try {
      await api('moderation/counts', { query: { site } });
    } catch (error) {
      if (!isOver && error instanceof ApiError && error.status === 404) return listener('reset', {});
    }
    asksWhy = false;
  }

  function open(): void {
    source = new EventSource(addressOf('moderation/events', { site }));
    source.onopen = () => {
      liveState.value = 'open';
      wait = FIRST_WAIT;
      if (isAnew) listener('reset', {});
      isAnew = false;
      // The service ends a stream where its listener's rights become other ones.
      if (wasOpen) hooks.rights();
      wasOpen = true;
    };
    source.onerror = () => {
      liveState.value = 'lost';
      if (source.readyState !== EventSource.CLOSED) return;
      isAnew = true;
      timer = setTimeout(open, wait);
      wait = Math.min(LONGEST_WAIT, wait * 2);
      void askWhy();
    };
    for (const kind of KINDS) {
      source.addEventListener(kind, (event: MessageEvent<string>) => listener(kind, JSON.parse(event.data)));
    }
  }
  /** A stream whose line was cut says nothing by itself for minutes. */
  const onOffline = (): void => {
    clearTimeout(timer);
    source.close();
    liveState.value = 'lost';
    isAnew = true;
  };
  const onOnline = (): void => {
    if (source.readyState !== EventSource.CLOSED) return;
    clearTimeout(timer);
    open();
  };

  liveState.value = 'connecting';
  open();
  addEventListener('offline', onOffline);
  addEventListener('online', onOnline);
  return () => {
    isOver = true;
    removeEventListener('offline', onOffline);
    removeEventListener('online', onOnline);
    clearTimeout(timer);
    source.close();
  };
}
