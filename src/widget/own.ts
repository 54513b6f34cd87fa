import type { Context } from './context.ts';
import { button, h } from './dom.ts';
import { changeOwn, type Own } from './keep.ts';
import { fieldReason, isProblem, reasonOf } from './reason.ts';
import type { Comment } from './types.ts';

const bearer = ({ token }: Own): Record<string, string> => ({ Authorization: `Bearer ${token}` });

/** Minutes and seconds until a moment, in the language's digits; empty once it has passed. */
function timeLeft({ words }: Context, until: string): string {
  const seconds = Math.floor((Date.parse(until) - Date.now()) / 1000);
  if (seconds <= 0) return '';
  const rest = seconds % 60;
  return `${words.number(Math.floor(seconds / 60))}:${rest < 10 ? words.number(0) : ''}${words.number(rest)}`;
}

/** What is being written over one's own comments, by their ids: it outlives its form, which other buttons take away. */
const edits = new Map<string, string>();

/** Gives the focus back to the button, or, where its time has run out, to the comment. */
const giveBack = ({ place, opener }: Opened): void => {
  const item = place.closest('li');
  place.replaceChildren();
  (opener.isConnected ? opener : item)?.focus();
};

function openEdit(context: Context, comment: Comment, opened: Opened): void {
  const { api, words, policy } = context;
  const { own, place } = opened;
  const text = h('textarea', { part: 'field', rows: 4, dir: 'auto', 'aria-label': words('comment') });
  text.value = edits.get(comment.id) ?? comment.body?.text ?? '';
  text.addEventListener('input', () => edits.set(comment.id, text.value));
  const notice = h('p', { class: 'error', part: 'error', role: 'alert' });
  const close = (): void => {
    edits.delete(comment.id);
    giveBack(opened);
  };
  const save = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (text.readOnly) return;
    text.readOnly = true;
    try {
      const call = { method: 'PATCH', body: { body: text.value }, headers: bearer(own) };
      const answer = await api<{ comment: Comment }>(`v1/comments/${comment.id}`, call);
      edits.delete(comment.id);
      context.show({ ...answer.comment, replies: comment.replies });
      context.announce(words(answer.comment.status === 'approved' ? 'saved' : 'waiting'));
    } catch (error) {
      text.readOnly = false;
      const [wrong] = isProblem(error) ? error.fields : [];
      const n = (wrong?.code === 'too-short' ? policy?.bodyMin : policy?.limits.body) ?? 0;
      notice.textContent = wrong ? fieldReason(wrong, words, n) : reasonOf(error, words);
    }
  };
  place.replaceChildren(
    h(
      'form',
      { class: 'small', part: 'form', submit: (event) => void save(event) },
      text,
      notice,
      h(
        'div',
        { class: 'actions' },
        h('button', { part: 'button' }, words('save')),
        button(words('cancel'), close),
      ),
    ),
  );
  text.focus();
}

interface Opened {
  own: Own;
  place: HTMLElement;
  opener: HTMLElement;
}

function openDelete(context: Context, comment: Comment, opened: Opened): void {
  const { api, words } = context;
  const { own, place, opener } = opened;
  const close = (): void => giveBack(opened);
  const remove = async (): Promise<void> => {
    try {
      await api(`v1/comments/${comment.id}`, { method: 'DELETE', headers: bearer(own) });
      const without = (all: Own[]): Own[] => all.filter(({ id }) => id !== comment.id);
      context.own = without(context.own);
      changeOwn(context.site, without);
      context.show({ ...comment, deleted: true, author: null, body: null });
      context.announce(words('deleted'));
    } catch (error) {
      place.replaceChildren(h('p', { class: 'error', part: 'error', role: 'alert' }, reasonOf(error, words)));
      opener.focus();
    }
  };
  const yes = button(words('delete'), () => void remove());
  place.replaceChildren(
    h(
      'div',
      { class: 'small', role: 'group', 'aria-label': words('deleteSure') },
      words('deleteSure'),
      ' ',
      yes,
      ' ',
      button(words('cancel'), close),
    ),
  );
  yes.focus();
}

/** The buttons of the reader's own comment while it can be changed, with the time that is left. */
export function ownActions(context: Context, comment: Comment, place: HTMLElement): HTMLElement[] {
  const { words } = context;
  const own = context.own.find(({ id }) => id === comment.id);
  if (!own || timeLeft(context, own.editableUntil) === '') return [];
  const left = h('span', { class: 'left' });
  const edit: HTMLButtonElement = button(words('edit'), () =>
    openEdit(context, comment, { own, place, opener: edit }),
  );
  const remove: HTMLButtonElement = button(words('delete'), () =>
    openDelete(context, comment, { own, place, opener: remove }),
  );
  const all = [edit, remove, left];
  const tick = (): void => {
    const time = timeLeft(context, own.editableUntil);
    left.textContent = time && words('editTime', { time });
    if (time === '') for (const one of all) one.remove();
    else if (left.isConnected) setTimeout(tick, 1000);
  };
  setTimeout(tick);
  return all;
}
