import { openEmail, revealEmail } from '../authors/email.ts';
import type { NoteCommand } from '../comments/commands.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { findInScope, planDecisionId, presentChanged } from './decide.ts';
import type { ModeratedComment } from './moderated-comment.ts';
import { presentModerated } from './moderated-comment.ts';

/** Acts of a person that change no status, and stand in the history and the audit. */

function noteOf(
  deps: Deps,
  principal: Principal,
  { id, ...rest }: { id: string } & Pick<NoteCommand, 'action' | 'pinned'>,
): NoteCommand {
  const at = deps.clock.now();
  return { kind: 'note', decisionId: planDecisionId(deps, id), at, by: actorOf(principal), ...rest };
}

/**
 * The address of a comment's author, in letters: the one answer to a moderator that has it. That it was
 * asked for is durable before it is told. Throws `not-found` where there is none.
 */
export async function revealAddress(
  deps: Deps,
  principal: Principal,
  id: string,
): Promise<{ email: string }> {
  const { comment, site } = await findInScope(deps, principal, id);
  const address = comment.author.email === null ? null : openEmail(comment.author.email, deps.keys, site.id);
  if (address === null) throw new AppError('not-found');
  const result = await deps.comments.change(id, noteOf(deps, principal, { id, action: 'reveal' }));
  // Its author took it away meanwhile, and the address with it.
  if (result.refused !== undefined) throw new AppError('not-found');
  return { email: revealEmail(address) };
}

/** Marks a comment for readers, or takes the mark away. Throws `comment-deleted`. */
export async function highlightComment(
  deps: Deps,
  principal: Principal,
  { id, pinned }: { id: string; pinned: boolean },
): Promise<{ comment: ModeratedComment }> {
  const { comment } = await findInScope(deps, principal, id);
  if (comment.pinned === pinned && comment.deletedAt === null) {
    const [shown] = await presentModerated(deps, [comment]);
    if (shown) return { comment: shown };
  }
  const note = noteOf(deps, principal, { id, action: 'highlight', pinned });
  return { comment: await presentChanged(deps, await deps.comments.change(id, note)) };
}
