import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { OutgoingMail } from '../outgoing/outgoing.ts';
import { presentPage } from '../sites/pages.ts';
import type { Page, Site } from '../sites/site.ts';
import { dateText } from '../text/dates.ts';
import type { Delivery } from '../webhooks/delivery.ts';
import { type Block, type Content, htmlOf, plainOf } from './content.ts';
import { cut, headerText, type Speech, say } from './words.ts';

export type Ports = Pick<
  Deps,
  'comments' | 'sites' | 'staff' | 'subscriptions' | 'keys' | 'clock' | 'publicUrl'
>;

/** In characters. */
const SUBJECT = 160;
const NAME = 60;
const TITLE = 80;
const EXCERPT = 400;

/** A comment with what it stands in. */
export interface Placed {
  comment: Comment;
  site: Site;
  page: Page | null;
}

/** The comment where it is still there and holds a text; null where there is nothing to tell of. */
export async function place(deps: Ports, site: Site, commentId: string): Promise<Placed | null> {
  const comment = await deps.comments.find(commentId);
  if (!comment || comment.site !== site.id || comment.deletedAt !== null) return null;
  const [page = null] = await deps.sites.findPagesByKey(site.id, [comment.pageKey]);
  return { comment, site, page };
}

/** Names as sentences of a mail hold them. The author's own address was masked in them when they came in. */
export function namesOf({ comment, site, page }: Placed, { words }: Speech) {
  const title = presentPage(site, page).title;
  return {
    name: cut(comment.author.name ?? words.someone, NAME),
    title: cut(title ?? say(words.untitled, { site: site.name }), TITLE),
    site: cut(site.name, NAME),
  };
}

/** What was written, and where. */
export function quote(placed: Placed, speech: Speech): Block {
  const { comment, site } = placed;
  const date = dateText(site, new Date(comment.createdAt).toISOString());
  const { name, title } = namesOf(placed, speech);
  const where = say(speech.words.on, { title, date });
  return { kind: 'quote', name, where, text: cut(comment.text ?? '', EXCERPT) };
}

/** The host that ids of messages are made under; nobody looks it up. */
const hostOf = (publicUrl: string): string => new URL(publicUrl).hostname;

export interface Envelope {
  to: string;
  /** Whose name it comes under. */
  from: string;
  /** What mails are shown together by: one word for one thread. */
  thread: string;
  headers?: Record<string, string>;
}

/**
 * RFC 2369 and RFC 8058: a mail program's own button ends such mail by one POST to the address.
 *
 * @param list what kind of mail it is, in words of letters, digits and hyphens with dots between
 */
export const listHeaders = (list: string, leave: string): Record<string, string> => ({
  'List-Id': `<${list}.${new URL(leave).hostname}>`,
  'List-Unsubscribe': `<${leave}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
});

/** A mail from its content. Its id is the delivery's: every try sends the same one. */
export function letterOf(
  { publicUrl }: Pick<Deps, 'publicUrl'>,
  delivery: Delivery,
  { envelope, content }: { envelope: Envelope; content: Content },
): OutgoingMail {
  const { to, from, thread, headers = {} } = envelope;
  const host = hostOf(publicUrl);
  const subject = headerText(content.subject, SUBJECT);
  return {
    fromName: headerText(from, NAME),
    to,
    subject,
    text: plainOf(content),
    html: htmlOf({ ...content, subject }),
    messageId: `<${delivery.id}@${host}>`,
    thread: `<${thread}@${host}>`,
    headers,
  };
}
