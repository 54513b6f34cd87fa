import type { Context } from './context.ts';
import { button, h } from './dom.ts';
import { readerHeader } from './keep.ts';
import { ownActions } from './own.ts';
import { reasonOf } from './reason.ts';
import { openReport } from './report.ts';
import type { Comment, VoteValue } from './types.ts';

/** The two (or one) buttons of a vote, with how many pressed them. */
function voteButtons(context: Context, comment: Comment): HTMLElement[] {
  const { words, api, policy } = context;
  if (!policy || policy.votes === 'off') return [];
  const kinds: [VoteValue, 'up' | 'down'][] = [
    [1, 'up'],
    [-1, 'down'],
  ];
  let { votes } = comment;
  const draw = (): void => {
    for (const [value, kind, shown] of buttons) {
      shown.setAttribute('aria-pressed', `${context.votes[comment.id] === value}`);
      shown.setAttribute('aria-label', `${words(kind)} ${words.number(votes[kind])}`);
      shown.textContent = words.number(votes[kind]);
    }
  };
  const send = async (value: VoteValue): Promise<void> => {
    wrong.textContent = '';
    try {
      const answer = await api<{ votes: Comment['votes']; vote: VoteValue }>(
        `v1/comments/${comment.id}/vote`,
        { method: 'PUT', body: { value }, headers: readerHeader() },
      );
      votes = answer.votes;
      context.votes[comment.id] = answer.vote;
      draw();
    } catch (error) {
      wrong.textContent = reasonOf(error, words);
    }
  };
  /** One behind another: the line may bring two at once, or their answers, in another order. */
  let sent = Promise.resolve();
  const cast = (value: VoteValue): void => {
    const asked = context.votes[comment.id] === value ? 0 : value;
    sent = sent.then(() => send(asked));
  };
  if (policy.votes === 'up') kinds.pop();
  const buttons = kinds.map(
    ([value, kind]) => [value, kind, button('', () => cast(value), { class: kind })] as const,
  );
  const wrong = h('span', { class: 'error', part: 'error', role: 'alert' });
  draw();
  return [...buttons.map(([, , shown]) => shown), wrong];
}

/** What a reader can do with a comment; filled in again once the policy has come. */
export function actionsOf(context: Context, comment: Comment): HTMLElement {
  const { words, policy } = context;
  const place = h('div', { class: 'place' });
  const row = h('div', { class: 'actions', part: 'actions' });
  const isShown = comment.status === 'approved';
  if (policy && isShown) {
    row.append(...voteButtons(context, comment));
    if (!policy.closed && comment.depth < policy.maxDepth) {
      const reply: HTMLElement = button(words('reply'), () => context.openReply(comment, place, reply), {
        'aria-label': `${words('reply')}: ${comment.author?.name ?? words('anonymous')}`,
      });
      row.append(reply);
    }
  }
  const own = ownActions(context, comment, place);
  row.append(...own);
  if (policy?.reports && isShown && own.length === 0) {
    const report: HTMLElement = button(words('report'), () =>
      openReport(context, comment, { place, opener: report }),
    );
    row.append(report);
  }
  return h('div', {}, row, place);
}
