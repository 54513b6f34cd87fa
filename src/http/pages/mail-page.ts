import type { CommentStatus } from '../../comments/comment.ts';
import type { MailAction } from '../../mail/tokens.ts';
import { readerSpeech } from '../../mail/words.ts';
import { html, type SafeHtml, say } from '../../text/html.ts';
import { htmlDocument } from './layout.ts';
import type { Words } from './words.ts';
import { wordsFor } from './words.ts';

/** The pages behind the links of mails. All of them work without JavaScript. */
export interface MailPlace {
  /** BCP 47. */
  locale: string;
  base: string;
}

const shellOf = ({ base }: MailPlace, { language }: { language: string }): Shell => ({ base, language });

interface FormPage {
  title: string;
  body: SafeHtml;
  /** Where the button's form goes; the token is in it. */
  action: string;
  submit: string;
}

interface Shell {
  base: string;
  /** That the words are in. */
  language: string;
}

function page({ language, base }: Shell, { title, body }: { title: string; body: SafeHtml }): string {
  return htmlDocument({
    locale: language,
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

/** Asks before anything is done: programs follow links, people press buttons. */
function formPage(shell: Shell, { title, body, action, submit }: FormPage): string {
  return page(shell, {
    title,
    body: html`${body}
<form class="gh-form" method="post" action="${action}">
<p class="gh-submit"><button type="submit">${submit}</button></p>
</form>`,
  });
}

/** A comment as the page of a decision shows it: text alone. */
export interface ShownInMail {
  name: string | null;
  title: string | null;
  text: string;
}

function shown({ name, title, text }: ShownInMail, words: Words): SafeHtml {
  const where = title !== null && html` ${say(words.mail.decide.on, { title: html`<bdi>${title}</bdi>` })}`;
  return html`<blockquote class="gh-quote">
<p><strong><bdi>${name ?? words.thread.anonymous}</bdi></strong>${where}</p>
<p dir="auto" class="gh-said">${text}</p>
</blockquote>`;
}

const dashboardLink = (words: Words, base: string): SafeHtml =>
  html`<p><a href="${base}/moderate/">${words.mail.decide.dashboard}</a></p>`;

export interface DecisionPage extends MailPlace {
  action: MailAction;
  comment: ShownInMail;
}

export function offerPage(options: DecisionPage & { moderator: string; formAction: string }): string {
  const words = wordsFor(options.locale);
  const { title, submit } = words.mail.decide[options.action];
  const as = say(words.mail.decide.as, { name: html`<bdi>${options.moderator}</bdi>` });
  const body = html`${shown(options.comment, words)}\n<p>${as}</p>`;
  return formPage(shellOf(options, words), { title, body, action: options.formAction, submit });
}

export function decidedPage(options: DecisionPage & { isFirstOfTwo: boolean }): string {
  const words = wordsFor(options.locale);
  const { done } = words.mail;
  const title = done[options.isFirstOfTwo ? 'first' : options.action];
  const body = html`${shown(options.comment, words)}
<p role="status">${options.isFirstOfTwo && html`${done.firstText} `}${done.text}</p>
${dashboardLink(words, options.base)}`;
  return page(shellOf(options, words), { title, body });
}

export function changedPage(options: DecisionPage & { status: CommentStatus; by: string | null }): string {
  const words = wordsFor(options.locale);
  const { title, text, by } = words.mail.changed;
  const who = options.by !== null && html` ${say(by, { name: html`<bdi>${options.by}</bdi>` })}`;
  const body = html`${shown(options.comment, words)}
<p role="alert">${say(text, { status: words.mail.status[options.status] })}${who}</p>
${dashboardLink(words, options.base)}`;
  return page(shellOf(options, words), { title, body });
}

/** Of readers, and of moderators who want to hear no more. */
export type MailQuestion = 'confirm' | 'unsubscribe' | 'quiet';

export interface QuestionPage extends MailPlace {
  kind: MailQuestion;
  /** The site's name; '' where it is about all of them. */
  site: string;
}

/** What is asked, and what is said once it was answered. */
interface Exchange {
  language: string;
  question: { title: string; text: string; submit: string };
  answer: { title: string; text: string };
}

function exchangeOf({ kind, locale }: QuestionPage): Exchange {
  if (kind === 'quiet') {
    const { language, mail } = wordsFor(locale);
    return { language, question: mail.quiet, answer: mail.quieted };
  }
  const { language, words } = readerSpeech(locale);
  if (kind === 'confirm') {
    const { askTitle, askText, askSubmit, askedTitle, askedText } = words;
    const question = { title: askTitle, text: askText, submit: askSubmit };
    return { language, question, answer: { title: askedTitle, text: askedText } };
  }
  const { leaveTitle, leaveText, leaveSubmit, leftTitle, leftText } = words;
  const question = { title: leaveTitle, text: leaveText, submit: leaveSubmit };
  return { language, question, answer: { title: leftTitle, text: leftText } };
}

export function questionPage(options: QuestionPage & { formAction: string }): string {
  const { language, question } = exchangeOf(options);
  const { title, text, submit } = question;
  const body = html`<p>${say(text, { site: html`<bdi>${options.site}</bdi>` })}</p>`;
  return formPage(shellOf(options, { language }), { title, body, action: options.formAction, submit });
}

export function answeredPage(options: QuestionPage): string {
  const { language, answer } = exchangeOf(options);
  const { title, text } = answer;
  const body = html`<p role="status">${say(text, { site: html`<bdi>${options.site}</bdi>` })}</p>`;
  return page(shellOf(options, { language }), { title, body });
}

/** Of a link that is over, or none of ours. */
export function overPage({ forReader, ...place }: MailPlace & { forReader: boolean }): string {
  const words = wordsFor(place.locale);
  const { title, text } = forReader ? words.mail.readerOver : words.mail.over;
  const body = html`<p role="alert">${text}</p>${!forReader && html`\n${dashboardLink(words, place.base)}`}`;
  return page(shellOf(place, words), { title, body });
}
