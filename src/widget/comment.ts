import type { Context } from './context.ts';
import { button, h, isolated, webAddress } from './dom.ts';
import { buildHtml } from './html.ts';
import type { Comment, Listing } from './types.ts';

/** Answers beyond this many stand behind a button at first. */
const SHOWN_REPLIES = 5;

/** A word on a comment or its author, in its own direction. */
const badge = (text: string): HTMLElement => h('span', { class: 'badge', part: 'badge', dir: 'auto' }, text);

function authorLine({ words }: Context, { author }: Comment): HTMLElement {
  const name = isolated(author?.name ?? words('anonymous'));
  const href = webAddress(author?.url);
  const shown = href ? h('a', { href, rel: 'nofollow ugc noopener noreferrer' }, name) : name;
  const badges = [author?.moderator && words('moderator'), author?.verified && (author.badge ?? '✓')];
  return h(
    'span',
    { class: 'author', part: 'author' },
    shown,
    ...badges.flatMap((text) => (text ? [' ', badge(text)] : [])),
  );
}

/** Writes a comment's date, in the site's time zone once that is known. */
function writeDate({ words, policy }: Context, time: HTMLElement, { createdAt }: Comment): void {
  time.title = words.date(createdAt, policy?.timeZone);
  time.textContent = words.moment(createdAt, policy?.timeZone);
}

/** What a fragment is put behind: nothing, unless the page leads its links elsewhere. */
const fragmentBase = (): string =>
  document.querySelector('base[href]') ? location.href.replace(/#.*/, '') : '';

function dateLine({ words }: Context, time: HTMLElement, { id, editedAt }: Comment): HTMLElement {
  return h(
    'span',
    { class: 'date', part: 'date' },
    h('a', { href: `${fragmentBase()}#comment-${id}` }, time),
    editedAt && ` · ${words('edited')}`,
  );
}

function head(context: Context, comment: Comment, time: HTMLElement): HTMLElement {
  const { words } = context;
  const avatar = webAddress(comment.author?.avatar);
  return h(
    'header',
    {},
    avatar && h('img', { src: avatar, alt: '', width: 36, height: 36, loading: 'lazy' }),
    h('div', {}, authorLine(context, comment), ' ', dateLine(context, time, comment)),
    comment.pinned && badge(words('pinned')),
  );
}

/**
 * Draws what the policy has to say of a comment, now or once it has come: its date in the site's time zone, and
 * what a reader can do with it. Until then a row of the same height holds its place.
 */
function finishing(context: Context, comment: Comment, time: HTMLElement): HTMLElement {
  if (context.actionsOf) return context.actionsOf(context, comment);
  const row = h('div', { class: 'actions' });
  context.pending.push((actionsOf) => {
    const actions = actionsOf(context, comment);
    writeDate(context, time, comment);
    row.replaceWith(actions);
    return actions;
  });
  return row;
}

/** The comment itself, without what answers it. */
export function article(context: Context, comment: Comment): HTMLElement {
  const { words } = context;
  if (comment.deleted || !comment.body)
    return h('article', { part: 'comment' }, h('p', { class: 'removed', part: 'notice' }, words('removed')));
  const waits = comment.status !== 'approved';
  const time = h('time', { datetime: comment.createdAt });
  writeDate(context, time, comment);
  return h(
    'article',
    {
      part: waits ? 'comment waiting' : 'comment',
      class: waits && 'waiting',
      'aria-label': comment.author?.name ?? words('anonymous'),
    },
    head(context, comment, time),
    waits && h('p', { class: 'notice', part: 'notice' }, words('waiting')),
    h('div', { class: 'body', part: 'body' }, buildHtml(comment.body.html)),
    finishing(context, comment, time),
  );
}

/** Unfolds the answers that an element stands in. */
export function unfold(element: Element): void {
  for (let list = element.closest('ol[hidden]'); list; list = element.closest('ol[hidden]'))
    (list.previousElementSibling as HTMLElement).click();
}

/** A button that brings the answers behind a cursor into their list. */
function moreReplies(context: Context, { list, path, cursor }: Rest): HTMLElement {
  const next = button(context.words('moreReplies'), async () => {
    next.disabled = true;
    try {
      const { comments, nextCursor } = await context.api<Listing>(path + encodeURIComponent(cursor));
      unfold(list);
      const before = list.children.length;
      const placed = placeComments(context, { comments, put: (item) => list.append(item) });
      (list.children[before] as HTMLElement | undefined)?.focus();
      await placed;
      next.replaceWith(nextCursor ? moreReplies(context, { list, path, cursor: nextCursor }) : '');
    } catch {
      next.disabled = false;
      context.announce(context.words('failed'));
    }
  });
  return next;
}

interface Rest {
  list: HTMLElement;
  /** The address up to the cursor. */
  path: string;
  cursor: string;
}

/** What stands around the answers to a comment: what folds them, and what leads to those that did not come along. */
function repliesAround(
  context: Context,
  comment: Comment,
  { list, expanded }: { list: HTMLElement; expanded: boolean },
): Child[] {
  const { words } = context;
  if (!comment.replyCount && !comment.replies?.length) return [list];
  const toggle = button('', () => set(!list.hidden), { 'aria-controls': list.id, class: 'toggle' });
  const set = (hidden: boolean): void => {
    list.hidden = hidden;
    toggle.textContent = hidden ? words('replies', { n: comment.replyCount }) : words('hide');
    toggle.setAttribute('aria-expanded', `${!hidden}`);
  };
  set(!expanded && comment.replyCount > SHOWN_REPLIES);
  const cursor = comment.repliesCursor;
  const path = `v1/comments/${comment.id}/replies?cursor=`;
  return [toggle, list, cursor !== undefined && moreReplies(context, { list, path, cursor })];
}

type Child = HTMLElement | false;

export interface Placing {
  comments: Comment[];
  /** Puts one of them where it belongs. Their answers find their places themselves. */
  put(item: HTMLElement): void;
  expanded?: boolean;
  /** Told of each, answers too, as it stands. */
  placed?(comment: Comment): void;
  signal?: AbortSignal;
}

/** Draws comments and what answers them, a few between two frames; the first stands at once. */
export async function placeComments(
  context: Context,
  { comments, put, expanded = false, placed, signal }: Placing,
): Promise<void> {
  const waiting: [Comment, Placing['put']][] = comments.map((comment) => [comment, put]);
  for (let next = waiting.shift(); next && !signal?.aborted; next = waiting.shift()) {
    const [comment, place] = next;
    const id = `comment-${comment.id}`;
    // The reader's own stands where it was written until the page of comments comes that holds it. What is being
    // written in it goes along.
    const own = context.host.shadowRoot?.getElementById(id);
    const kept = own?.querySelector('form') ? own : null;
    const list =
      kept?.querySelector<HTMLElement>(':scope > .replies') ??
      h('ol', { class: 'replies', id: `replies-${comment.id}` });
    const around = (): Child[] => repliesAround(context, comment, { list, expanded });
    const item = kept ?? h('li', { id, tabindex: -1 }, article(context, comment), ...around());
    if (!kept) own?.remove();
    place(item);
    placed?.(comment);
    waiting.unshift(
      ...(comment.replies ?? []).map((reply): [Comment, Placing['put']] => [
        reply,
        (one) => list.append(one),
      ]),
    );
    await context.pace(item);
  }
}
