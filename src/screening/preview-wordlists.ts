import { openEmail, revealEmail } from '../authors/email.ts';
import type { Actor, Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import { recordAct } from '../moderation/record.ts';
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

/** Where the lists find something: in what readers see, else in the address; null where nowhere. */
function placeOf(
  deps: Pick<Deps, 'keys'>,
  matcher: Matcher,
  { author, text, site }: Comment,
): 'seen' | 'address' | null {
  const holds = (value: string | null): boolean => value !== null && matcher.find(value, 1).length > 0;
  if (holds(text) || holds(author.name) || holds(author.url)) return 'seen';
  const email = author.email === null ? null : openEmail(author.email, deps.keys, site);
  return email !== null && holds(revealEmail(email)) ? 'address' : null;
}

/**
 * Holds the readers' comments of the last days against lists that are not saved, in chunks between which
 * everybody else gets their turn. Lists that find something in addresses alone tell, call by call, what is in them:
 * that is a look-up, and audited as one. Throws `validation-failed` with every bad term, and the reason of `signal`,
 * at the next chunk, once nobody waits for it any more.
 */
export async function previewWordlists(
  deps: Deps,
  site: Site,
  { days, by, signal, ...lists }: Lists & { days: number; by: Actor; signal?: AbortSignal },
): Promise<WordlistPreview> {
  await checkTerms(lists);
  const matcher = await buildMatcher(lists);
  const since = deps.clock.now() - days * DAY;
  const preview: WordlistPreview = { matched: 0, approvedMatched: 0, sample: [] };
  let isOfAddresses = false;
  const look = (comment: Comment): void => {
    const place = comment.author.moderator ? null : placeOf(deps, matcher, comment);
    if (place === null) return;
    isOfAddresses ||= place === 'address';
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
    if (!last || chunk.length < CHUNK) break;
    from = { id: last.id };
    await nextTurn();
    signal?.throwIfAborted();
  }
  const act = { by, action: 'author-looked-up', site: site.id, note: 'preview of word lists' } as const;
  if (isOfAddresses) await recordAct(deps, act);
  return preview;
}
