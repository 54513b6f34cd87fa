import type { Standing } from '../authors/standing.ts';
import { spokenOf } from '../authors/standings.ts';
import { presentComment, timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { AuthorMessage, CommentMessage, Delivery, Message } from './delivery.ts';

type Ports = Pick<Deps, 'comments' | 'sites' | 'authors' | 'clock' | 'publicUrl'>;

async function commentData(deps: Ports, message: CommentMessage): Promise<object | null> {
  const { commentId: id, site: siteId, version, revision, status } = message;
  if (message.type === 'comment.deleted') return { id, site: siteId, version };
  const [comment, site] = await Promise.all([deps.comments.find(id), deps.sites.find(siteId)]);
  // The site was removed, and its comments with it.
  if (!comment || !site) return null;
  const [page = null] = await deps.sites.findPagesByKey(siteId, [comment.pageKey]);
  const shown = presentComment(comment, { site, page, publicUrl: deps.publicUrl });
  // Of another revision is the text of another event, which may never have been approved.
  const body = comment.revision === revision ? shown.body : null;
  const { previousStatus, cause, decision } = message;
  return { comment: { ...shown, body, status, version, revision }, previousStatus, cause, decision };
}

/** Where nobody said anything, and not what their comments said then, these speak: as they do now. */
async function authorData(
  deps: Ports,
  { site: siteId, key, from, to }: AuthorMessage,
): Promise<object | null> {
  const [site, entry, judgement] = await Promise.all([
    deps.sites.find(siteId),
    deps.authors.find(key),
    deps.authors.findStanding(key),
  ]);
  // A word that was taken back leaves its record; only an erasure takes that, and then nobody goes by that key.
  if (!site || !judgement) return null;
  const said = async (standing: Standing | null) =>
    standing ?? spokenOf(deps, site, { key, name: entry?.name ?? null });
  return { author: { key, site: siteId, standing: await said(to) }, previous: await said(from) };
}

function dataOf(deps: Ports, message: Message, receiver: string): Promise<object | null> {
  switch (message.type) {
    case 'webhook.test':
      return Promise.resolve({ webhookId: receiver });
    case 'author.changed':
      return authorData(deps, message);
    // Outside filters have their own bodies, and mail its letters.
    case 'comment.check':
    case 'comment.decided':
    case 'filter.replay':
    case 'mail.notice':
    case 'mail.digest':
    case 'mail.confirm':
    case 'mail.reply':
    case 'mail.reset':
      return Promise.resolve(null);
    default:
      return commentData(deps, message);
  }
}

/** What is sent, made at each try of what is there then; null where nothing is left to tell of. */
export async function bodyOf(deps: Ports, { message, receiver }: Delivery): Promise<string | null> {
  const data = await dataOf(deps, message, receiver);
  return data && JSON.stringify({ type: message.type, timestamp: timestamp(message.at), data });
}
