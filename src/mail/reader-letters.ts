import { openEmail, revealEmail } from '../authors/email.ts';
import { isVisible } from '../comments/comment.ts';
import { NO_COUNTS, pageScope } from '../comments/counts.ts';
import type { OutgoingMail } from '../outgoing/outgoing.ts';
import { presentPage } from '../sites/pages.ts';
import type { Site } from '../sites/site.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { Content } from './content.ts';
import { letterOf, listHeaders, namesOf, type Placed, type Ports, place, quote } from './letter.ts';
import type { ConfirmMessage, ReplyMessage } from './message.ts';
import type { Subscription } from './subscription-store.ts';
import { CONFIRM_LIFE, confirmToken, mailUrl, unsubscribeToken } from './tokens.ts';
import { readerSpeech, say } from './words.ts';

const DAY = 24 * 3_600_000;

interface Wanted {
  site: Site;
  subscription: Subscription;
  /** Whoever is written to is the one who is told: the address itself. */
  to: string;
}

/** The wish as it stands; null where the site writes to no reader any more, or it was taken back. */
async function wantedFor(deps: Ports, siteId: string, commentId: string): Promise<Wanted | null> {
  const site = await deps.sites.find(siteId);
  if (!site?.policy.notify.replies) return null;
  const [subscription] = await deps.subscriptions.ofComments([commentId]);
  const email = subscription && openEmail(subscription.email, deps.keys, site.id);
  return subscription && email ? { site, subscription, to: revealEmail(email) } : null;
}

const threadOf = (commentId: string): string => `replies.${commentId}`;

/**
 * What the question is about, without the page's title where no comment of that page is shown: then nobody of the site
 * may have seen it, and a stranger's words would go to whatever address they name.
 */
async function shownPlaceOf(deps: Ports, site: Site, commentId: string): Promise<Placed | null> {
  const placed = await place(deps, site, commentId);
  if (!placed?.page) return placed;
  const scope = pageScope(site.id, placed.page.key);
  const { approved } = (await deps.comments.counts([scope])).get(scope) ?? NO_COUNTS;
  return approved > 0 ? placed : { ...placed, page: null };
}

/** The question whether the wish is theirs; null where it was answered, or its comment is not to be shown. */
export async function confirmLetter(
  deps: Ports,
  delivery: Delivery,
  message: ConfirmMessage,
): Promise<OutgoingMail | null> {
  const wanted = await wantedFor(deps, message.site, message.commentId);
  if (!wanted || wanted.subscription.confirmedAt !== null) return null;
  const { site, subscription, to } = wanted;
  const placed = await shownPlaceOf(deps, site, message.commentId);
  if (!placed || !['pending', 'approved'].includes(placed.comment.status)) return null;
  const speech = readerSpeech(site.locale);
  const { words, count, language } = speech;
  const names = namesOf(placed, speech);
  const until = deps.clock.now() + CONFIRM_LIFE;
  const url = mailUrl(deps.publicUrl, 'confirm', confirmToken(deps.keys, subscription, until));
  const content: Content = {
    language,
    subject: say(words.confirmSubject, names),
    heading: words.confirmHeading,
    blocks: [
      { kind: 'text', text: say(words.confirmText, names) },
      { kind: 'links', links: [{ label: words.confirmButton, url }] },
      { kind: 'small', text: count(words.confirmIgnore, CONFIRM_LIFE / DAY) },
    ],
  };
  const envelope = { to, from: site.name, thread: threadOf(message.commentId) };
  return letterOf(deps, delivery, { envelope, content });
}

/** Word of an answer; null where it is not to be seen, its reader left, or took back what it answers. */
export async function replyLetter(
  deps: Ports,
  delivery: Delivery,
  message: ReplyMessage,
): Promise<OutgoingMail | null> {
  const wanted = await wantedFor(deps, message.site, message.parentId);
  if (!wanted || wanted.subscription.confirmedAt === null) return null;
  const { site, subscription, to } = wanted;
  const [reply, parent] = await Promise.all([
    place(deps, site, message.commentId),
    place(deps, site, message.parentId),
  ]);
  if (!reply || !parent || !isVisible(reply.comment)) return null;
  const speech = readerSpeech(site.locale);
  const { words, language } = speech;
  const names = namesOf(reply, speech);
  const leave = mailUrl(deps.publicUrl, 'unsubscribe', unsubscribeToken(deps.keys, subscription));
  const { url } = presentPage(site, reply.page);
  const content: Content = {
    language,
    subject: say(words.replySubject, names),
    heading: say(words.replyHeading, names),
    blocks: [
      quote(reply, speech),
      ...(url === null
        ? []
        : [
            {
              kind: 'links' as const,
              links: [{ label: words.replyRead, url: `${url}#comment-${reply.comment.id}` }],
            },
          ]),
      { kind: 'small', text: say(words.replyWhy, names) },
      { kind: 'smallLink', label: say(words.replyUnsubscribe, names), url: leave },
    ],
  };
  const headers = listHeaders(`replies.${site.id}`, leave);
  const envelope = { to, from: site.name, thread: threadOf(message.parentId), headers };
  return letterOf(deps, delivery, { envelope, content });
}
