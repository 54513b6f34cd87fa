import { trapFieldOf } from '../../sites/policy.ts';
import type { Part, SafeHtml } from '../../text/html.ts';
import { html, say, textareaContent } from '../../text/html.ts';
import { languageMark } from './layout.ts';
import { authorName, isolated } from './thread-list.ts';
import type { ThreadView } from './thread-view.ts';
import type { Words } from './words.ts';
import { wordsFor } from './words.ts';

/** The form's fields that a reader fills, by WordPress's names. */
export type FormField = 'author' | 'email' | 'url' | 'comment';

/** What a form is filled with when it is shown again. */
export interface FormState {
  /** Fit to be shown: the e-mail address only where it is none (see typed-form.ts). */
  values: Record<FormField, string>;
  /** What is wrong, by field. */
  messages: Partial<Record<FormField, SafeHtml>>;
  /** Whether mail about answers was asked for. */
  wantsReplies: boolean;
  /** A valid address as the reader gave it: sealed for the way there and back, masked to be recognised. */
  keptEmail: { sealed: string; masked: string } | null;
}

const EMPTY_FORM: FormState = {
  values: { author: '', email: '', url: '', comment: '' },
  messages: {},
  wantsReplies: false,
  keptEmail: null,
};

interface FieldOptions {
  name: FormField;
  label: string;
  required: boolean;
  /** Attributes of the control beyond id, name, value and those of its state. */
  attributes: SafeHtml;
  /** Id of a text that explains the field, and the text where it stands right below. */
  hint?: { id: string; text?: Part };
}

function field(state: FormState, options: FieldOptions): SafeHtml {
  const { name } = options;
  const message = state.messages[name];
  const described = [message && `${name}-error`, options.hint?.id].filter(Boolean).join(' ');
  const shared = html`id="${name}" name="${name}"${options.attributes}${options.required && html` required`}${
    message && html` aria-invalid="true"`
  }${described !== '' && html` aria-describedby="${described}"`}`;
  // No maxlength: browsers count UTF-16 units of the raw value, the limits count characters of the stored
  // one, so it would cut off names and texts that are allowed.
  const control =
    name === 'comment'
      ? html`<textarea ${shared} rows="8">${textareaContent(state.values[name])}</textarea>`
      : html`<input ${shared} value="${state.values[name]}">`;
  return html`<p class="gh-field gh-field-${name}">
<label for="${name}">${options.label}${options.required && html` <span class="gh-star" aria-hidden="true">*</span>`}</label>
${message && html`<span class="gh-error" id="${name}-error">${message}</span>\n`}${control}
${options.hint?.text && html`<span class="gh-hint" id="${options.hint.id}">${options.hint.text}</span>\n`}</p>
`;
}

function emailField(view: ThreadView, state: FormState, words: Words): SafeHtml {
  const { keptEmail } = state;
  const required = view.site.policy.requiredFields.includes('email');
  const masked = keptEmail && html`<bdi dir="ltr">${keptEmail.masked}</bdi>`;
  return field(state, {
    name: 'email',
    label: words.form.email,
    // An address that is kept already need not be typed again.
    required: required && keptEmail === null,
    attributes: html` type="email" dir="ltr" autocomplete="email" autocapitalize="none" spellcheck="false"${
      keptEmail && html` placeholder="${keptEmail.masked}"`
    }`,
    hint: masked ? { id: 'email-kept', text: say(words.form.emailKept, { masked }) } : { id: 'form-note' },
  });
}

function fields(view: ThreadView, state: FormState, words: Words): SafeHtml[] {
  const { requiredFields, authorUrl } = view.site.policy;
  const list = [
    field(state, {
      name: 'comment',
      label: words.form.comment,
      required: true,
      attributes: html` dir="auto"`,
    }),
    field(state, {
      name: 'author',
      label: words.form.name,
      required: requiredFields.includes('name'),
      attributes: html` type="text" dir="auto" autocomplete="name"`,
    }),
    emailField(view, state, words),
  ];
  if (authorUrl) {
    const required = requiredFields.includes('url');
    const attributes = html` type="url" dir="ltr" autocomplete="url" autocapitalize="none" spellcheck="false"`;
    list.push(field(state, { name: 'url', label: words.form.url, required, attributes }));
  }
  return list;
}

