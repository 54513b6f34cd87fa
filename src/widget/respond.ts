import type { Context } from './context.ts';
import { h } from './dom.ts';
import { commentForm } from './form.ts';
import { type Watched, watchReader } from './identity.ts';
import type { Thread } from './thread.ts';
import type { Comment, Policy } from './types.ts';

const sentence = (text: string): HTMLElement => h('p', { class: 'note', part: 'notice' }, text);

/** Gives a thread its form, and comments those that answer them: for whoever is signed in, where the site wants that. */
export function respond(context: Context, thread: Thread, policy: Policy): void {
  const { words } = context;
  let { reader, ask }: Watched = { reader: null, ask: null };
  const answers = new Set<HTMLElement>();
  const formFor = (parent: Comment | null, close?: () => void): HTMLElement => {
    if (policy.identity !== 'required' || reader)
      return commentForm(context, policy, { parent, reader, close });
    if (!ask) return sentence(words('signIn'));
    const place = h('div');
    thread.sayFailed(place, ask);
    return place;
  };

  context.openReply = (comment, place, opener) => {
    const close = (): void => {
      place.replaceChildren();
      opener.focus();
    };
    // What else stands there, an edit or thanks for a report, makes room.
    if ([...answers].some((one) => one.parentNode === place)) {
      close();
      return;
    }
    const answer = formFor(comment, close);
    answers.add(answer);
    place.replaceChildren(answer);
    const text = answer.querySelector('textarea');
    if (text) text.focus();
    else context.announce(words('signIn'));
  };
  const draw = (): void =>
    thread.respond.replaceChildren(policy.closed ? sentence(words('closed')) : formFor(null));
  if (policy.closed || policy.identity === 'off') {
    draw();
    return;
  }
  watchReader(context, (next) => {
    ({ reader, ask } = next);
    // What was written in them is kept as a draft.
    for (const answer of answers) answer.remove();
    answers.clear();
    draw();
  });
}
