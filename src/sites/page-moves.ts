import type { Actor } from '../comments/comment.ts';
import type { Counts } from '../comments/counts.ts';
import { NO_COUNTS, pageScope } from '../comments/counts.ts';
import type { Deps } from '../deps.ts';
import type { FieldError } from '../errors.ts';
import { validationFailed } from '../errors.ts';
import type { AuditEntry } from '../moderation/audit.ts';
import { entryOf } from '../moderation/record.ts';
import { canonicalUrl } from './canonical-url.ts';
import { pageUrlOf, whyNoPage, whyNoUrl } from './pages.ts';
import type { Page, Site } from './site.ts';
import { urlReference } from './site-store.ts';

/** The contract's answer to a move of pages. */
export interface PagesMoved {
  pages: number;
  /** Of every status, on those pages. */
  comments: number;
  /** Those of the pages that joined one which was known at the new address already. */
  merged: number;
  /** The first of them. */
  samples: MovedPage[];
}

export interface MovedPage {
  from: string;
  to: string;
  comments: number;
  merged: boolean;
}

interface Prefixes {
  /** Both as canonical URLs. */
  from: string;
  to: string;
}

/** Pages read, and changed, at once. */
const AT_ONCE = 100;
const SAMPLES = 20;

function checkPrefixes(site: Site, given: Prefixes): Prefixes {
  const errors: FieldError[] = [];
  const from = canonicalUrl(given.from, site.policy.pages);
  const to = pageUrlOf(site, given.to);
  if (from === null) errors.push({ pointer: '/from', code: whyNoUrl(given.from) });
  if (to === null) errors.push({ pointer: '/to', code: whyNoPage(site, given.to) });
  // What stands behind a prefix is a path, which can't follow a query.
  if (from && to && to.query !== '' && from.query === '') errors.push({ pointer: '/to', code: 'invalid' });
  if (!from || !to || errors.length > 0) throw validationFailed(errors);
  return { from: from.identity, to: to.identity };
}

/** What of the URL stands behind the prefix, which ends where a segment or the path does; null elsewhere. */
function restAfter(prefix: string, url: string): string | null {
  // The root keeps its slash in a canonical URL.
  const start = prefix.replace(/\/$/, '');
  const rest = url.slice(start.length);
  return url.startsWith(start) && /^(?:[/?]|$)/.test(rest) ? rest : null;
}

/** Where a page stands after the move; null for one that does not move, or has done so before. */
function newUrlOf(site: Site, { from, to }: Prefixes, page: Page): string | null {
  if (page.url === null) return null;
  const rest = restAfter(from, page.url);
  if (rest === null) return null;
  // Below the old prefix: what is there already would otherwise go one deeper each time the move is repeated.
  if (restAfter(from, to) !== null && restAfter(to, page.url) !== null) return null;
  const url = canonicalUrl(to.replace(/\/$/, '') + rest, site.policy.pages)?.identity ?? null;
  return url === page.url ? null : url;
}

const commentsOf = ({ pending, approved, rejected, spam, trash }: Counts): number =>
  pending + approved + rejected + spam + trash;

interface Moving {
  page: Page;
  url: string;
  /** Of the whole move: with whichever page comes first, it stands in the audit. */
  act?: AuditEntry;
}

/** Gives the page its new address, or joins it to the page that is known there. */
export async function moveOne(
  deps: Pick<Deps, 'sites' | 'ids' | 'clock'>,
  { page, url, act }: Moving,
): Promise<void> {
  const { site, key } = page;
  // Before anything is waited for: aliases of one move are listed in the order of its pages.
  const now = deps.clock.now();
  const id = deps.ids.next(now);
  for (let { version } = page; ; ) {
    const update = await deps.sites.updatePage({ site, key }, { url }, { expected: version, act });
    if (update.result === 'taken') break;
    if (update.result !== 'conflict') return;
    version = update.version;
  }
  const target = await deps.sites.findPage(site, urlReference(url));
  if (!target || page.url === null) return;
  const alias = { id, site, alias: page.url, page: url, createdAt: now };
  await deps.sites.addAlias(alias, target, { act });
}

async function planOne(deps: Deps, page: Page, url: string, counts: Counts): Promise<MovedPage> {
  const there = await deps.sites.findPage(page.site, urlReference(url));
  const merged = there !== null && there.key !== page.key;
  return { from: page.url ?? '', to: url, comments: commentsOf(counts), merged };
}

/**
 * Moves every page whose address begins with `from`, up to the end of a segment, to the same place under `to`:
 * a domain, a folder, one page. The former addresses lead to their pages as before; a page that is known at
 * the new address already gets the comments. Repeating a move that was cut off moves what is left.
 * Throws `validation-failed` for prefixes that are no URL, and where `to` is not of the site.
 */
export async function movePages(
  deps: Deps,
  site: Site,
  { by, dryRun, ...given }: Prefixes & { by: Actor; dryRun: boolean },
): Promise<PagesMoved> {
  const prefixes = checkPrefixes(site, given);
  const note = `${prefixes.from} → ${prefixes.to}`;
  const act = entryOf(deps, { by, action: 'pages-moved', site: site.id, note });
  const answer: PagesMoved = { pages: 0, comments: 0, merged: 0, samples: [] };
  for (let after: string | null = ''; after !== null; ) {
    const walked = await deps.sites.walkPages({ site: site.id, after, limit: AT_ONCE });
    const moving = walked.pages.flatMap((page) => {
      const url = newUrlOf(site, prefixes, page);
      return url === null ? [] : { page, url, scope: pageScope(site.id, page.key) };
    });
    const counts = await deps.comments.counts(moving.map(({ scope }) => scope));
    const planned = await Promise.all(
      moving.map(({ page, url, scope }) => planOne(deps, page, url, counts.get(scope) ?? NO_COUNTS)),
    );
    if (!dryRun) await Promise.all(moving.map(({ page, url }) => moveOne(deps, { page, url, act })));
    for (const one of planned) {
      answer.pages += 1;
      answer.comments += one.comments;
      if (one.merged) answer.merged += 1;
      if (answer.samples.length < SAMPLES) answer.samples.push(one);
    }
    after = walked.next;
  }
  return answer;
}
