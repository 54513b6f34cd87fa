import { commentItem } from './comment.ts';
import type { Context, Write } from './context.ts';
import { button, h } from './dom.ts';
import { recall } from './keep.ts';
import type { Comment, Listing, Policy, Sort, VoteValue } from './types.ts';

const SORTS: Sort[] = ['oldest', 'newest', 'top'];
/** Answers of one comment that come along with it; with a deep link all of them do. */
const FEW_REPLIES = '&replyLimit=20';

/** A page's thread, drawn into `root` as it comes. */
export function createThread(context: Context, root: HTMLElement, focus: string | null) {
  const { words, api, site } = context;
  let sort: Sort | undefined;
  let total = 0;
  /** As the listing was begun: its cursors hold for no other. */
  let replies = FEW_REPLIES;
  const title = h('h2', { tabindex: -1 }, words('title'));
  const tools = h('div', { class: 'tools' });
  const list = h('ol', { class: 'thread', part: 'thread' });
  const [before, after, fresh] = [h('div'), h('div'), h('div')];
  const respond = h('div');
  root.append(title, tools, fresh, before, list, after, respond);

  const path = (more: string): string =>
    `v1/sites/${site}/comments?${context.pageQuery}${sort ? `&sort=${sort}` : ''}${more}`;

  function setTotal(count: number): void {
    total = count;
    title.textContent = count > 0 ? words('count', { n: count }) : words('title');
  }

  function pager(place: HTMLElement, key: string, cursor: string | null): void {
    place.replaceChildren();
    if (!cursor) return;
    const next = button(words(key), () => {
      next.disabled = true;
      void page(`${replies}&cursor=${encodeURIComponent(cursor)}`, place);
    });
    place.append(next);
  }

  /** Adds what a cursor leads to, above or below. */
  async function page(query: string, place: HTMLElement): Promise<void> {
    try {
      const listing = await api<Listing>(path(query));
      const items = listing.comments.map((comment) => commentItem(context, comment));
      if (place === before) {
        list.prepend(...items);
        pager(before, 'earlier', listing.prevCursor);
      } else {
        list.append(...items);
        pager(after, 'more', listing.nextCursor);
      }
      setTotal(listing.total);
      items[0]?.focus();
    } catch {
      sayFailed(place, () => page(query, place));
    }
  }

  function sayFailed(place: HTMLElement, again: () => unknown): void {
    place.replaceChildren(
      h(
        'p',
        { class: 'error', part: 'error', role: 'alert' },
        words('failed'),
        ' ',
        button(words('retry'), () => void again()),
      ),
    );
  }

  function draw({ comments, total: count, nextCursor, prevCursor }: Listing, expanded: boolean): void {
    list.replaceChildren(...comments.map((comment) => commentItem(context, comment, expanded)));
    list.hidden = comments.length === 0;
    pager(before, 'earlier', prevCursor);
    pager(after, 'more', nextCursor);
    if (comments.length === 0)
      after.replaceChildren(h('p', { class: 'note', part: 'notice' }, words('none')));
    setTotal(count);
  }

  let shown: Listing = { comments: [], total: 0, nextCursor: null, prevCursor: null };

  async function load(target: string | null): Promise<void> {
    replies = target ? '' : FEW_REPLIES;
    try {
      shown = await api<Listing>(path(target ? `&focus=${encodeURIComponent(target)}` : replies));
      draw(shown, target !== null);
      if (target) reveal(target);
    } catch {
      sayFailed(after, () => load(target));
    }
  }

  function find(id: string): HTMLElement | null {
    return root.querySelector(`#comment-${CSS.escape(id)}`);
  }

  function reveal(id: string): void {
    const item = find(id);
    item?.scrollIntoView({ block: 'center' });
    item?.focus({ preventScroll: true });
  }

  function drawTools(policy: Policy): void {
    const select = h(
      'select',
      {
        part: 'field',
        change: () => {
          sort = select.value as Sort;
          void load(null);
        },
      },
      ...SORTS.map((one) => h('option', { value: one, selected: one === policy.sort }, words(one))),
    );
    tools.replaceChildren(h('label', {}, words('sort'), ' ', select));
  }

  /** Once the policy is there: what the thread is drawn with anew, and the form. */
  async function complete(policy: Policy, write: Write): Promise<void> {
    context.policy = policy;
    context.write = write;
    drawTools(policy);
    respond.replaceChildren(
      policy.closed
        ? h('p', { class: 'note', part: 'notice' }, words('closed'))
        : write.commentForm(context, policy, { parent: null }),
    );
    if (recall('reader') !== null && policy.votes !== 'off') {
      const headers = { 'Gatehouse-Reader': recall<string>('reader') ?? '' };
      const state = api<{ votes: Record<string, VoteValue> }>(
        `v1/sites/${site}/reader?${context.pageQuery}`,
        { headers },
      );
      context.votes = (await state.catch(() => ({ votes: {} }))).votes;
    }
    const active = (root.getRootNode() as ShadowRoot).activeElement?.id;
    draw(shown, focus !== null);
    if (focus && active) reveal(focus);
    await showOwn();
  }

  /** The reader's own comments of this page that wait: nobody else sees them. */
  async function showOwn(): Promise<void> {
    if (context.own.length === 0) return;
    const body = { editTokens: context.own.map(({ token }) => token) };
    const found = await api<{ comments: (Comment & { page: Context['page'] })[] }>(
      `v1/sites/${site}/comments/own`,
      { body },
    ).catch(() => ({ comments: [] }));
    const here = new URL(context.page.url ?? location.href).pathname;
    for (const comment of found.comments) {
      const { url, id } = comment.page;
      const isHere = context.page.id
        ? id === context.page.id
        : url !== null && new URL(url).pathname === here;
      if (isHere && comment.status !== 'approved' && !find(comment.id)) show(comment, false);
    }
  }

  function show(comment: Comment, moves = true): void {
    const item = commentItem(context, comment, true);
    const known = find(comment.id);
    const parent = comment.parentId === null ? null : find(comment.parentId);
    if (known) known.replaceWith(item);
    else (parent?.querySelector<HTMLElement>(':scope > .replies') ?? list).append(item);
    for (let above = item.parentElement; above && above !== root; above = above.parentElement)
      above.hidden = false;
    if (!known && list.childElementCount === 1) after.replaceChildren();
    if (moves) reveal(comment.id);
    if (!known && comment.status === 'approved') setTotal(total + 1);
  }

  /** Back at the page: whether others have written meanwhile. */
  async function lookAgain(): Promise<void> {
    const { counts } = await api<{ counts: { count: number }[] }>(
      `v1/sites/${site}/counts?${context.pageQuery}`,
    );
    const n = (counts[0]?.count ?? 0) - total;
    if (n <= 0) return;
    const text = words('new', { n });
    fresh.replaceChildren(
      button(text, () => {
        fresh.replaceChildren();
        sort = 'newest';
        const select = tools.querySelector('select');
        if (select) select.value = sort;
        title.focus();
        void load(null);
      }),
    );
    context.announce(text);
  }

  context.show = show;
  context.openReply = (comment, place, opener) => {
    const { policy, write } = context;
    if (!policy || !write) return;
    const close = (): void => {
      place.replaceChildren();
      opener.focus();
    };
    if (place.childElementCount > 0) {
      close();
      return;
    }
    place.replaceChildren(write.commentForm(context, policy, { parent: comment, close }));
    place.querySelector('textarea')?.focus();
  };

  return {
    load: () => load(focus),
    failed: (again: () => unknown) => sayFailed(respond, again),
    complete,
    lookAgain: () => void lookAgain().catch(() => undefined),
    reveal: (id: string): void => {
      if (find(id)) reveal(id);
      else void load(id);
    },
  };
}
