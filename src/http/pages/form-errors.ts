import type { EmailAddress } from '../../authors/email.ts';
import type { PublicComment } from '../../comments/public-comment.ts';
import type { AppError, FieldCode, FieldError } from '../../errors.ts';
import type { Site } from '../../sites/site.ts';
import type { SafeHtml } from '../../text/html.ts';
import { html, say } from '../../text/html.ts';
import { maskAddress } from '../../text/mask.ts';
import type { Carrier } from './carried-email.ts';
import {
  holdsAddress,
  ownAddresses,
  sealForForm,
  urlWithoutAddresses,
  withoutAddresses,
} from './carried-email.ts';
import type { FormField, FormState } from './comment-form.ts';
import { formSection } from './comment-form.ts';
import { htmlDocument, languageMark } from './layout.ts';
import { threadHeader } from './thread-page.ts';
import type { ThreadView } from './thread-view.ts';
import { threadLinks } from './thread-view.ts';
import type { TypedForm } from './typed-form.ts';
import type { Words } from './words.ts';
import { wordsFor } from './words.ts';

/** Where a message about a field stands: in the form by its name, or only in the summary. */
type Place = FormField | 'parent' | 'page';

const PLACES: Record<string, Place> = {
  '/author/name': 'author',
  '/author/email': 'email',
  '/author/url': 'url',
  '/body': 'comment',
  '/parentId': 'parent',
  '/page/url': 'page',
  '/page/title': 'page',
  '/page/id': 'page',
};

interface Message {
  place: Place | null;
  text: SafeHtml;
}

function messageFor(error: FieldError, words: Words): Message {
  const place = ('pointer' in error && PLACES[error.pointer]) || null;
  const sentences: Partial<Record<FieldCode, string>> = place === null ? {} : words.errors[place];
  const values = Object.entries(error.params ?? {}).map(([name, value]) => {
    return [name, typeof value === 'number' ? words.number(value) : value] as const;
  });
  return { place, text: say(sentences[error.code] ?? words.errors.other, Object.fromEntries(values)) };
}

const FIELDS: readonly (Place | null)[] = ['author', 'email', 'url', 'comment'] satisfies FormField[];
const isField = (place: Place | null): place is FormField => FIELDS.includes(place);

function summary(messages: Message[], words: Words): SafeHtml {
  const items = messages.map(({ place, text }) =>
    isField(place) ? html`<li><a href="#${place}">${text}</a></li>\n` : html`<li>${text}</li>\n`,
  );
  return html`<div class="gh-banner gh-wrong" role="alert" aria-labelledby="errors-heading" id="errors">
<p id="errors-heading"><strong>${words.count(words.errors.intro, messages.length)}</strong></p>
<ul>
${items}</ul>
</div>
`;
}

export interface FormErrorOptions extends Carrier {
  /** Where the service is reached: its path without a trailing slash. */
  base: string;
  siteOf: Pick<Site, 'id' | 'name' | 'locale' | 'timeZone' | 'policy'>;
  offersReplies: boolean;
  shares: ThreadView['shares'];
  error: Pick<AppError, 'code' | 'errors'>;
  typed: TypedForm;
  /** Whether the typed page belongs to the site. */
  pageLinked: boolean;
  /** The comment that the form answers; null for one of its own, or where it is not to be seen. */
  replyTo: PublicComment | null;
  /** The valid address that came with the form, typed or carried. */
  email: EmailAddress | null;
}

/** What was typed, fit to be shown: no e-mail address of the reader's is in it. */
function stateOf(options: FormErrorOptions, messages: Message[]): FormState {
  const { typed, email } = options;
  const own = ownAddresses(email, typed.email);
  const name = holdsAddress(typed.author) ? '' : typed.author;
  const shown: FormState = {
    values: {
      author: withoutAddresses(name, own),
      email: email || holdsAddress(typed.email) ? '' : typed.email,
      url: holdsAddress(typed.url) ? '' : withoutAddresses(typed.url, own),
      comment: withoutAddresses(typed.comment, own),
    },
    messages: {},
    wantsReplies: typed.subscribe === 'replies',
    keptEmail: email && { sealed: sealForForm(options, email), masked: maskAddress(email) },
  };
  for (const { place, text } of messages) if (isField(place)) shown.messages[place] ??= text;
  return shown;
}

