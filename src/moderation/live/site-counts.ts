import { NO_COUNTS, siteScope } from '../../comments/counts.ts';
import { timestamp } from '../../comments/present.ts';
import type { Deps } from '../../deps.ts';
import type { QueueCounts } from '../queue.ts';

/** What `GET /v1/moderation/counts?site=` says of each site. */
export async function countSites(
  { comments }: Pick<Deps, 'comments'>,
  sites: string[],
): Promise<({ site: string } & QueueCounts)[]> {
  const counts = await comments.counts(sites.map(siteScope));
  return Promise.all(
    sites.map(async (site) => {
      const { pending, reported, spam, approved, rejected, trash } = counts.get(siteScope(site)) ?? NO_COUNTS;
      const oldest = pending > 0 ? await comments.oldestPending([site]) : null;
      const oldestPendingAt = oldest === null ? null : timestamp(oldest);
      return { site, pending, reported, spam, approved, rejected, trash, oldestPendingAt };
    }),
  );
}
