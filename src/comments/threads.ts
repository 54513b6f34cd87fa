import type { Deps } from '../deps.ts';
import type { Page, Site } from '../sites/site.ts';
import type { Comment } from './comment.ts';
import { isTombstone, isVisible } from './comment.ts';
import type { PageQuery, Position, ShownComment, ThreadSort } from './comment-store.ts';
import { pageScope } from './counts.ts';
import type { Place } from './present.ts';
import type { ThreadShape } from './thread-shapes.ts';

/** One answer carries at most this many comments; the rest is behind cursors. */
export const ANSWER_LIMIT = 1000;

/** Where a walk over a page's comments goes on. */
export interface PagePosition extends Position {
  backwards?: boolean;
}

/** Makes the cursor that `GET /v1/comments/{parentId}/replies` goes on with; `after` null begins at the first reply. */
export type RepliesCursor = (parentId: string, after: string | null) => string;

export interface ThreadQuery<Shown> {
  /** What becomes of each comment. */
  shape: (place: Place) => ThreadShape<Shown>;
  site: Site;
  page: Page | null;
  format: 'tree' | 'flat';
  sort: ThreadSort;
  limit: number;
  from?: PagePosition;
  /** Replies per parent; undefined gives all. */
  replyLimit?: number;
  /** Id or legacy id of a comment to start at, or the number that links of before name it by. */
  focus?: string;
  repliesCursor: RepliesCursor;
}

export interface ThreadSlice<Shown> {
  comments: Shown[];
  total: number;
  next: PagePosition | null;
  prev: PagePosition | null;
  focused?: boolean;
}

type Sorted = Pick<PageQuery, 'site' | 'pageKey' | 'depth' | 'sort'>;

function positionOf(comment: ShownComment, sort: ThreadSort): Position {
  return sort === 'top' ? { id: comment.id, value: comment.votesUp - comment.votesDown } : { id: comment.id };
}

/** `count` comments that readers see from a place on, whatever lies deleted between them. */
async function listShown(
  deps: Deps,
  query: Sorted,
  walk: { from?: Position; backwards?: boolean; inclusive?: boolean; count: number },
): Promise<ShownComment[]> {
  const shown: ShownComment[] = [];
  let { from, inclusive } = walk;
  for (;;) {
    const limit = walk.count - shown.length;
    const batch = await deps.comments.listPage({
      ...query,
      from,
      inclusive,
      backwards: walk.backwards,
      limit,
    });
    const isShown = query.depth === 'roots' ? (c: ShownComment) => isVisible(c) || isTombstone(c) : isVisible;
    shown.push(...batch.filter(isShown));
    const last = batch.at(-1);
    if (!last || batch.length < limit || shown.length >= walk.count) return shown;
    from = positionOf(last, query.sort);
    inclusive = false;
  }
}

type Focused = Pick<ThreadQuery<unknown>, 'focus' | 'format' | 'sort'>;

interface Focus {
  found: boolean;
  start?: Position;
}

/** Systems whose links name a comment by its number alone (`#comment-17`), as their legacy ids begin. */
const NUMBERING = ['wp', 'disqus'];

/** The comment of the page that an id, a legacy id, or a number in another system's links names. */
async function findNamed(deps: Deps, page: Page, name: string): Promise<Comment | null> {
  const numbered = /^\d+$/.test(name) ? NUMBERING.map((system) => `${system}-${name}`) : [];
  const isHere = (comment: Comment | null): comment is Comment =>
    comment !== null && comment.site === page.site && comment.pageKey === page.key;
  const byId = await deps.comments.find(name);
  if (isHere(byId)) return byId;
  for (const legacyId of [name, ...numbered]) {
    const comment = await deps.comments.findByLegacyId(page.site, legacyId);
    if (isHere(comment)) return comment;
  }
  return null;
}

async function findFocus(deps: Deps, query: Focused, page: Page): Promise<Focus> {
  const { focus } = query;
  const comment = focus === undefined ? null : await findNamed(deps, page, focus);
  if (!comment) return { found: false };
  if (!isVisible(comment) && !(query.format === 'tree' && isTombstone(comment))) return { found: false };
  if (query.format === 'flat') return { found: true, start: positionOf(comment, query.sort) };
  const rootId = comment.ancestors[0] ?? comment.id;
  const root = rootId === comment.id ? comment : await deps.comments.find(rootId);
  return root ? { found: true, start: positionOf(root, query.sort) } : { found: false };
}