function pageOf(options: FormErrorOptions): ThreadView['page'] {
  const { typed } = options;
  const own = ownAddresses(options.email, typed.email);
  const post = Number.parseInt(typed.comment_post_ID, 10);
  const id = post > 0 ? `wp-${post}` : typed.page_id;
  return {
    url: urlWithoutAddresses(typed.page, own) || null,
    title: withoutAddresses(typed.page_title, own) || null,
    id: id === '' || holdsAddress(id) ? null : id,
    linked: options.pageLinked,
  };
}

/** The parent to keep: none once the service said that it can't be answered, so that the text can still go. */
function parentOf(options: FormErrorOptions, messages: Message[]): string {
  const { comment_parent: parent } = options.typed;
  return messages.some(({ place }) => place === 'parent') || holdsAddress(parent) ? '' : parent;
}

interface Headline {
  title: SafeHtml;
  banner: SafeHtml;
}

function headlineOf(options: FormErrorOptions, messages: Message[], words: Words): Headline {
  if (messages.length > 0) {
    return { title: html`${words.errors.heading}`, banner: summary(messages, words) };
  }
  const { title, text } = problemWords(words, options.error.code);
  const banner = html`<div class="gh-banner gh-wrong" role="alert">
<p><strong>${title}</strong></p>
<p>${text}</p>
</div>
`;
  return { title: html`${title}`, banner };
}

/** To a person in a browser these say what another code does: no fault of the service, and no page to show. */
const SAME_WORDS = new Map([
  ['method-not-allowed', 'not-found'],
  ['malformed-url', 'not-found'],
  ['validation-failed', 'not-found'],
]);

/** What is said of a problem; the general words where it has none of its own. */
export function problemWords(words: Words, code: string): { title: string; text: string } {
  const problems: Record<string, unknown> = words.problems;
  const name = SAME_WORDS.get(code) ?? code;
  const own = Object.hasOwn(problems, name) ? problems[name] : undefined;
  return typeof own === 'object' && own !== null
    ? (own as { title: string; text: string })
    : words.problems.other;
}

/**
 * The answer to a form that could not be taken: what is wrong, and the form with what was typed. The
 * reader's e-mail address is never in it: a valid one travels sealed and is shown masked.
 */
export function formErrorPage(options: FormErrorOptions): string {
  const { siteOf: site, base } = options;
  const words = wordsFor(site.locale);
  const messages = (options.error.errors ?? []).map((error) => messageFor(error, words));
  const { title, banner } = headlineOf(options, messages, words);
  const page = pageOf(options);
  const parent = parentOf(options, messages);
  const view: ThreadView = {
    site,
    page,
    listing: { comments: [], total: 0, nextCursor: null, prevCursor: null },
    closed: false,
    replyTo: parent === '' ? null : options.replyTo,
    waiting: null,
    under: null,
    links: threadLinks(base, site.id, page),
    offersReplies: options.offersReplies,
    shares: options.shares,
    // How long it took counts from the first time the form was shown.
    drawnAt: options.typed.form_shown || null,
  };
  const form = formSection(view, stateOf(options, messages), parent);
  return htmlDocument({
    locale: site.locale,
    title: html`${title} · ${site.name}`,
    base,
    unlisted: true,
    kind: 'thread',
    body: html`${threadHeader(view)}<main>
<div${languageMark(site.locale, words)}>
<h2>${title}</h2>
${banner}</div>
${form}</main>`,
  });
}
