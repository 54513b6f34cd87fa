import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { Site } from '../sites/site.ts';

/** Whether readers of the site can have mail about answers: it wants them to, and there is a way out for it. */
export function offersReplies({ post }: Pick<Deps, 'post'>, { policy }: Pick<Site, 'policy'>): boolean {
  return post !== null && policy.notify.replies;
}

/** Keeps that the author of a comment wants mail about answers. Durable once fulfilled. */
export async function keepWish(
  { subscriptions }: Pick<Deps, 'subscriptions'>,
  { id, site, author, createdAt }: Comment,
): Promise<void> {
  const { key: reader, email } = author;
  if (reader === null || email === null) return;
  await subscriptions.add({ commentId: id, site, reader, email, createdAt });
}
