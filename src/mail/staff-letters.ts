import { isReported } from '../comments/comment.ts';
import { siteScope } from '../comments/counts.ts';
import type { OutgoingMail } from '../outgoing/outgoing.ts';
import type { Site } from '../sites/site.ts';
import { showEmail } from '../staff/address.ts';
import type { Moderator } from '../staff/moderator.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import type { Block, Content } from './content.ts';
import {
  type Envelope,
  letterOf,
  listHeaders,
  namesOf,
  type Placed,
  type Ports,
  place,
  quote,
} from './letter.ts';
import type { DigestMessage, NoticeMessage } from './message.ts';
import { moderatorOf } from './staff-of-site.ts';
import { ACTION_LIFE, actionToken, MAIL_ACTIONS, mailUrl, quietToken } from './tokens.ts';
import { type Speech, type StaffWords, say, staffSpeech } from './words.ts';

/** Comments in one mail: the rest is a number and a link. */
const MOST_IN_A_DIGEST = 10;
const HOUR = 3_600_000;

interface Told {
  site: Site;
  moderator: Moderator;
  speech: Speech<StaffWords>;
}

/** Whom the mail is for, in their own language or the site's; null where it is not wanted any more, or they went. */
async function toldOf(deps: Ports, message: NoticeMessage | DigestMessage): Promise<Told | null> {
  const site = await deps.sites.find(message.site);
  if (!site || site.policy.notify.moderators === 'off') return null;
  const moderator = await moderatorOf(deps, message);
  if (moderator?.notices === 'off') return null;
  return moderator && { site, moderator, speech: staffSpeech(moderator.locale ?? site.locale) };
}

/** A link for each action, good for this moderator and for the comment as it is. */
function actionsOn(deps: Ports, { comment }: Placed, { moderator, speech }: Told): Block {
  const until = deps.clock.now() + ACTION_LIFE;
  const links = MAIL_ACTIONS.map((action) => {
    const { id: commentId, version } = comment;
    const token = actionToken(deps.keys, { moderator: moderator.id, action, commentId, version, until });
    return { label: speech.words.actions[action], url: mailUrl(deps.publicUrl, 'decide', token) };
  });
  return { kind: 'links', links };
}

/** Where they end such mail, for all sites. */
const quietUrl = ({ publicUrl, keys }: Ports, { moderator }: Told): string =>
  mailUrl(publicUrl, 'quiet', quietToken(keys, moderator));

const envelopeOf = (deps: Ports, told: Told, thread: string): Envelope => ({
  to: showEmail(deps.keys, told.moderator),
  from: told.site.name,
  thread,
  headers: listHeaders(`notices.${told.site.id}`, quietUrl(deps, told)),
});

/** `place`: where in the dashboard, behind its `#`. */
function ending(deps: Ports, told: Told, place: string): Block[] {
  const { site, speech } = told;
  const { words, number } = speech;
  return [
    { kind: 'smallLink', label: words.dashboard, url: `${deps.publicUrl}/moderate/#${place}` },
    { kind: 'small', text: say(words.linksNote, { hours: number(ACTION_LIFE / HOUR) }) },
    { kind: 'small', text: say(words.staffNote, { site: site.name }) },
    { kind: 'smallLink', label: words.quiet, url: quietUrl(deps, told) },
  ];
}

/** Of one comment. Null where somebody has decided meanwhile, or it is gone. */
export async function noticeLetter(
  deps: Ports,
  delivery: Delivery,
  message: NoticeMessage,
): Promise<OutgoingMail | null> {
  const told = await toldOf(deps, message);
  const placed = told && (await place(deps, told.site, message.commentId));
  if (!told || !placed) return null;
  const { comment } = placed;
  const about = comment.status === 'pending' ? 'waiting' : isReported(comment) ? 'reported' : null;
  if (about === null) return null;
  const { words, language } = told.speech;
  const content: Content = {
    language,
    subject: say(words[about].subject, namesOf(placed, told.speech)),
    heading: words[about].heading,
    blocks: [
      quote(placed, told.speech),
      actionsOn(deps, placed, told),
      ...ending(deps, told, `/comments/${comment.id}`),
    ],
  };
  const envelope = envelopeOf(deps, told, `page.${told.site.id}.${comment.pageKey}`);
  return letterOf(deps, delivery, { envelope, content });
}

/** The longest waiting, and where none waits the longest reported. */
async function oldestOf(deps: Ports, site: Site, status: 'pending' | 'reported'): Promise<Placed[]> {
  const comments = await deps.comments.queue({
    sites: [site.id],
    status,
    sort: 'oldest',
    limit: MOST_IN_A_DIGEST,
  });
  const keys = [...new Set(comments.map(({ pageKey }) => pageKey))];
  const pages = new Map((await deps.sites.findPagesByKey(site.id, keys)).map((page) => [page.key, page]));
  return comments.map((comment) => ({ comment, site, page: pages.get(comment.pageKey) ?? null }));
}

/** Of everything that waits on the site. Null where nothing does. */
export async function digestLetter(
  deps: Ports,
  delivery: Delivery,
  message: DigestMessage,
): Promise<OutgoingMail | null> {
  const told = await toldOf(deps, message);
  if (!told) return null;
  const { site, speech } = told;
  const counts = (await deps.comments.counts([siteScope(site.id)])).get(siteScope(site.id));
  const { pending = 0, reported = 0 } = counts ?? {};
  if (pending + reported === 0) return null;
  const { words, count, language } = speech;
  const shown = await oldestOf(deps, site, pending > 0 ? 'pending' : 'reported');
  const forms = pending > 0 ? words.digest.subject : words.digest.reportedSubject;
  const heading = count(forms, pending > 0 ? pending : reported, { site: site.name });
  const more = (pending > 0 ? pending : reported) - shown.length;
  const blocks: Block[] = [
    ...(pending > 0 && reported > 0
      ? [{ kind: 'text' as const, text: count(words.digest.reported, reported) }]
      : []),
    ...shown.flatMap((placed) => [quote(placed, speech), actionsOn(deps, placed, told)]),
    ...(more > 0 ? [{ kind: 'text' as const, text: count(words.digest.more, more) }] : []),
    ...ending(deps, told, `/queue?site=${site.id}`),
  ];
  const envelope = envelopeOf(deps, told, `queue.${site.id}`);
  return letterOf(deps, delivery, { envelope, content: { language, subject: heading, heading, blocks } });
}
