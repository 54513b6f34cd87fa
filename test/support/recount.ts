import type { Comment } from '../../src/comments/comment.ts';
import type { Counts } from '../../src/comments/counts.ts';
import { authorScope, NO_COUNTS, pageScope, siteScope } from '../../src/comments/counts.ts';
import { talliesOf } from '../../src/comments/tallies.ts';
import type { Storage } from '../../src/storage/storage.ts';

/** What must be true of a set of comments, worked out from their rows alone, the slow and plain way. */

/** Open by definition: approved, and every ancestor too. `byId` holds the whole tree. */
export function openByDefinition(comment: Comment, byId: Map<string, Comment>): boolean {
  if (comment.status !== 'approved') return false;
  if (comment.parentId === null) return true;
  const parent = byId.get(comment.parentId);
  return parent !== undefined && openByDefinition(parent, byId);
}

/** Every counter the comments give rise to, by scope. */
export function recount(comments: Comment[]): Map<string, Counts> {
  const counts = new Map<string, Counts>();
  for (const comment of comments) {
    const scopes = [siteScope(comment.site), pageScope(comment.site, comment.pageKey)];
    if (comment.author.key !== null) scopes.push(authorScope(comment.site, comment.author.key));
    for (const scope of scopes) {
      const counted = counts.get(scope) ?? { ...NO_COUNTS };
      if (comment.deletedAt === null) counted[comment.status] += 1;
      if (comment.open && comment.deletedAt === null) counted.visible += 1;
      const isReported = comment.status === 'approved' && comment.openReports > 0;
      if (isReported && comment.deletedAt === null) counted.reported += 1;
      counts.set(scope, counted);
    }
  }
  return counts;
}

/** Visible descendants of each comment. */
export function recountReplies(comments: Comment[]): Map<string, number> {
  const replies = new Map(comments.map((comment) => [comment.id, 0]));
  for (const comment of comments) {
    if (!comment.open || comment.deletedAt !== null) continue;
    for (const id of comment.ancestors) replies.set(id, (replies.get(id) ?? 0) + 1);
  }
  return replies;
}

/** Past every slot that there will be for a long time. */
const LAST_SLOT = 10_000_000;

const byName = (tallies: { what: string; n: number }[]): [string, number][] => {
  const sums = new Map<string, number>();
  for (const { what, n } of tallies) sums.set(what, (sums.get(what) ?? 0) + n);
  return [...sums].filter(([, n]) => n !== 0).sort(([one], [other]) => (one < other ? -1 : 1));
};

/** Fails unless what statistics count of these comments (whole sites) is what their rows and histories say. */
export async function expectTallied(store: Storage, comments: Comment[]): Promise<void> {
  for (const site of new Set(comments.map((comment) => comment.site))) {
    const ofSite = comments.filter((comment) => comment.site === site);
    // What raised no version changed no tally.
    const histories = await Promise.all(
      ofSite.map(({ id, version }) => (version === 1 ? [] : store.comments.history(id))),
    );
    const expected = ofSite.flatMap((comment, i) => talliesOf(comment, histories[i] ?? []));
    const { volumes, rest } = await store.stats.tallies({ sites: [site], bounds: [0, LAST_SLOT] });
    const volume = Object.entries(volumes[0] ?? {}).map(([what, n]) => ({ what, n }));
    expect(byName([...volume, ...rest])).toEqual(byName(expected.map(({ what, by }) => ({ what, n: by }))));
  }
}

/** Fails unless counters, replyCount and open of these comments (whole trees, whole sites) are what their rows say. */
export async function expectTrue(store: Storage, ids: string[]): Promise<Comment[]> {
  const comments = await store.comments.findMany(ids);
  expect(comments).toHaveLength(ids.length);
  const byId = new Map(comments.map((comment) => [comment.id, comment]));
  const open = comments.map((comment) => [comment.id, comment.open]);
  expect(open).toEqual(comments.map((comment) => [comment.id, openByDefinition(comment, byId)]));
  const replies = recountReplies(comments);
  expect(new Map(comments.map((comment) => [comment.id, comment.replyCount]))).toEqual(replies);
  const expected = recount(comments);
  expect(await store.comments.counts([...expected.keys()])).toEqual(expected);
  await expectTallied(store, comments);
  return comments;
}
