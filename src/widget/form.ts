import { countCharacters } from './characters.ts';
import type { Context, FormOptions } from './context.ts';
import { button, h, isolated } from './dom.ts';
import { createHold } from './hold.ts';
import { freshToken, IDENTITY, isUnasked } from './identity.ts';
import { changeOwn, keep, randomWord, recall } from './keep.ts';
import { byOwnClock } from './own-clock.ts';
import { createPreview } from './preview.ts';
import { fieldReason, isProblem, reasonOf } from './reason.ts';
import type { Comment, Field, FieldError, Policy } from './types.ts';

interface Submitted {
  comment: Comment;
  editToken: string;
  editableUntil: string;
  readableUntil: string;
}

/** From so many characters before the limit on they are counted down. */
const NEARLY = 200;
const FIELDS: [Field, string, string][] = [
  ['name', 'text', 'name'],
  ['email', 'email', 'email'],
  ['url', 'url', 'url'],
];

type Control = HTMLInputElement | HTMLTextAreaElement;

/** A label, its field, and the place where what is wrong with it is said. */
interface Labelled {
  box: HTMLElement;
  control: Control;
  complain(text: string): void;
}

function labelled(
  control: Control,
  id: string,
  { label, required }: { label: string; required: boolean },
): Labelled {
  const error = h('span', { class: 'error', part: 'error', id: `${id}-error` });
  control.id = id;
  control.setAttribute('part', 'field');
  if (required) control.setAttribute('aria-required', 'true');
  const star = required && h('span', { 'aria-hidden': 'true' }, ' *');
  const complain = (text: string): void => {
    error.textContent = text;
    if (text) {
      control.setAttribute('aria-invalid', 'true');
      control.setAttribute('aria-describedby', error.id);
    } else for (const name of ['aria-invalid', 'aria-describedby']) control.removeAttribute(name);
  };
  control.addEventListener('input', () => complain(''));
  return { box: h('div', {}, h('label', { for: id }, label, star), control, error), control, complain };
}

const LIMITED: Record<string, keyof Policy['limits']> = {
  '/body': 'body',
  '/author/name': 'name',
  '/author/email': 'email',
  '/author/url': 'url',
};

/** What is being sent. */
interface Sent {
  /** What was filled in. */
  fields: string;
  /** When it was sent first, by the reader's clock. */
  at: number;
  key: string;
  body: object;
  /** That of the body. */
  author: Record<string, string | null>;
}