/** A page of a thread as readers see it. An unknown page is an empty thread. */
export async function listThread<Shown>(deps: Deps, query: ThreadQuery<Shown>): Promise<ThreadSlice<Shown>> {
  const { site, page, sort, limit, from } = query;
  const asked = query.focus !== undefined && !from;
  if (!page) return { comments: [], total: 0, next: null, prev: null, ...(asked && { focused: false }) };
  const scope = pageScope(site.id, page.key);
  const sorted: Sorted = {
    site: site.id,
    pageKey: page.key,
    depth: query.format === 'tree' ? 'roots' : 'all',
    sort,
  };
  const focus = asked ? await findFocus(deps, query, page) : { found: false };
  const start = from ?? focus.start;
  const backwards = from?.backwards ?? false;
  const inclusive = from === undefined && start !== undefined;
  const [walked, counts] = await Promise.all([
    listShown(deps, sorted, { from: start, backwards, inclusive, count: limit + 1 }),
    deps.comments.counts([scope]),
  ]);
  const items = walked.slice(0, limit);
  if (backwards) items.reverse();
  const isMore = walked.length > limit;
  const { first, last } = { first: items[0], last: items.at(-1) };
  // Behind the end we came from there may be nothing any more, so that side is asked for, never assumed.
  const beyond = async (edge: ShownComment | undefined, back: boolean): Promise<boolean> => {
    if (!edge || start === undefined) return false;
    const found = await listShown(deps, sorted, { from: positionOf(edge, sort), backwards: back, count: 1 });
    return found.length > 0;
  };
  const hasNext = backwards ? await beyond(last, false) : isMore;
  const hasPrev = backwards ? isMore : await beyond(first, true);
  return {
    comments: await presentThread(deps, { ...query, page }, items),
    total: counts.get(scope)?.visible ?? 0,
    next: hasNext && last ? positionOf(last, sort) : null,
    prev: hasPrev && first ? { ...positionOf(first, sort), backwards: true } : null,
    ...(asked && { focused: focus.found }),
  };
}

export interface RepliesQuery<Shown> extends Pick<ThreadQuery<Shown>, 'shape' | 'site' | 'page'> {
  parent: Comment;
  after: string | null;
  limit: number;
  repliesCursor: RepliesCursor;
}

/** The direct replies to a comment from a place on, each with its own replies below it. */
export async function listReplies<Shown>(
  deps: Deps,
  query: RepliesQuery<Shown>,
): Promise<{ comments: Shown[]; nextAfter: string | null }> {
  const { parent, after, limit } = query;
  const found = await deps.comments.children({
    parents: [parent.id],
    after: after ?? undefined,
    perParent: limit + 1,
  });
  const walked = found.get(parent.id) ?? [];
  const items = walked.slice(0, limit);
  const comments = await presentThread(deps, { ...query, format: 'tree' }, items);
  return { comments, nextAfter: walked.length > limit ? (items.at(-1)?.id ?? null) : null };
}

type PresentOptions<Shown> = Pick<
  ThreadQuery<Shown>,
  'shape' | 'site' | 'page' | 'format' | 'replyLimit' | 'repliesCursor'
>;

async function presentThread<Shown>(
  deps: Deps,
  options: PresentOptions<Shown>,
  items: ShownComment[],
): Promise<Shown[]> {
  const { alone, withReplies } = options.shape({ ...options, publicUrl: deps.publicUrl });
  if (options.format === 'flat') return items.map(alone);
  const below = await collectReplies(deps, items, options.replyLimit ?? ANSWER_LIMIT);
  const present = (comment: ShownComment): Shown => {
    const { taken = [], more = false } = below.get(comment.id) ?? {};
    const cursor = more ? options.repliesCursor(comment.id, taken.at(-1)?.id ?? null) : undefined;
    return withReplies(comment, taken.map(present), cursor);
  };
  return items.map(present);
}

interface Replies {
  taken: ShownComment[];
  more: boolean;
}

/** The replies to show below the roots. */
async function collectReplies(
  deps: Deps,
  roots: ShownComment[],
  perParent: number,
): Promise<Map<string, Replies>> {
  const parents = roots.filter((comment) => comment.replyCount > 0);
  const visible = parents.reduce((sum, comment) => sum + comment.replyCount, 0);
  const room = ANSWER_LIMIT - roots.length;
  if (visible <= Math.min(perParent, room)) {
    const all = await collectAll(deps, parents, room);
    if (all) return all;
  }
  return collectLevels(deps, { parents, perParent, room });
}

/** Most threads fit whole: one question for all levels. Null where what holds up the replies is too much. */
async function collectAll(
  deps: Deps,
  parents: ShownComment[],
  room: number,
): Promise<Map<string, Replies> | null> {
  const collected = new Map<string, Replies>();
  if (parents.length === 0) return collected;
  const found = await deps.comments.descendants(
    parents.map((comment) => comment.id),
    room + 1,
  );
  if (found.length > room) return null;
  for (const comment of found) {
    const parent = comment.parentId ?? '';
    const replies = collected.get(parent);
    if (replies) replies.taken.push(comment);
    else collected.set(parent, { taken: [comment], more: false });
  }
  return collected;
}

interface Levels {
  parents: ShownComment[];
  perParent: number;
  /** How many comments may still be taken. */
  room: number;
}

/** Level by level, so that what does not fit any more is what lies deepest. */
async function collectLevels(
  deps: Deps,
  { parents, perParent, room }: Levels,
): Promise<Map<string, Replies>> {
  const collected = new Map<string, Replies>();
  let left = room;
  let level = parents;
  while (level.length > 0) {
    const most = Math.min(perParent, left);
    const found =
      most > 0
        ? await deps.comments.children({ parents: level.map((comment) => comment.id), perParent: most + 1 })
        : new Map<string, ShownComment[]>();
    const next: ShownComment[] = [];
    for (const parent of level) {
      const children = found.get(parent.id) ?? [];
      const taken = children.slice(0, Math.min(perParent, left));
      left -= taken.length;
      // Where nothing was asked for, replyCount says that there is something.
      collected.set(parent.id, { taken, more: most > 0 ? children.length > taken.length : true });
      next.push(...taken.filter((comment) => comment.replyCount > 0));
    }
    level = next;
  }
  return collected;
}