/** Not ticked unless the reader did: a wish is one's own. */
function subscribeField(view: ThreadView, state: FormState, words: Words): SafeHtml | null {
  if (!view.offersReplies) return null;
  return html`<p class="gh-check">
<input id="subscribe" name="subscribe" type="checkbox" value="replies"${state.wantsReplies && html` checked`}>
<label for="subscribe">${words.form.subscribe}</label>
</p>
`;
}

/** What is told to whom else, so that nobody takes what is not published for kept here. */
function sharingNote({ shares }: ThreadView, words: Words): SafeHtml | null {
  if (shares.length === 0) return null;
  const list = words.list(shares.map((one) => words.form.share[one]));
  return html`<p class="gh-note">${say(words.form.shares, { list })}</p>\n`;
}

function hidden(name: string, value: string | null): SafeHtml | null {
  return value === null ? null : html`<input type="hidden" name="${name}" value="${value}">\n`;
}

/**
 * A field for those who fill in all there is. The sheet moves it off the page, and neither the keyboard nor a
 * screen reader comes to it; who sees it without the sheet is told to leave it alone.
 */
function trapField({ site }: ThreadView, words: Words): SafeHtml | null {
  const name = trapFieldOf(site.policy);
  if (name === null) return null;
  return html`<p class="gh-extra" aria-hidden="true">
<label for="${name}">${words.form.trap}</label>
<input id="${name}" name="${name}" type="text" tabindex="-1" autocomplete="off" value="">
</p>
`;
}

/** What says where the comment goes. WordPress's names where it has one; `page_id` is ours. */
function hiddenFields(view: ThreadView, state: FormState, parent: string): (SafeHtml | null)[] {
  const { page } = view;
  const post = page.id === null ? null : /^wp-(\d+)$/.exec(page.id);
  return [
    hidden('page', page.url),
    hidden('page_title', page.title),
    post ? hidden('comment_post_ID', post[1] ?? null) : hidden('page_id', page.id),
    hidden('comment_parent', parent === '' ? '0' : parent),
    hidden('email_sealed', state.keptEmail?.sealed ?? null),
    hidden('form_shown', view.drawnAt),
  ];
}

function formHeading(view: ThreadView, words: Words): SafeHtml {
  if (!view.replyTo) return html`<h2 id="respond-heading">${words.form.heading}</h2>\n`;
  const title = say(words.form.replyHeading, { name: isolated(authorName(view.replyTo, words)) });
  const cancel = html`<a class="gh-cancel" href="${view.links.view({})}#respond">${words.form.cancelReply}</a>`;
  return html`<h2 id="respond-heading">${title}</h2>\n<p>${cancel}</p>\n`;
}

/**
 * The form, as a section with the id `respond`. It is not checked by the browser: its messages would come
 * in the browser's language, and the service checks all the same. `_top` leads a thread that is framed by
 * the publisher's page out of its frame, to the page itself. `parent` is what `comment_parent` says.
 */
export function formSection(
  view: ThreadView,
  state: FormState = EMPTY_FORM,
  parent: string = view.replyTo?.id ?? '',
): SafeHtml {
  const words = wordsFor(view.site.locale);
  const moderated = view.site.policy.moderation === 'all' && html` <span>${words.form.moderated}</span>`;
  return html`<section id="respond" class="gh-respond" aria-labelledby="respond-heading"${languageMark(view.site.locale, words)}>
${formHeading(view, words)}<form id="commentform" class="gh-form" method="post" action="${view.links.form}" target="_top" accept-charset="utf-8" novalidate>
<p class="gh-note" id="form-note">${words.form.note}</p>
${sharingNote(view, words)}${fields(view, state, words)}${subscribeField(view, state, words)}${trapField(view, words)}${hiddenFields(view, state, parent)}<p class="gh-submit"><button type="submit">${words.form.submit}</button>${moderated}</p>
</form>
</section>
`;
}
