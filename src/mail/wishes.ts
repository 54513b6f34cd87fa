import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';

/** Keeps that the author of a comment wants mail about answers. Durable once fulfilled. */
export async function keepWish(
  { subscriptions }: Pick<Deps, 'subscriptions'>,
  { id, site, author, createdAt }: Comment,
): Promise<void> {
  const { key: reader, email } = author;
  if (reader === null || email === null) return;
  await subscriptions.add({ commentId: id, site, reader, email, createdAt });
}
