import { openEmail, revealEmail } from '../authors/email.ts';
import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { Site } from '../sites/site.ts';
import type { Lists } from './edit-wordlists.ts';
import { checkTerms } from './edit-wordlists.ts';
import { inPieces, nextTurn } from './turns.ts';
import type { Matcher } from './wordlist/matcher.ts';
import { buildMatcher } from './wordlist/matcher.ts';

/** What lists would have done to past comments. */
export interface WordlistPreview {
  matched: number;
  /** Those of them that are published now. */
  approvedMatched: number;
  /** The newest of them. */
  sample: Comment[];
}

const DAY = 24 * 60 * 60 * 1000;
/** Comments read at once: few enough that nobody waits for a read. */
const CHUNK = 100;
const SAMPLE = 20;

function isMatched(deps: Pick<Deps, 'keys'>, matcher: Matcher, { author, text, site }: Comment): boolean {
  const holds = (value: string | null): boolean => value !== null && matcher.find(value, 1).length > 0;
  if (holds(text) || holds(author.name) || holds(author.url)) return true;
  const email = author.email === null ? null : openEmail(author.email, deps.keys, site);
  return email !== null && holds(revealEmail(email));
}

/**
 * Holds the readers' comments of the last days against lists that are not saved, in chunks between which
 * everybody else gets their turn. Throws `validation-failed` with every bad term.
 */
export async function previewWordlists(
  deps: Deps,
  site: Site,
  { days, ...lists }: Lists & { days: number },
): Promise<WordlistPreview> {
  await checkTerms(lists);
  const matcher = await buildMatcher(lists);
  const since = deps.clock.now() - days * DAY;
  const preview: WordlistPreview = { matched: 0, approvedMatched: 0, sample: [] };
  const look = (comment: Comment): void => {
    if (comment.author.moderator || !isMatched(deps, matcher, comment)) return;
    preview.matched += 1;
    if (comment.status === 'approved') preview.approvedMatched += 1;
    if (preview.sample.length < SAMPLE) preview.sample.push(comment);
  };
  for (let from: { id: string } | undefined; ; ) {
    const chunk = await deps.comments.queue({
      sites: [site.id],
      status: 'all',
      since,
      sort: 'newest',
      from,
      limit: CHUNK,
    });
    await inPieces(chunk, look);
    const last = chunk.at(-1);
    if (!last || chunk.length < CHUNK) return preview;
    from = { id: last.id };
    await nextTurn();
  }
}
