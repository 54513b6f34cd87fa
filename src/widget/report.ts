import type { Context } from './context.ts';
import { button, h } from './dom.ts';
import { readerHeader } from './keep.ts';
import { reasonOf } from './reason.ts';
import type { Comment } from './types.ts';

const REASONS = ['spam', 'abuse', 'off-topic', 'illegal', 'other'];

/** Opens, or closes, the little form by which a reader brings a comment before the moderators. */
export function openReport(
  { api, words, announce }: Context,
  comment: Comment,
  { place, opener }: { place: HTMLElement; opener: HTMLElement },
): void {
  const close = (): void => {
    place.replaceChildren();
    opener.focus();
  };
  // What else stands there makes room.
  if (place.querySelector('select')) {
    close();
    return;
  }
  const options = REASONS.map((reason) => h('option', { value: reason }, words(`reason.${reason}`)));
  const reason = h('select', { part: 'field' }, ...options);
  const note = h('textarea', { part: 'field', rows: 2, maxlength: 1000, dir: 'auto' });
  const notice = h('p', { class: 'error', part: 'error', role: 'alert' });
  const send = async (event: Event): Promise<void> => {
    event.preventDefault();
    try {
      const body = { reason: reason.value, note: note.value };
      await api(`v1/comments/${comment.id}/reports`, { body, headers: readerHeader() });
      place.replaceChildren(h('p', { class: 'notice', part: 'notice' }, words('reported')));
      announce(words('reported'));
      opener.focus();
    } catch (error) {
      notice.textContent = reasonOf(error, words);
    }
  };
  place.replaceChildren(
    h(
      'form',
      { class: 'small', part: 'form', submit: (event) => void send(event) },
      h('label', {}, words('reportWhy'), reason),
      h('label', {}, words('reportNote'), note),
      notice,
      h(
        'div',
        { class: 'actions' },
        h('button', { part: 'button' }, words('report')),
        button(words('cancel'), close),
      ),
    ),
  );
  reason.focus();
}
