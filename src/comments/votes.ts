import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { encodeBytes } from '../ids.ts';
import type { Keyring } from '../keys.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Comment } from './comment.ts';
import type { Reader } from './report.ts';
import type { VoteStore, Votes, VoteValue } from './vote-store.ts';

/** Characters of 5 bits: too many for two readers to share one by chance. */
const HASH_LENGTH = 26;

/** A reader as votes keep them, on every comment of the site alike: that is what finds their own again. */
export function readerOnSite(keys: Keyring, site: string, { word, address }: Reader): string {
  const name = word === null ? ['address', address] : ['word', word];
  return encodeBytes(keys.mac('reader', 'vote', site, ...name), HASH_LENGTH);
}

/** An address as one comment's votes keep it: to count few readers of it. */
const addressOnComment = (keys: Keyring, commentId: string, { address }: Reader): string =>
  encodeBytes(keys.mac('reader', 'vote-address', commentId, address), HASH_LENGTH);

/** Throws `votes-off`. */
export function assertVotesOn({ policy }: Site): void {
  if (policy.votes === 'off') throw new AppError('votes-off');
}

/** Whether the site takes such a vote: where only `up` counts, nobody votes down. */
export const takesVote = ({ policy }: Site, value: VoteValue): boolean =>
  value !== -1 || policy.votes === 'both';

/** Sets a reader's vote. Throws `comment-not-found` where the comment went meanwhile. */
export async function vote(
  deps: Pick<Deps, 'votes' | 'keys'>,
  { comment, site }: { comment: Comment; site: Site },
  { reader, value }: { reader: Reader; value: VoteValue },
): Promise<{ votes: Votes; vote: VoteValue }> {
  const votes = await deps.votes.cast({
    commentId: comment.id,
    site: site.id,
    reader: readerOnSite(deps.keys, site.id, reader),
    address: addressOnComment(deps.keys, comment.id, reader),
    value,
  });
  if (!votes) throw new AppError('comment-not-found');
  return { votes, vote: value };
}

/** The reader's own votes on a page. */
export async function votesOfReader(
  deps: { votes: VoteStore; keys: Keyring },
  { site, page }: { site: Site; page: Page | null },
  reader: Reader,
): Promise<Record<string, VoteValue>> {
  if (!page) return {};
  const asked = { site: site.id, reader: readerOnSite(deps.keys, site.id, reader) };
  return Object.fromEntries(await deps.votes.of(asked, page.key));
}
