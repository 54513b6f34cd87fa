import type { Comment, CommentStatus } from '../comments/comment.ts';
import type { Page, Site } from '../sites/site.ts';
import { foldText } from '../text/fold.ts';
import {
  addressFor,
  EXPORT_CHUNK,
  type ExportDeps,
  type ExportOptions,
  type ExportTally,
  linkOf,
  walked,
} from './export-site.ts';
import { createHashSet } from './hash-set.ts';
import { localText } from './legacy-dates.ts';
import { type CommentColumns, fitted } from './wordpress-columns.ts';
import { element, WXR_END, wxrHead } from './wxr-writer.ts';

/** WordPress knows no rejected comments: those go where its own administrators put them. */
const APPROVED: Record<CommentStatus, string> = {
  approved: '1',
  pending: '0',
  spam: 'spam',
  rejected: 'trash',
  trash: 'trash',
};

const WORDPRESS_ID = /^wp-([1-9]\d{0,15})$/;
/** The number that WordPress once gave it; 0 for what never was there. */
const numberOf = (id: string | null): number => Number(WORDPRESS_ID.exec(id ?? '')?.[1] ?? 0);

/** What is to be known of all before the first is written. */
interface Survey {
  numberOfPage(page: Page): number;
  /** `parent`: the number of what it answers, 0 for none. Its importer finds only parents of smaller numbers. */
  numberOfComment(comment: Pick<Comment, 'legacyId'>, parent: number): number;
  /** Whether another page has that title. */
  isShared(title: string): boolean;
  typeOf(page: Page): string;
}

async function* pagesOf(deps: ExportDeps, site: string): AsyncGenerator<Page> {
  for (let after: string | null = ''; after !== null; ) {
    const { pages, next }: Awaited<ReturnType<typeof deps.sites.walkPages>> = await deps.sites.walkPages({
      site,
      after,
      limit: EXPORT_CHUNK,
    });
    yield* pages;
    after = next;
  }
}

/** Comments of a page from the oldest on, those that were deleted aside: WordPress keeps no place for them. */
async function* commentsOf(deps: ExportDeps, { site, key }: Page): AsyncGenerator<Comment> {
  for (let from: { id: string } | undefined; ; ) {
    const found = await deps.comments.queue({
      sites: [site],
      status: 'all',
      pageKey: key,
      sort: 'oldest',
      limit: EXPORT_CHUNK,
      ...(from && { from }),
    });
    yield* found;
    const last = found.at(-1);
    if (!last || found.length < EXPORT_CHUNK) return;
    from = { id: last.id };
  }
}

/** WordPress's first address of a post, which tells its type: its guid, known here as an alias. */
function typeFrom(address: string): { number: number; type: string } | null {
  const query = new URL(address).searchParams;
  const [page, post, type = 'post'] = [
    query.get('page_id'),
    query.get('p'),
    query.get('post_type') ?? undefined,
  ];
  if (page !== null) return { number: numberOf(`wp-${page}`), type: 'page' };
  return post !== null && /^[a-z0-9_-]{1,20}$/.test(type) ? { number: numberOf(`wp-${post}`), type } : null;
}

async function survey(deps: ExportDeps, site: string): Promise<Survey> {
  let [newestPage, newestComment] = [0, 0];
  const [titles, shared] = [createHashSet(), createHashSet()];
  const types = new Map<number, string>();
  for await (const { id, title } of pagesOf(deps, site)) {
    newestPage = Math.max(newestPage, numberOf(id));
    const folded = foldText(title ?? '');
    if (!titles.add(folded)) shared.add(folded);
  }
  const comments = walked(deps.exports.walk, { site, placeOf: ({ comment }) => comment.id });
  for await (const { comment } of comments)
    newestComment = Math.max(newestComment, numberOf(comment.legacyId));
  const references = walked(deps.exports.walkReferences, { site, placeOf: (reference) => reference });
  for await (const reference of references) {
    const found = reference.startsWith('u:') ? typeFrom(reference.slice(2)) : null;
    if (found && found.type !== 'post') types.set(found.number, found.type);
  }
  return {
    numberOfPage: ({ id }) => numberOf(id) || ++newestPage,
    numberOfComment({ legacyId }, parent) {
      const own = numberOf(legacyId);
      return own > parent ? own : ++newestComment;
    },
    isShared: (title) => shared.has(foldText(title)),
    typeOf: ({ id }) => types.get(numberOf(id)) ?? 'post',
  };
}

/** UTC, as WordPress writes a moment. */
const utcText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

interface Item {
  number: number;
  type: string;
  /** Null where its importer is to look for the title alone. */
  date: number | null;
}

/**
 * The post. Its importer takes one that is there by title and date, or by title alone where there is no date;
 * and then adds the comments that are not.
 */
