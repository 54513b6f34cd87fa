import type { Comment } from '../../comments/comment.ts';
import type { AppError } from '../../errors.ts';
import { type OfferedDecision, readOffer, takeOffer } from '../../mail/decision.ts';
import { readQuietLink, takeQuietLink } from '../../mail/quiet.ts';
import {
  confirmReplies,
  type ReaderAtLink,
  readConfirmation,
  readUnsubscription,
  unsubscribe,
} from '../../mail/readers.ts';
import { MAIL_PATHS } from '../../mail/tokens.ts';
import { presentPage } from '../../sites/pages.ts';
import { basePath } from '../pages/layout.ts';
import {
  answeredPage,
  changedPage,
  decidedPage,
  type MailQuestion,
  offerPage,
  overPage,
  questionPage,
} from '../pages/mail-page.ts';
import { mailSecurity } from '../pages/page-headers.ts';
import type { Reply } from '../reply.ts';
import type { App, Context, Operation } from '../route.ts';
import { queryToken } from './account-pages.ts';
import { isHttps, pageReply, problemPageReply } from './page-replies.ts';

const NO_STORE = ['Cache-Control', 'no-store'];

interface MailReply {
  status?: number;
  markup: string;
  locale: string;
}

function reply(app: App, { status = 200, markup, locale: language }: MailReply): Reply {
  return pageReply({ status, markup, language, security: mailSecurity(isHttps(app)), headers: NO_STORE });
}

const baseOf = ({ config }: App): string => basePath(config.publicUrl);

const formAction = (app: App, kind: keyof typeof MAIL_PATHS, token: string): string =>
  `${baseOf(app)}${MAIL_PATHS[kind]}?token=${encodeURIComponent(token)}`;

/** Of these the words of all problem pages are right: there is no such page, or the link was cut short. */
const NO_SUCH_PAGE: ReadonlySet<string> = new Set(['method-not-allowed', 'malformed-url']);

/** A link that is over, with the status and headers it would have as JSON; any other problem as everywhere. */
const whereOver =
  (forReader: boolean) =>
  (error: AppError, context: Context, app: App): Promise<Reply> => {
    if (NO_SUCH_PAGE.has(error.code)) return problemPageReply(error, context, app);
    if (error.code !== 'not-found') return problemPageReply(error, context, app, { code: 'other' });
    const locale = context.language;
    const markup = overPage({ locale, base: baseOf(app), forReader });
    return Promise.resolve(reply(app, { status: error.status, markup, locale }));
  };

/** As its moderator reads: in their own language, else the site's. */
function described(app: App, { action, comment, site, page, moderator }: OfferedDecision) {
  return {
    locale: moderator.locale ?? site.locale,
    base: baseOf(app),
    action,
    comment: {
      name: comment.author.name,
      title: presentPage(site, page).title,
      text: comment.text ?? '',
    },
  };
}

/** Where a comment stands by now, and by whose word, for those who came too late. */
const standing = ({ status, decidedBy }: Comment) => ({ status, by: decidedBy?.name ?? null });

export const decisionPage: { show: Operation; take: Operation } = {
  show: {
    name: 'showMailDecision',
    summary: 'The page behind a link of a moderator’s mail: the comment and a button. It changes nothing.',
    answers: { 200: 'An HTML page' },
    types: ['text/html'],
    problems: ['not-found'],
    presentProblem: whereOver(false),
    async handle(context, app) {
      const token = queryToken(context);
      const offer = await readOffer(app.deps, token);
      const shown = described(app, offer);
      const { locale } = shown;
      if (!offer.stands) {
        const markup = changedPage({ ...shown, ...standing(offer.comment) });
        return reply(app, { markup, locale });
      }
      const to = formAction(app, 'decide', token);
      const markup = offerPage({ ...shown, moderator: offer.moderator.name, formAction: to });
      return reply(app, { markup, locale });
    },
  },
  take: {
    name: 'sendMailDecision',
    summary: 'Decides as the link of a mail says, in its moderator’s name, once.',
    answers: { 200: 'An HTML page', 409: 'An HTML page: somebody has decided meanwhile' },
    types: ['text/html'],
    problems: ['not-found'],
    presentProblem: whereOver(false),
    async handle(context, app) {
      const decision = await takeOffer(app.deps, queryToken(context));
      const shown = described(app, decision);
      const { locale } = shown;
      const { done, comment, isFirstOfTwo } = decision;
      const markup = done
        ? decidedPage({ ...shown, isFirstOfTwo })
        : changedPage({ ...shown, ...standing(comment) });
      return reply(app, { status: done ? 200 : 409, markup, locale });
    },
  },
};

/** Whom a question is put to. */
interface Asked {
  locale: string;
  /** The name of the site that it is about; '' where it is about all of them. */
  site: string;
}

interface QuestionPages<At> {
  kind: MailQuestion;
  names: { show: string; take: string };
  summaries: { show: string; take: string };
  look(deps: App['deps'], token: string): Promise<At>;
  act(deps: App['deps'], token: string): Promise<At>;
  asked(at: At, context: Context): Asked;
}

function questionPages<At>({ kind, names, summaries, look, act, asked }: QuestionPages<At>): {
  show: Operation;
  take: Operation;
} {
  const answers = { 200: 'An HTML page' };
  const types = ['text/html'];
  const problems = ['not-found'] as const;
  const presentProblem = whereOver(kind !== 'quiet');
  const place = (context: Context, app: App, at: At) => ({
    ...{ kind, base: baseOf(app), ...asked(at, context) },
  });
  return {
    show: {
      ...{ name: names.show, summary: summaries.show, answers, types, problems, presentProblem },
      async handle(context, app) {
        const token = queryToken(context);
        const shown = place(context, app, await look(app.deps, token));
        const markup = questionPage({ ...shown, formAction: formAction(app, kind, token) });
        return reply(app, { markup, locale: shown.locale });
      },
    },
    take: {
      ...{ name: names.take, summary: summaries.take, answers, types, problems, presentProblem },
      async handle(context, app) {
        const shown = place(context, app, await act(app.deps, queryToken(context)));
        return reply(app, { markup: answeredPage(shown), locale: shown.locale });
      },
    },
  };
}

const askedReader = ({ site }: ReaderAtLink): Asked => ({ locale: site.locale, site: site.name });

export const confirmationPage = questionPages({
  kind: 'confirm',
  names: { show: 'showConfirmation', take: 'sendConfirmation' },
  summaries: {
    show: 'The page behind the link of a confirming mail: a button. It changes nothing.',
    take: 'The reader wants mail about answers.',
  },
  look: readConfirmation,
  act: confirmReplies,
  asked: askedReader,
});

export const unsubscribePage = questionPages({
  kind: 'unsubscribe',
  names: { show: 'showUnsubscribe', take: 'sendUnsubscribe' },
  summaries: {
    show: 'The page behind a reader’s way out: a button. It changes nothing.',
    take: 'Ends mail about answers on a site. Mail programs send it by themselves (RFC 8058).',
  },
  look: readUnsubscription,
  act: unsubscribe,
  asked: askedReader,
});

export const quietPage = questionPages({
  kind: 'quiet',
  names: { show: 'showQuiet', take: 'sendQuiet' },
  summaries: {
    show: 'The page behind a moderator’s way out of notices: a button. It changes nothing.',
    take: 'Ends a moderator’s mail about what waits. Mail programs send it by themselves (RFC 8058).',
  },
  look: readQuietLink,
  act: takeQuietLink,
  asked: ({ locale }, { language }) => ({ locale: locale ?? language, site: '' }),
});
