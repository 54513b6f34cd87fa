import type { Comment, CommentStatus } from '../comments/comment.ts';
import type { Page, Site } from '../sites/site.ts';
import {
  addressFor,
  EXPORT_CHUNK,
  type ExportDeps,
  type ExportOptions,
  type ExportTally,
  linkOf,
  walked,
} from './export-site.ts';
import { localText } from './legacy-dates.ts';
import { textForWordpress } from './wordpress-text.ts';
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

/** Numbers for what WordPress has given none, beyond all that it has. */
interface Numbers {
  ofPage(page: Page): number;
  ofComment(comment: Pick<Comment, 'legacyId'>): number;
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

async function createNumbers(deps: ExportDeps, site: string): Promise<Numbers> {
  let [newestPage, newestComment] = [0, 0];
  for await (const { id } of pagesOf(deps, site)) newestPage = Math.max(newestPage, numberOf(id));
  const comments = walked(deps.exports.walk, { site, placeOf: ({ comment }) => comment.id });
  for await (const { comment } of comments)
    newestComment = Math.max(newestComment, numberOf(comment.legacyId));
  return {
    ofPage: ({ id }) => numberOf(id) || ++newestPage,
    ofComment: ({ legacyId }) => numberOf(legacyId) || ++newestComment,
  };
}

/** UTC, as WordPress writes a moment. */
const utcText = (at: number): string => new Date(at).toISOString().slice(0, 19).replace('T', ' ');

/**
 * The post. Its importer takes one that is there by title and date, or by title alone where there is no date;
 * and then adds the comments that are not.
 */
function itemHead(site: Site, page: Page, number: number): string {
  const { title, publishedAt, closed } = page;
  const link = page.url === null ? '' : linkOf(site, page.url);
  const { origin, pathname } = link === '' ? { origin: site.origins[0] ?? '', pathname: '' } : new URL(link);
  return [
    '<item>\n',
    element('title', title ?? link),
    element('link', link),
    element('dc:creator', ''),
    `<guid isPermaLink="false">${origin}/?p=${number}</guid>\n`,
    element('description', ''),
    element('content:encoded', ''),
    element('excerpt:encoded', ''),
    element('wp:post_id', number),
    element('wp:post_date', publishedAt === null ? '' : localText(publishedAt, site.timeZone)),
    element('wp:post_date_gmt', publishedAt === null ? '' : utcText(publishedAt)),
    element('wp:comment_status', (closed ?? site.policy.closed) ? 'closed' : 'open'),
    element('wp:ping_status', 'closed'),
    element('wp:post_name', pathname.split('/').filter(Boolean).at(-1) ?? ''),
    element('wp:status', 'publish'),
    element('wp:post_parent', 0),
    element('wp:menu_order', 0),
    element('wp:post_type', 'post'),
    element('wp:post_password', ''),
    element('wp:is_sticky', 0),
  ].join('');
}

interface CommentPlace {
  number: number;
  /** 0 for one that answers nothing. */
  parent: number;
  email: string;
}

function commentElement(site: Site, comment: Comment, { number, parent, email }: CommentPlace): string {
  const { author, createdAt, text, status } = comment;
  return [
    '<wp:comment>\n',
    element('wp:comment_id', number),
    element('wp:comment_author', author.name ?? ''),
    element('wp:comment_author_email', email),
    element('wp:comment_author_url', author.url ?? ''),
    element('wp:comment_author_IP', ''),
    element('wp:comment_date', localText(createdAt, site.timeZone)),
    element('wp:comment_date_gmt', utcText(createdAt)),
    element('wp:comment_content', textForWordpress(text ?? '')),
    element('wp:comment_approved', APPROVED[status]),
    element('wp:comment_type', 'comment'),
    element('wp:comment_parent', parent),
    element('wp:comment_user_id', 0),
    '</wp:comment>\n',
  ].join('');
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
  const numbers = await createNumbers(deps, site.id);
  yield wxrHead({ title: site.name, link: site.origins[0] ?? '', language: site.locale });
  for await (const page of pagesOf(deps, site.id)) {
    const numberOfId = new Map<string, number>();
    for await (const comment of commentsOf(deps, page))
      numberOfId.set(comment.id, numbers.ofComment(comment));
    if (numberOfId.size === 0) continue;
    tally.pages += 1;
    yield itemHead(site, page, numbers.ofPage(page));
    for await (const comment of commentsOf(deps, page)) {
      const number = numberOfId.get(comment.id);
      // It came after its page was numbered: it is of a later export.
      if (number === undefined) continue;
      const above = comment.ancestors.findLast((id) => numberOfId.has(id));
      const { email = '' } = options.emails ? addressFor(deps, options, comment.author.email) : {};
      tally.comments += 1;
      yield commentElement(site, comment, { number, parent: numberOfId.get(above ?? '') ?? 0, email });
    }
    yield '</item>\n';
  }
  yield WXR_END;
}