function itemHead(site: Site, page: Page, { number, type, date }: Item): string {
  const { title, closed } = page;
  const link = page.url === null ? '' : linkOf(site, page.url);
  const { origin, pathname } = link === '' ? { origin: site.origins[0] ?? '', pathname: '' } : new URL(link);
  return [
    '<item>\n',
    element('title', title ?? link),
    element('link', link),
    element('dc:creator', ''),
    `<guid isPermaLink="false">${origin}/?${type === 'page' ? 'page_id' : 'p'}=${number}</guid>\n`,
    element('description', ''),
    element('content:encoded', ''),
    element('excerpt:encoded', ''),
    element('wp:post_id', number),
    element('wp:post_date', date === null ? '' : localText(date, site.timeZone)),
    element('wp:post_date_gmt', date === null ? '' : utcText(date)),
    element('wp:comment_status', (closed ?? site.policy.closed) ? 'closed' : 'open'),
    element('wp:ping_status', 'closed'),
    element('wp:post_name', pathname.split('/').filter(Boolean).at(-1) ?? ''),
    element('wp:status', 'publish'),
    element('wp:post_parent', 0),
    element('wp:menu_order', 0),
    element('wp:post_type', type),
    element('wp:post_password', ''),
    element('wp:is_sticky', 0),
  ].join('');
}

interface CommentPlace {
  number: number;
  /** 0 for one that answers nothing. */
  parent: number;
  at: number;
  columns: CommentColumns;
}

function commentElement(site: Site, { status }: Comment, place: CommentPlace): string {
  const { number, parent, at, columns } = place;
  return [
    '<wp:comment>\n',
    element('wp:comment_id', number),
    element('wp:comment_author', columns.name),
    element('wp:comment_author_email', columns.email),
    element('wp:comment_author_url', columns.url),
    element('wp:comment_author_IP', ''),
    element('wp:comment_date', localText(at, site.timeZone)),
    element('wp:comment_date_gmt', utcText(at)),
    element('wp:comment_content', columns.content),
    element('wp:comment_approved', APPROVED[status]),
    element('wp:comment_type', 'comment'),
    element('wp:comment_parent', parent),
    element('wp:comment_user_id', 0),
    '</wp:comment>\n',
  ].join('');
}

/**
 * When it counts as made. To its importer the same name in the same second is the same comment, whatever it says
 * and wherever: a second one is written a second later. What WordPress knows already keeps its moment.
 */
function createMoments(): (comment: Comment) => number {
  const taken = createHashSet();
  return ({ author, createdAt, legacyId }) => {
    let at = createdAt;
    const isNew = (): boolean => taken.add(`${Math.floor(at / SECOND)} ${author.name ?? ''}`);
    while (!isNew() && numberOf(legacyId) === 0) at += SECOND;
    return at;
  };
}
const SECOND = 1000;

/** Numbers of the comments of a page, and of what each answers, by id. */
async function numbered(deps: ExportDeps, page: Page, { numberOfComment }: Survey) {
  const places = new Map<string, { number: number; parent: number; first: number }>();
  for await (const { id, legacyId, ancestors, createdAt } of commentsOf(deps, page)) {
    const above = places.get(ancestors.findLast((one) => places.has(one)) ?? '');
    const parent = above?.number ?? 0;
    places.set(id, { number: numberOfComment({ legacyId }, parent), parent, first: createdAt });
  }
  return places;
}

/**
 * The comments of a site as WXR 1.2: a post for each page that has some, with its threads, statuses and dates.
 * Addresses stand in it as they are, or not at all: WordPress could open none. Votes and deleted comments have no
 * place there; what answered one of those answers the next above it.
 */
export async function* exportWordpress(
  deps: ExportDeps,
  options: ExportOptions,
  tally: ExportTally,
): AsyncGenerator<string> {
  const { site } = options;
  const surveyed = await survey(deps, site.id);
  const momentOf = createMoments();
  yield wxrHead({ title: site.name, link: site.origins[0] ?? '', language: site.locale });
  for await (const page of pagesOf(deps, site.id)) {
    const places = await numbered(deps, page, surveyed);
    const [oldest] = places.values();
    if (oldest === undefined) continue;
    tally.pages += 1;
    // By title alone all pages of one title would be one post.
    const date = page.publishedAt ?? (surveyed.isShared(page.title ?? '') ? oldest.first : null);
    const head = { number: surveyed.numberOfPage(page), type: surveyed.typeOf(page), date };
    yield itemHead(site, page, head);
    for await (const comment of commentsOf(deps, page)) {
      const place = places.get(comment.id);
      // It came after its page was numbered: it is of a later export.
      if (place === undefined) continue;
      const { email = '' } = options.emails ? addressFor(deps, options, comment.author.email) : {};
      const columns = fitted({ ...comment.author, email, text: comment.text ?? '' });
      tally.comments += 1;
      if (columns.isShort) tally.shortened += 1;
      yield commentElement(site, comment, { ...place, at: momentOf(comment), columns });
    }
    yield '</item>\n';
  }
  yield WXR_END;
}