/** A form for a comment or an answer. Needs the policy. */
export function commentForm(
  context: Context,
  policy: Policy,
  { parent, reader, close }: FormOptions,
): HTMLElement {
  const { words, api, site } = context;
  const id = parent ? `reply-${parent.id}` : 'respond';
  const draftKey = `draft:${site}:${context.pageQuery}:${parent?.id ?? ''}`;
  /** Not by the clock, which may be set right meanwhile. */
  const shownAt = performance.now();
  const known = recall<Partial<Record<Field, string>>>('me');

  const body = labelled(h('textarea', { rows: 5, dir: 'auto' }), `${id}-body`, {
    label: words('comment'),
    required: true,
  });
  const asked = reader ? [] : FIELDS.filter(([name]) => name !== 'url' || policy.authorUrl);
  const fields = asked.map(([name, type, autocomplete]) => {
    const control = h('input', { type, autocomplete, dir: name === 'name' ? 'auto' : 'ltr' });
    control.value = known?.[name] ?? '';
    const required = policy.requiredFields.includes(name);
    return [name, labelled(control, `${id}-${name}`, { label: words(name), required })] as const;
  });
  const places = new Map<string, Labelled>([
    ['/body', body],
    ...fields.map(([name, one]): [string, Labelled] => [`/author/${name}`, one]),
  ]);
  const trap = policy.trapField
    ? h('input', { name: policy.trapField, tabindex: -1, autocomplete: 'off' })
    : null;
  const remember = h('input', { type: 'checkbox' });
  remember.checked = known !== null;
  const notice = h('div', { class: 'notice', part: 'notice', role: 'alert', tabindex: -1 });
  const left = h('p', { class: 'left', part: 'left', 'aria-live': 'polite' });
  const send = h('button', { part: 'button submit' }, words('send'));
  const holdWriting = createHold(body.control as HTMLTextAreaElement, send);

  /** The same again for the same words, token included, so that a repetition is known as one. */
  let sent: Sent | null = null;
  const value = (control: Control): string | null => control.value || null;
  const filledIn = () => {
    const author: Sent['author'] = Object.fromEntries(
      fields.map(([name, { control }]) => [name, value(control)]),
    );
    return { page: context.page, parentId: parent?.id ?? null, author, body: body.control.value };
  };
  const textOf = (parts: object): string => JSON.stringify([parts, trap?.value]);
  const isUnchanged = (): boolean => sent?.fields === textOf(filledIn());
  const payload = async (): Promise<Sent> => {
    const parts = filledIn();
    if (!sent || !isUnchanged()) {
      const extra = trap ? { [trap.name]: trap.value } : {};
      const at = Date.now();
      const json = { ...parts, ...extra, elapsedMs: Math.round(performance.now() - shownAt) };
      sent = { fields: textOf(parts), at, key: randomWord(), body: json, author: parts.author };
    }
    const sending = sent;
    if (reader) sending.author.identity ??= await freshToken(context);
    return sending;
  };

  const count = (): void => {
    const rest = policy.limits.body - countCharacters(body.control.value);
    if (rest < 0) left.textContent = words('field.too-long', { n: policy.limits.body });
    else left.textContent = rest <= NEARLY ? words('left', { n: rest }) : '';
  };
  const say = (...content: (Node | string)[]): void => {
    notice.replaceChildren(...content);
  };
  const preview = createPreview(context, { textOf: () => body.control.value, say, failed });

  function complain(errors: FieldError[]): void {
    for (const error of errors) {
      const { pointer = '', code } = error;
      const place = places.get(pointer);
      const limit = LIMITED[pointer];
      const n = code === 'too-short' ? policy.bodyMin : limit ? policy.limits[limit] : 0;
      const text = pointer === IDENTITY ? words('signIn') : fieldReason(error, words, n);
      if (place) place.complain(text);
      else say(text);
    }
    const first = [...places.values()].find(({ control }) => control.hasAttribute('aria-invalid'));
    (first?.control ?? notice).focus();
  }

  function arrived({ comment, editToken: token, ...until }: Submitted, sentAt: number): void {
    sent = null;
    const here = byOwnClock(comment.createdAt, sentAt);
    const [editableUntil, readableUntil] = [here(until.editableUntil), here(until.readableUntil)];
    const own = { id: comment.id, token, page: context.pageQuery, editableUntil, readableUntil };
    context.own.push(own);
    changeOwn(site, (others) => [...others, own]);
    // What is being written in another tab stays.
    if (recall<string>(draftKey) === body.control.value) keep(draftKey, null);
    const me = Object.fromEntries(fields.map(([name, { control }]) => [name, control.value]));
    if (!reader) keep('me', remember.checked ? me : null);
    body.control.value = '';
    preview.clear();
    count();
    close?.();
    context.show(comment);
    context.announce(words(comment.status === 'approved' ? 'posted' : 'waiting'));
  }

  function failed(error: unknown, isAgain = false): void {
    if (!isProblem(error) || isUnasked(error)) {
      say(
        reasonOf(error, words, 'offline'),
        ' ',
        button(words('retry'), () => void submit()),
      );
      // What was closed, or is being written on, is not to be sent behind its writer's back.
      const again = (): unknown => form.isConnected && isUnchanged() && submit();
      addEventListener('online', again, { once: true });
      return;
    }
    if (error.code === 'validation-failed') {
      // Nothing came of it, and what is sent next bears another token: this one may have run out meanwhile.
      sent = null;
      if (isAgain && error.fields.some(({ pointer }) => pointer === IDENTITY)) return void submit();
      complain(error.fields);
      return;
    }
    if (error.code === 'duplicate-comment') keep(draftKey, null);
    say(reasonOf(error, words));
    notice.focus();
  }

  async function submit(event?: Event): Promise<void> {
    event?.preventDefault();
    if (send.disabled) return;
    holdWriting(true);
    say(words('sending'));
    for (const { complain: clear } of places.values()) clear('');
    const isAgain = sent !== null;
    try {
      const { body: json, key, at } = await payload();
      const headers = { 'Idempotency-Key': key };
      const answer = await api<Submitted>(`v1/sites/${site}/comments`, { body: json, headers });
      say();
      holdWriting(false);
      arrived(answer, at);
    } catch (error) {
      say();
      holdWriting(false);
      failed(error, isAgain);
    }
  }

  body.control.value = recall<string>(draftKey) ?? '';
  body.control.addEventListener('input', () => {
    keep(draftKey, body.control.value || null);
    count();
  });
  count();
  const heading = parent
    ? h('h3', { id: `${id}-title` }, ...around(words, 'replyTo', parent.author?.name ?? words('anonymous')))
    : h('h2', { id: `${id}-title` }, words('form'));
  const isStarred = policy.requiredFields.length > 0;
  const form = h(
    'form',
    {
      id,
      part: 'form',
      novalidate: true,
      'aria-labelledby': `${id}-title`,
      submit: (event) => void submit(event),
      // That it will be sent by itself is true of what was sent only.
      input: () => sent && !isUnchanged() && say(),
    },
    heading,
    reader
      ? h('p', { class: 'author', part: 'author' }, '✓ ', isolated(reader.name))
      : h('p', { class: 'note' }, words('note'), isStarred && ` ${words('noteRequired')}`),
    policy.moderation !== 'none' && h('p', { class: 'note' }, words('moderated')),
    policy.shares.length > 0 && h('p', { class: 'note' }, sharing(words, policy.shares)),
    body.box,
    left,
    preview.box,
    !reader && h('div', { class: 'fields' }, ...fields.map(([, { box }]) => box)),
    trap && h('div', { class: 'trap', 'aria-hidden': 'true' }, trap),
    !reader && h('label', { class: 'check' }, remember, ' ', words('remember')),
    notice,
    h(
      'div',
      { class: 'actions' },
      send,
      button(words('preview'), () => void preview.look()),
      close && button(words('cancel'), close),
    ),
  );
  return form;
}

/** What is told to whom else, so that nobody takes what is not published for kept here. */
const sharing = (words: Context['words'], shares: string[]): string =>
  words('shares', {
    name: new Intl.ListFormat(words.locale).format(shares.map((one) => words(`share.${one}`))),
  });

/** A sentence with a name in it, the name in its own direction. */
function around(words: Context['words'], key: string, name: string): (Node | string)[] {
  const [before = '', after = ''] = words(key, { name: '\u0000' }).split('\u0000');
  return [before, isolated(name), after];
}
