import type { Comment } from '../comments/comment.ts';
import type { Deps } from '../deps.ts';
import type { Claim } from './claim-store.ts';

/** The claims of these comments that count now, by comment. */
export async function runningClaims(
  deps: Pick<Deps, 'claims' | 'clock'>,
  comments: Comment[],
): Promise<Map<string, Claim>> {
  const standing = comments.filter((comment) => comment.deletedAt === null);
  const found = await deps.claims.of(
    standing.map(({ id }) => id),
    deps.clock.now(),
  );
  const versions = new Map(standing.map(({ id, version }) => [id, version]));
  const counting = found.filter((claim) => versions.get(claim.commentId) === claim.version);
  return new Map(counting.map((claim) => [claim.commentId, claim]));
}
