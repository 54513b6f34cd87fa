import { openEmail } from '../authors/email.ts';
import { authorForScreening } from '../authors/screened.ts';
import type { Comment, PhaseOutcome } from '../comments/comment.ts';
import { locateComment } from '../comments/locate.ts';
import { screenAgain } from '../comments/screen-again.ts';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { siteOnPage } from '../sites/page-rules.ts';
import type { Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf } from '../staff/principal.ts';
import { findInScope, planDecisionId, presentChanged } from './decide.ts';
import type { ModeratedComment } from './moderated-comment.ts';

/** Phases that saw what is stored nowhere: how the form was filled in, what else had come by then. What they said then stands. */
const OF_THE_SENDING = new Set(['trap', 'too-soon', 'duplicate', 'own-email']);

async function outcomesNow(deps: Deps, site: Site, comment: Comment): Promise<PhaseOutcome[]> {
  const { screening, text, author } = comment;
  if (text === null) throw new AppError('comment-deleted');
  const screened = await screenAgain(deps, {
    site,
    comment,
    text,
    address: author.email === null ? null : openEmail(author.email, deps.keys, site.id),
    author: await authorForScreening(deps, site, author),
    ownAddressShown: false,
    turnedLetters: screening.some(({ code }) => code === 'turned-letters'),
  });
  return screened.screening.map((now) => {
    const then = OF_THE_SENDING.has(now.phase) && screening.find(({ phase }) => phase === now.phase);
    return then || now;
  });
}

/**
 * Has the rules look again, by what they, the word lists and the learner are now. A status that no person gave is
 * given anew; a person's stays. Filters are not asked again: what they said stays. Throws `comment-deleted`.
 */
export async function recheckComment(
  deps: Deps,
  principal: Principal,
  id: string,
): Promise<{ comment: ModeratedComment }> {
  for (;;) {
    const { comment } = await findInScope(deps, principal, id);
    const { site, page } = await locateComment(deps, id);
    const screening = await outcomesNow(deps, siteOnPage(site, page), comment);
    const result = await deps.comments.change(id, {
      kind: 'recheck',
      decisionId: planDecisionId(deps, id),
      at: deps.clock.now(),
      by: actorOf(principal),
      version: comment.version,
      screening,
    });
    // Somebody decided or edited meanwhile: looked at again as it is now.
    if (result.refused !== 'conflict') return { comment: await presentChanged(deps, result) };
  }
}
