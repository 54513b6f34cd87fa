import type { CommentEvent } from '../comments/event.ts';
import type { Site } from '../sites/site.ts';
import type { Moderator } from '../staff/moderator.ts';
import { seesSite } from '../staff/principal.ts';
import { type Delivery, newDelivery } from '../webhooks/delivery.ts';
import { MAIL, type MailMessage, type NoticeMessage } from './message.ts';
import { nextHour, nextMorning } from './slots.ts';
import type { Subscription } from './subscription-store.ts';

/** What planning needs to know beside the events. */
export interface PlanningFacts {
  sites: ReadonlyMap<string, Site>;
  staff: readonly Moderator[];
  /** By comment: those that came to be visible, and those that they answer. */
  subscriptions: ReadonlyMap<string, Subscription>;
  /** By comment: what it answers, and who wrote it. */
  replies: ReadonlyMap<string, { parentId: string | null; authorKey: string | null; createdAt: number }>;
  now: number;
}

const DAY = 24 * 3_600_000;
/** The day's beginning: what is told of once a day has one moment, and with it one id. */
const dayOf = (at: number): number => Math.floor(at / DAY) * DAY;

/** Whether moderators have something to do that they had not before. What a person puts back into the queue is known. */
export function waitsAnew({
  type,
  from,
  to,
  act,
}: Pick<CommentEvent, 'type' | 'from' | 'to' | 'act'>): boolean {
  if (type === 'reported') return true;
  // Where a site wants two, the first approval leaves it waiting for the second.
  if (type === 'decided' && act?.action === 'approve') return from === 'pending' && to === 'pending';
  return to === 'pending' && from !== 'pending' && ['created', 'edited', 'judged'].includes(type);
}

/** Whether it is published by this. */
export const isPublished = ({ from, to }: Pick<CommentEvent, 'from' | 'to'>): boolean =>
  to === 'approved' && from !== 'approved';

/** Whether its author may be asked about mail: what is spam or rejected writes to nobody. */
export const mayAsk = (event: Pick<CommentEvent, 'type' | 'from' | 'to'>): boolean =>
  isPublished(event) || (event.type === 'created' && event.to === 'pending');

/** `unique`: of however many plannings it makes one mail. */
function mail(message: MailMessage, unique: string, dueAt: number): Delivery {
  return newDelivery(MAIL, message, { event: unique, now: dueAt });
}

/** What waits by then, in one mail; asked for any number of times it is one. */
export function digestAt(slot: number, { site, moderator }: { site: string; moderator: string }): Delivery {
  const message: MailMessage = { type: 'mail.digest', at: slot, site, moderator };
  return mail(message, `${site}/${moderator}/${slot}`, slot);
}

/** The same notice once more, instead of the delivery of that id. */
export function noticeLater(
  message: NoticeMessage,
  { instead, at }: { instead: string; at: number },
): Delivery {
  return mail({ ...message, later: true }, `${instead}/later`, at);
}

function dueToStaff(event: CommentEvent, facts: PlanningFacts): Delivery[] {
  const site = facts.sites.get(event.site);
  const ofSite = site?.policy.notify.moderators ?? 'off';
  if (!site || ofSite === 'off' || !waitsAnew(event)) return [];
  // Whoever gave the first of two approvals can't give the second.
  const people = facts.staff.filter((one) => seesSite(one, site.id) && one.id !== event.act?.by.id);
  const { commentId, version, at } = event;
  return people.flatMap(({ id: moderator, notices }) => {
    const to = { site: site.id, moderator };
    // Their own choice goes before the site's, but for its own silence.
    const often = notices ?? ofSite;
    if (often === 'off') return [];
    if (often === 'each') {
      // Further reports of the same thing on one day are no news.
      const [moment, what] =
        event.type === 'reported' ? [dayOf(at), `reported/${commentId}/${version}`] : [at, event.id];
      const message: MailMessage = { type: 'mail.notice', at: moment, commentId, ...to };
      return mail(message, `${what}/${moderator}`, facts.now);
    }
    const next = often === 'hourly' ? nextHour : nextMorning;
    return digestAt(next(site.timeZone, at), to);
  });
}

/** At most one question to an address in a day, whatever is posted under it. */
function dueQuestion(event: CommentEvent, facts: PlanningFacts): Delivery[] {
  const asked = facts.subscriptions.get(event.commentId);
  if (!asked || asked.confirmedAt !== null || !mayAsk(event)) return [];
  const { commentId, site, at } = event;
  const message: MailMessage = { type: 'mail.confirm', at: dayOf(at), site, commentId };
  return [mail(message, asked.reader, facts.now)];
}

function dueAnswer(event: CommentEvent, facts: PlanningFacts): Delivery[] {
  const reply = facts.replies.get(event.commentId);
  if (!isPublished(event) || !reply || reply.parentId === null) return [];
  const { parentId, authorKey, createdAt } = reply;
  const wanted = facts.subscriptions.get(parentId);
  // Nobody is told of what they said themselves, nor of what was there before they wanted to be told. Who wanted it at a
  // moment that has yet to come did so before their clock was set back.
  if (!wanted || wanted.confirmedAt === null || wanted.reader === authorKey) return [];
  const { commentId, site, at } = event;
  if (at < wanted.confirmedAt && wanted.confirmedAt <= facts.now) return [];
  // By the moment of its posting: however often it is published, its mail has one id.
  const message: MailMessage = { type: 'mail.reply', at: createdAt, site, commentId, parentId };
  return [mail(message, `${commentId}/${parentId}`, facts.now)];
}

/** The mails that events are due, each once. Planned again they are the same. */
export function dueMail(events: readonly CommentEvent[], facts: PlanningFacts): Delivery[] {
  const found = events.flatMap((event) => {
    const ofReaders = facts.sites.get(event.site)?.policy.notify.replies
      ? [...dueQuestion(event, facts), ...dueAnswer(event, facts)]
      : [];
    return [...dueToStaff(event, facts), ...ofReaders];
  });
  return [...new Map(found.map((delivery) => [delivery.id, delivery])).values()];
}
