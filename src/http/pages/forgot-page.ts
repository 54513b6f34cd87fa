import type { FieldError } from '../../errors.ts';
import { html } from '../../text/html.ts';
import { field, noticePage } from './account-page.ts';
import { wordsFor } from './words.ts';

interface Where {
  /** What the caller accepts. */
  locale: string;
  base: string;
}

/** Where a link for a new password is asked for: a form that needs no script. */
export function forgotPage({
  locale,
  base,
  action,
  email = '',
  errors = [],
}: Where & { action: string; email?: string; errors?: FieldError[] }): string {
  const words = wordsFor(locale);
  const { title, text, submit } = words.account.forgot;
  const body = html`<p>${text}</p>
<form class="gh-form" method="post" action="${base}${action}" accept-charset="utf-8" novalidate>
${field({ name: 'email', value: email, errors, words })}<p class="gh-submit"><button type="submit">${submit}</button></p>
</form>`;
  return noticePage({ title, base, words, body });
}

/** The page after it, whoever has the address. */
export function sentPage({ locale, base }: Where): string {
  const words = wordsFor(locale);
  const { title, text } = words.account.sent;
  const body = html`<p>${text}</p>
<p><a href="${base}/moderate/">${words.account.done.go}</a></p>`;
  return noticePage({ title, base, words, body });
}
