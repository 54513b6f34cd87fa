import { actionsOf } from './actions.ts';
import type { Context } from './context.ts';
import { button, h } from './dom.ts';
import { knownReader } from './keep.ts';
import { respond } from './respond.ts';
import type { Thread } from './thread.ts';
import type { Comment, Policy, Sort, VoteValue } from './types.ts';

const SORTS: Sort[] = ['oldest', 'newest', 'top'];

/** The orders, and the feed where there is one. */
function drawTools({ words, home, site, pageQuery }: Context, thread: Thread, policy: Policy): void {
  const select = h(
    'select',
    { part: 'field', change: () => void thread.load({ focus: null, sort: select.value as Sort }) },
    ...SORTS.map((one) => h('option', { value: one, selected: one === policy.sort }, words(one))),
  );
  const href = `${home}/v1/sites/${site}/feed.atom?${pageQuery}`;
  const feed = policy.feed && h('a', { href, type: 'application/atom+xml' }, words('feed'));
  thread.tools.replaceChildren(h('label', {}, words('sort'), ' ', select), feed || '');
}

/** What the reader has voted on this page; nothing where they never did. */
async function votesOf({ api, site, pageQuery }: Context, policy: Policy): Promise<Context['votes']> {
  const reader = knownReader();
  if (reader === null || policy.votes === 'off') return {};
  const headers = { 'Gatehouse-Reader': reader };
  const state = api<{ votes: Record<string, VoteValue> }>(`v1/sites/${site}/reader?${pageQuery}`, {
    headers,
  });
  return (await state.catch(() => ({ votes: {} }))).votes;
}

/** The reader's own comments of this page that wait: nobody else sees them. */
async function showOwn(context: Context, thread: Thread): Promise<void> {
  const { api, site, own, pageQuery } = context;
  // Where the service would put them, it alone knows: an address has many forms.
  const here = own.filter(({ page }) => page === pageQuery);
  if (here.length === 0) return;
  const body = { editTokens: here.map(({ token }) => token) };
  const found = await api<{ comments: Comment[] }>(`v1/sites/${site}/comments/own`, { body }).catch(() => ({
    comments: [],
  }));
  for (const comment of found.comments)
    if (comment.status !== 'approved' && !thread.find(comment.id)) thread.show(comment);
}

/** Back at the page: whether others have written meanwhile. */
async function lookAgain({ api, site, pageQuery, words, announce }: Context, thread: Thread): Promise<void> {
  const { counts } = await api<{ counts: { count: number }[] }>(`v1/sites/${site}/counts?${pageQuery}`);
  const n = (counts[0]?.count ?? 0) - thread.total;
  // Those that were told of may be gone again.
  if (n <= 0) return void thread.fresh.replaceChildren();
  const text = words('new', { n });
  const show = (): void => {
    thread.fresh.replaceChildren();
    const select = thread.tools.querySelector('select');
    if (select) select.value = 'newest';
    thread.title.focus();
    void thread.load({ focus: null, sort: 'newest' });
  };
  thread.fresh.replaceChildren(button(text, show));
  announce(text);
}

/** 1 where everybody sees the comment, 0 where it is not there, waits, or was removed. */
const isCounted = (thread: Thread, { id }: Comment): number =>
  thread.find(id)?.querySelector(':scope > article:not(.waiting) > .body') ? 1 : 0;

/** Milliseconds. */
const MINUTE = 60_000;
/** Older comments bear their date, which stays as it is. */
const STAYS = 8 * 24 * 60 * MINUTE;

/** Says anew how long ago the comments were written: the page may have been left open since. */
function tellAges({ host, words }: Context, { timeZone }: Policy): void {
  for (const time of host.shadowRoot?.querySelectorAll('time') ?? []) {
    if (Date.now() - Date.parse(time.dateTime) > STAYS) continue;
    const text = words.moment(time.dateTime, timeZone);
    if (time.textContent !== text) time.textContent = text;
  }
}

/** Gives a thread what needs the policy: orders, votes, the form, and the reader's own comments. */
export async function complete(context: Context, thread: Thread, policy: Policy): Promise<void> {
  const { signal } = context;
  context.policy = policy;
  context.show = (comment) => {
    const before = isCounted(thread, comment);
    thread.show(comment);
    thread.reveal(comment.id);
    thread.setTotal(thread.total + isCounted(thread, comment) - before);
  };
  drawTools(context, thread, policy);
  respond(context, thread, policy);
  const tick = (): unknown => document.hidden || tellAges(context, policy);
  const back = (): unknown => {
    tick();
    return document.hidden || lookAgain(context, thread).catch(() => undefined);
  };
  document.addEventListener('visibilitychange', back, { signal });
  const timer = setInterval(tick, MINUTE);
  signal.addEventListener('abort', () => clearInterval(timer));
  context.votes = await votesOf(context, policy);
  context.actionsOf = actionsOf;
  for (let finish = context.pending.shift(); finish; finish = context.pending.shift())
    await context.pace(finish(actionsOf));
  // Whatever the listing is asked for anew for, it does not have them.
  context.drawn = () => void showOwn(context, thread);
  await showOwn(context, thread);
}
