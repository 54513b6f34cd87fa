import type { Context } from './context.ts';
import { button, h, isolated, webAddress } from './dom.ts';
import { buildHtml } from './html.ts';
import type { Comment, Listing } from './types.ts';

/** Answers beyond this many stand behind a button at first. */
const SHOWN_REPLIES = 5;

function authorLine({ words }: Context, { author }: Comment): HTMLElement {
  const name = isolated(author?.name ?? words('anonymous'));
  const href = webAddress(author?.url);
  const shown = href ? h('a', { href, rel: 'nofollow ugc noopener noreferrer' }, name) : name;
  const badge = author?.moderator && h('span', { class: 'badge', part: 'badge' }, words('moderator'));
  return h('span', { class: 'author', part: 'author' }, shown, badge && ' ', badge);
}

function dateLine({ words, policy }: Context, { id, createdAt, editedAt }: Comment): HTMLElement {
  const zone = policy?.timeZone;
  const time = h(
    'time',
    { datetime: createdAt, title: words.date(createdAt, zone) },
    words.moment(createdAt, zone),
  );
  return h(
    'span',
    { class: 'date', part: 'date' },
    h('a', { href: `#comment-${id}` }, time),
    editedAt && ` · ${words('edited')}`,
  );
}

function head(context: Context, comment: Comment): HTMLElement {
  const { words } = context;
  const avatar = webAddress(comment.author?.avatar);
  return h(
    'header',
    {},
    avatar && h('img', { src: avatar, alt: '', width: 36, height: 36, loading: 'lazy' }),
    h('div', {}, authorLine(context, comment), ' ', dateLine(context, comment)),
    comment.pinned && h('span', { class: 'badge', part: 'badge' }, words('pinned')),
  );
}

/** The comment itself, without what answers it. */
function article(context: Context, comment: Comment): HTMLElement {
  const { words } = context;
  if (comment.deleted || !comment.body)
    return h('article', { part: 'comment' }, h('p', { class: 'removed', part: 'notice' }, words('removed')));
  const waits = comment.status !== 'approved';
  return h(
    'article',
    {
      part: waits ? 'comment waiting' : 'comment',
      class: waits && 'waiting',
      'aria-label': comment.author?.name ?? words('anonymous'),
    },
    head(context, comment),
    waits && h('p', { class: 'notice', part: 'notice' }, words('waiting')),
    h('div', { class: 'body', part: 'body' }, buildHtml(comment.body.html)),
    context.write?.actionsOf(context, comment),
  );
}

/** What stands below a comment: its answers, and what leads to those that did not come along. */
function repliesOf(context: Context, comment: Comment, expanded: boolean): Child[] {
  const { words, api } = context;
  const list = h('ol', { class: 'replies', id: `replies-${comment.id}` });
  list.append(...(comment.replies ?? []).map((reply) => commentItem(context, reply, expanded)));
  const more = (cursor: string): HTMLElement => {
    const next = button(words('moreReplies'), async () => {
      next.disabled = true;
      const path = `v1/comments/${comment.id}/replies?cursor=${encodeURIComponent(cursor)}`;
      const { comments, nextCursor } = await api<Listing>(path).catch(() => ({
        comments: [],
        nextCursor: cursor,
      }));
      const items = comments.map((reply) => commentItem(context, reply, expanded));
      next.replaceWith(...(nextCursor ? [more(nextCursor)] : []));
      list.append(...items);
      items[0]?.focus();
    });
    return next;
  };
  if (!comment.replyCount && list.childElementCount === 0) return [list];
  const collapsed = !expanded && comment.replyCount > SHOWN_REPLIES;
  const toggle = button('', () => set(!list.hidden), { 'aria-controls': list.id, class: 'toggle' });
  const set = (hidden: boolean): void => {
    list.hidden = hidden;
    toggle.textContent = hidden ? words('replies', { n: comment.replyCount }) : words('hide');
    toggle.setAttribute('aria-expanded', `${!hidden}`);
  };
  set(collapsed);
  return [toggle, list, comment.repliesCursor !== undefined && more(comment.repliesCursor)];
}

type Child = HTMLElement | false;

/** A comment with its answers, as an item of a list. */
export function commentItem(context: Context, comment: Comment, expanded = false): HTMLElement {
  return h(
    'li',
    { id: `comment-${comment.id}`, tabindex: -1, 'data-parent': comment.parentId },
    article(context, comment),
    ...repliesOf(context, comment, expanded),
  );
}
