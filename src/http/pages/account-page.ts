import type { FieldError } from '../../errors.ts';
import type { SafeHtml } from '../../text/html.ts';
import { html, say } from '../../text/html.ts';
import { describeField } from '../problem.ts';
import { htmlDocument } from './layout.ts';
import type { Words } from './words.ts';
import { wordsFor } from './words.ts';

/** The pages by which a person enters an account: the first admin's, an invitation's, a reset's. */
export type AccountPageKind = 'setup' | 'invitation' | 'reset';

export interface AccountPageOptions {
  kind: AccountPageKind;
  /** The link's one-time token. */
  token: string;
  /** It came by mail: the second factor stays. */
  isMailed?: boolean;
  /** The account has a second factor, which such a link asks for. */
  wantsCode?: boolean;
  /** What the caller accepts. */
  locale: string;
  base: string;
  /** What was typed, when the form is shown again; never the password. */
  values?: { name: string; email: string };
  errors?: FieldError[];
}

type AccountField = 'name' | 'email' | 'password' | 'totp';

/** Attributes by field. The name to sign in with is the address, and password managers are told so. */
const ATTRIBUTES: Record<AccountField, SafeHtml> = {
  name: html` type="text" dir="auto" autocomplete="name"`,
  email: html` type="email" dir="ltr" autocomplete="username" autocapitalize="none" spellcheck="false"`,
  password: html` type="password" dir="ltr" autocomplete="new-password"`,
  totp: html` type="text" dir="ltr" inputmode="numeric" autocomplete="one-time-code"`,
};

const errorAt = (errors: FieldError[], name: string): FieldError | undefined =>
  errors.find((error) => 'pointer' in error && error.pointer === `/${name}`);

interface FieldOptions {
  name: AccountField;
  value: string;
  errors: FieldError[];
  words: Words;
}

/** A field that has to be filled, with what is wrong about it. */
export function field({ name, value, errors, words }: FieldOptions): SafeHtml {
  const wrong = errorAt(errors, name);
  const { passwordHint, totpHint } = words.account;
  const hint = name === 'password' ? passwordHint : name === 'totp' ? totpHint : null;
  const described = [wrong && `${name}-error`, hint && `${name}-hint`].filter(Boolean).join(' ');
  return html`<p class="gh-field">
<label for="${name}">${words.account[name]}</label>
${wrong && html`<span class="gh-error" id="${name}-error">${describeField(wrong, words.language)}</span>\n`}<input id="${name}" name="${name}"${
    ATTRIBUTES[name]
  } required${wrong && html` aria-invalid="true"`}${described !== '' && html` aria-describedby="${described}"`} value="${value}">
${hint && html`<span class="gh-hint" id="${name}-hint">${hint}</span>\n`}</p>
`;
}

/** A form that needs no script. It is not checked by the browser, whose messages come in its own language. */
function form(options: AccountPageOptions, words: Words): SafeHtml {
  const { kind, token, base, wantsCode, values = { name: '', email: '' }, errors = [] } = options;
  const named = kind === 'setup' && [
    field({ name: 'name', value: values.name, errors, words }),
    field({ name: 'email', value: values.email, errors, words }),
  ];
  return html`<form class="gh-form" method="post" action="${base}/${kind}" accept-charset="utf-8" novalidate>
<input type="hidden" name="token" value="${token}">
${named}${field({ name: 'password', value: '', errors, words })}${wantsCode && field({ name: 'totp', value: '', errors, words })}<p class="gh-submit"><button type="submit">${words.account[kind].submit}</button></p>
</form>`;
}

/** The page of a one-time link: a form, or word that the link is over. */
export function accountPage(options: AccountPageOptions): string {
  const words = wordsFor(options.locale);
  const { title } = words.account[options.kind];
  const text = options.isMailed ? words.account.reset.mailedText : words.account[options.kind].text;
  const isOver = errorAt(options.errors ?? [], 'token') !== undefined;
  const body = isOver
    ? html`<p role="alert">${words.account.over}</p>`
    : html`<p>${text}</p>\n${form(options, words)}`;
  return noticePage({ title, base: options.base, words, body });
}

/** The page after it: who is signed in now. */
export function signedInPage({ name, locale, base }: { name: string; locale: string; base: string }): string {
  const words = wordsFor(locale);
  const { title, text, go } = words.account.done;
  const body = html`<p>${say(text, { name: html`<bdi>${name}</bdi>` })}</p>
<p><a href="${base}/moderate/">${go}</a></p>`;
  return noticePage({ title, base, words, body });
}

export interface NoticeOptions {
  title: string;
  base: string;
  words: Words;
  body: SafeHtml;
}

/** A page that stands alone, of one heading. */
export function noticePage({ title, base, words, body }: NoticeOptions): string {
  return htmlDocument({
    locale: words.language,
    title,
    base,
    unlisted: true,
    kind: 'notice',
    body: html`<main>
<h1>${title}</h1>
${body}
</main>`,
  });
}
