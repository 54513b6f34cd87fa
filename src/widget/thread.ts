import { article, placeComments, unfold } from './comment.ts';
import type { Context } from './context.ts';
import { button, h } from './dom.ts';
import type { Comment, Listing, Policy, Sort } from './types.ts';

/** Answers of one comment that come along with it; with a deep link all of them do. */
const FEW_REPLIES = '&replyLimit=20';

/** What a listing's cursors are bound to. */
const boundTo = (focus: string | null, sort?: Sort): string =>
  (focus ? '' : FEW_REPLIES) + (sort ? `&sort=${sort}` : '');

/** Asks for the beginning of a thread, or for the part of it that holds the comment `focus`. */
export function fetchListing(
  { api, site, pageQuery }: Pick<Context, 'api' | 'site' | 'pageQuery'>,
  focus: string | null,
  sort?: Sort,
): Promise<Listing> {
  const start = focus ? `&focus=${encodeURIComponent(focus)}` : '';
  return api(`v1/sites/${site}/comments?${pageQuery}${boundTo(focus, sort)}${start}`);
}

/** A page's thread as it stands. */
export interface Thread {
  title: HTMLElement;
  /** Places that are empty at first: above the comments, for word of new ones, and below all of them. */
  tools: HTMLElement;
  fresh: HTMLElement;
  respond: HTMLElement;
  /** How many comments the page has. */
  total: number;
  setTotal(count: number): void;
  /** Draws it anew. Resolves once its first comments stand. */
  load(options: LoadOptions): Promise<void>;
  find(id: string): HTMLElement | null;
  /** Leads the reader to a comment, which is fetched where it is not there. */
  reveal(id: string): void;
  /** Draws a comment where it belongs, or in the place of its earlier state. */
  show(comment: Comment): void;
  /** Says in that place that something did not load, with a button that tries again. */
  sayFailed(place: HTMLElement, again: () => unknown): void;
}

/** What the second file brings; see write.ts. */
export interface Write {
  /** Gives a thread what needs the policy: orders, votes, the form, the reader's own comments. */
  complete(context: Context, thread: Thread, policy: Policy): Promise<void>;
}

interface LoadOptions {
  /** The comment that the thread begins at and the reader is led to. */
  focus: string | null;
  sort?: Sort;
  /** Where it is under way already. */
  listing?: Promise<Listing>;
}

interface Placing {
  comments: Comment[];
  isAbove: boolean;
  /** Told of each as it stands. */
  placed(comment: Comment): void;
}

