import type { EmailAddress } from '../authors/email.ts';
import type { ScreenedAuthor } from '../authors/screened.ts';
import type { Deps } from '../deps.ts';
import type { Screened } from '../screening/index.ts';
import { screen } from '../screening/index.ts';
import { lookUpPast } from '../screening/past.ts';
import { matcherFor } from '../screening/wordlists.ts';
import type { Site } from '../sites/site.ts';
import type { Comment } from './comment.ts';

export interface SecondScreening {
  /** As it is on the comment's page. */
  site: Site;
  comment: Comment;
  /** What is screened, the author's own address masked in it. */
  text: string;
  address: EmailAddress | null;
  author: ScreenedAuthor;
  ownAddressShown: boolean;
  turnedLetters: boolean;
}

/** Who filled in the trap wrote the new text, too. */
const wasTrapped = ({ screening }: Comment): boolean =>
  screening.some(({ phase, outcome }) => phase === 'trap' && outcome === 'spam');

/** Screens a stored comment with another text, or by what the rules are now. */
export async function screenAgain(deps: Deps, second: SecondScreening): Promise<Screened> {
  const { site, comment, text, address, author, ...seen } = second;
  const { name, url } = comment.author;
  const screened = screen({
    site,
    id: comment.id,
    body: text,
    name,
    url,
    email: address,
    ...author,
    ...seen,
    trapFilled: wasTrapped(comment),
    elapsedMs: null,
    words: await matcherFor(deps, site.id),
    ...(await lookUpPast(deps, site.id, { id: comment.id, text, url })),
    edit: true,
  });
  deps.phaseTimes.note(screened.screening);
  return screened;
}
