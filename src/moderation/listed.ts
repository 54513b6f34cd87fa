import { type Comment, isReported } from '../comments/comment.ts';
import type { QueueFilter } from '../comments/comment-store.ts';
import type { Deps } from '../deps.ts';
import { idFloor, momentOfId } from '../ids.ts';
import { phasesOf } from './marks.ts';
import { hasWords, queryWords, searchWords, wordLines } from './search.ts';

/** Comments of one millisecond, asked for to tell whether one of them is listed: more are not looked at. */
const MOST_OF_A_MOMENT = 1000;

/** Comments that are read at once. */
const CHUNK = 500;

/** Those of the ids that exist, however many they are, in any order. */
export async function readMany({ comments }: Pick<Deps, 'comments'>, ids: string[]): Promise<Comment[]> {
  const found: Comment[] = [];
  for (let i = 0; i < ids.length; i += CHUNK) {
    found.push(...(await comments.findMany(ids.slice(i, i + CHUNK))));
  }
  return found;
}

/** Whether a comment stands under a filter, but for `q` and `reason`, which its own row does not tell. */
function isAmong(comment: Comment, filter: QueueFilter): boolean {
  const { sites, status, authorKey, pageKey, since, until, phase } = filter;
  const { id, site, author } = comment;
  const inStatus =
    status === 'reported' ? isReported(comment) : status === 'all' || comment.status === status;
  return (
    comment.deletedAt === null &&
    inStatus &&
    sites.includes(site) &&
    (authorKey === undefined || author.key === authorKey) &&
    (pageKey === undefined || comment.pageKey === pageKey) &&
    (since === undefined || id >= idFloor(since)) &&
    (until === undefined || id < idFloor(until + 1)) &&
    (phase === undefined || phasesOf(comment).includes(phase))
  );
}

async function withWords(deps: Pick<Deps, 'sites'>, comments: Comment[], q: string): Promise<Comment[]> {
  const query = queryWords(q);
  const titles = new Map<string, string | null>();
  for (const site of new Set(comments.map((one) => one.site))) {
    const keys = comments.filter((one) => one.site === site).map(({ pageKey }) => pageKey);
    const pages = await deps.sites.findPagesByKey(site, [...new Set(keys)]);
    for (const { key, title } of pages) titles.set(`${site}/${key}`, title);
  }
  return comments.filter((one) => {
    const title = titles.get(`${one.site}/${one.pageKey}`) ?? null;
    return hasWords(wordLines(searchWords(one, title)), query);
  });
}

/** Every reason a comment ever had is known to the store alone: it is asked for the comment's moment. */
async function withReason(
  deps: Pick<Deps, 'comments'>,
  comments: Comment[],
  filter: QueueFilter,
): Promise<Comment[]> {
  const { sites, status, reason } = filter;
  const moments = [...new Set(comments.map(({ id }) => momentOfId(id)))];
  const found = new Set<string>();
  for (const at of moments) {
    const query = { sites, status, reason, since: at, until: at, sort: 'oldest' as const };
    const listed = await deps.comments.queue({ ...query, limit: MOST_OF_A_MOMENT });
    for (const { id } of listed) found.add(id);
  }
  return comments.filter(({ id }) => found.has(id));
}

/** Those of a few comments that the queue lists under a filter. */
export async function listedOf(
  deps: Pick<Deps, 'comments' | 'sites'>,
  comments: Comment[],
  filter: QueueFilter,
): Promise<Comment[]> {
  const { q, reason } = filter;
  const among = comments.filter((one) => isAmong(one, filter));
  const worded = q === undefined ? among : await withWords(deps, among, q);
  return reason === undefined ? worded : withReason(deps, worded, filter);
}