/** A page's thread in `root`. */
export function createThread(context: Context, root: HTMLElement): Thread {
  const { words, api, site, pageQuery } = context;
  let bound = '';
  let order: Sort | undefined;
  let drawing = new AbortController();
  const title = h('h2', { tabindex: -1 }, words('title'));
  const tools = h('div', { class: 'tools' });
  const list = h('div', { class: 'thread', part: 'thread' });
  const [before, after, fresh, respond] = [h('div'), h('div'), h('div'), h('div')];
  root.append(title, tools, fresh, before, list, after, respond);

  function pager(place: HTMLElement, key: string, cursor: string | null): void {
    const next = button(words(key), () => {
      next.disabled = true;
      void turn(cursor ?? '', place);
    });
    place.replaceChildren(...(cursor ? [next] : []));
  }

  // The comments and the form below them fail together where the service is away: it is said once, below both, and one
  // button tries both again.
  const failed = new Map<HTMLElement, () => unknown>();

  function sayFailed(place: HTMLElement, again: () => unknown): void {
    const isBelow = place !== before;
    if (isBelow) failed.set(place, again);
    const retry = button(words('retry'), () => {
      const tries = isBelow ? [...failed.values()] : [again];
      if (isBelow) failed.clear();
      for (const one of tries) void one();
    });
    if (isBelow) for (const one of failed.keys()) one.replaceChildren();
    const shown = isBelow && failed.has(respond) ? respond : place;
    shown.replaceChildren(
      h('p', { class: 'error', part: 'error', role: 'alert' }, words('failed'), ' ', retry),
    );
  }

  /**
   * Puts comments above or below those that stand there: in a list of their own, so that what is drawn costs the
   * same however many pages stand (0203).
   */
  async function place({ comments, isAbove, placed }: Placing): Promise<void> {
    const { signal } = drawing;
    const page = h('ol');
    list[isAbove ? 'prepend' : 'append'](page);
    const put = (item: HTMLElement): unknown => page.append(item);
    list.setAttribute('aria-busy', 'true');
    const expanded = !bound.includes(FEW_REPLIES);
    await placeComments(context, { comments, put, expanded, placed, signal });
    if (!signal.aborted) list.setAttribute('aria-busy', 'false');
  }

  /** Adds what a cursor leads to. */
  async function turn(cursor: string, edge: HTMLElement): Promise<void> {
    const { signal } = drawing;
    const isAbove = edge === before;
    try {
      const listing = await api<Listing>(
        `v1/sites/${site}/comments?${pageQuery}${bound}&cursor=${encodeURIComponent(cursor)}`,
      );
      if (signal.aborted) return;
      const { comments, total, nextCursor, prevCursor } = listing;
      thread.setTotal(total);
      const placed = ({ id }: Comment): unknown => id === comments[0]?.id && thread.find(id)?.focus();
      await place({ comments, isAbove, placed });
      if (signal.aborted) return;
      if (isAbove) pager(before, 'earlier', prevCursor);
      else pager(after, 'more', nextCursor);
    } catch {
      if (!signal.aborted) sayFailed(edge, () => turn(cursor, edge));
    }
  }

  function draw({ comments, total, nextCursor, prevCursor }: Listing, focus: string | null): void {
    const { signal } = drawing;
    list.replaceChildren();
    context.pending = [];
    pager(before, 'earlier', prevCursor);
    after.replaceChildren(
      comments.length === 0 ? h('p', { class: 'note', part: 'notice' }, words('none')) : '',
    );
    thread.setTotal(total);
    const placed = ({ id, legacyId }: Comment): void => {
      // Old links name a comment by its number, which its legacy id ends in.
      if (focus && [id, legacyId, legacyId?.replace(/^\w+-/, '')].includes(focus)) thread.reveal(id);
    };
    void place({ comments, isAbove: false, placed }).then(() => {
      if (signal.aborted) return;
      if (nextCursor) pager(after, 'more', nextCursor);
      context.drawn();
    });
  }

  const thread: Thread = {
    title,
    tools,
    fresh,
    respond,
    total: 0,
    setTotal(count) {
      thread.total = count;
      title.textContent = count > 0 ? words('count', { n: count }) : words('title');
    },
    async load({ focus, sort, listing = fetchListing(context, focus, sort) }) {
      drawing.abort();
      drawing = new AbortController();
      const { signal } = drawing;
      failed.delete(after);
      try {
        const answer = await listing;
        if (signal.aborted) return;
        bound = boundTo(focus, sort);
        order = sort;
        draw(answer, focus);
      } catch {
        if (!signal.aborted) sayFailed(after, () => thread.load({ focus, sort }));
      }
    },
    find: (id) => root.querySelector(`#comment-${CSS.escape(id)}`),
    reveal(id) {
      const item = thread.find(id);
      if (!item) return void thread.load({ focus: id, sort: order });
      unfold(item);
      item.scrollIntoView({ block: 'center' });
      item.focus({ preventScroll: true });
    },
    show(comment) {
      const known = thread.find(comment.id)?.querySelector('article');
      if (known) return known.replaceWith(article(context, comment));
      const parent = comment.parentId === null ? null : thread.find(comment.parentId);
      if (!list.querySelector('li')) after.replaceChildren();
      const page = list.lastElementChild ?? list.appendChild(h('ol'));
      const place = parent?.querySelector(':scope > .replies') ?? page;
      void placeComments(context, {
        comments: [comment],
        put: (item) => place.append(item),
        expanded: true,
      });
    },
    sayFailed,
  };
  return thread;
}
