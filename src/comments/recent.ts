import type { Deps } from '../deps.ts';
import type { Page, Site } from '../sites/site.ts';
import { isVisible } from './comment.ts';
import type { ShownComment } from './comment-store.ts';
import { presentComment } from './present.ts';
import type { PublicComment } from './public-comment.ts';

/** How many comments one reading asks for at least: those hidden by what they answer are few. */
const LEAST_READ = 10;
/** Readings of one answer: a site whose newest comments are hidden by the thousand shows fewer. */
const MOST_READINGS = 20;

/** The site's comments by time, newest first, from behind an id on. */
type Read = (after: string | undefined, limit: number) => Promise<ShownComment[]>;

async function newestVisible(read: Read, limit: number): Promise<ShownComment[]> {
  const visible: ShownComment[] = [];
  let after: string | undefined;
  for (let i = 0; i < MOST_READINGS; i++) {
    const wanted = Math.max(limit - visible.length, LEAST_READ);
    const found = await read(after, wanted);
    visible.push(...found.filter(isVisible));
    after = found.at(-1)?.id;
    if (visible.length >= limit || found.length < wanted) break;
  }
  return visible.slice(0, limit);
}

/** The newest visible comments of the whole site. */
export async function listRecent(deps: Deps, site: Site, limit: number): Promise<PublicComment[]> {
  const list = { sites: [site.id], status: 'approved' as const, sort: 'newest' as const };
  const newest = await newestVisible(
    (after, most) =>
      deps.comments.queue({ ...list, limit: most, ...(after !== undefined && { from: { id: after } }) }),
    limit,
  );
  const keys = [...new Set(newest.map(({ pageKey }) => pageKey))];
  const pages = new Map((await deps.sites.findPagesByKey(site.id, keys)).map((page) => [page.key, page]));
  return newest.map((comment) =>
    presentComment(comment, { site, page: pages.get(comment.pageKey) ?? null, publicUrl: deps.publicUrl }),
  );
}

/** The newest visible comments of one page. */
export async function listNewest(
  deps: Deps,
  { site, page }: { site: Site; page: Page | null },
  limit: number,
): Promise<PublicComment[]> {
  if (!page) return [];
  const list = { site: site.id, pageKey: page.key, depth: 'all', sort: 'newest' } as const;
  const newest = await newestVisible(
    (after, most) =>
      deps.comments.listPage({ ...list, limit: most, ...(after !== undefined && { from: { id: after } }) }),
    limit,
  );
  return newest.map((comment) => presentComment(comment, { site, page, publicUrl: deps.publicUrl }));
}
