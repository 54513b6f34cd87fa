import type { Actor } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { FieldCode } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { entryOf } from '../moderation/record.ts';
import { canonicalUrl } from './canonical-url.ts';
import { newPageKey, pageUrlOf } from './pages.ts';
import type { Alias, Page, Site } from './site.ts';
import { NO_RULES } from './site.ts';
import { urlReference } from './site-store.ts';

export interface AliasView {
  id: string;
  alias: string;
  page: string;
  createdAt: string;
}

export const presentAlias = ({ id, alias, page, createdAt }: Alias): AliasView => ({
  id,
  alias,
  page,
  createdAt: timestamp(createdAt),
});

/** The contract's answer to a POST of aliases. */
export interface AliasesAdded {
  added: number;
  /** Those that brought the comments of their address along. */
  moved: number;
  errors: AliasError[];
}

/** What is wrong with one of many aliases: which of them, from 0, and where in it. */
export interface AliasError {
  index: number;
  pointer: '/alias' | '/page';
  code: FieldCode;
}

/** One more address and the page it shall lead to, as people write them. */
export interface AliasGiven {
  alias: string;
  page: string;
}

type Joined = { result: 'added' | 'moved' | 'unchanged' } | { errors: Omit<AliasError, 'index'>[] };

/** Joins one address to a page; says what is wrong with it instead where it can't be. */
async function join(deps: Deps, site: Site, { by, ...given }: AliasGiven & { by: Actor }): Promise<Joined> {
  const alias = canonicalUrl(given.alias, site.policy.pages);
  const url = pageUrlOf(site, given.page);
  const errors: Omit<AliasError, 'index'>[] = [];
  if (alias === null) errors.push({ pointer: '/alias', code: 'invalid-url' });
  if (url === null) {
    const isUrl = canonicalUrl(given.page, site.policy.pages) !== null;
    errors.push({ pointer: '/page', code: isUrl ? 'not-of-site' : 'invalid-url' });
  }
  if (alias === null || url === null) return { errors };
  const loop: Joined = { errors: [{ pointer: '/alias', code: 'invalid' }] };
  if (alias.identity === url.identity) return loop;

  const known = await deps.sites.findPage(site.id, urlReference(url.identity));
  const target: Page = known ?? {
    site: site.id,
    key: newPageKey(deps.keys, site.id, urlReference(url.identity)),
    url: url.identity,
    id: null,
    title: null,
    ...NO_RULES,
  };
  const now = deps.clock.now();
  const note = `${alias.identity} → ${url.identity}`;
  const act = entryOf(deps, { by, action: 'alias-added', site: site.id, note });
  const { result } = await deps.sites.addAlias(
    { id: deps.ids.next(now), site: site.id, alias: alias.identity, page: url.identity, createdAt: now },
    target,
    { act },
  );
  return result === 'loop' ? loop : { result };
}

/**
 * Joins one more address to a page: comments under it move there, and from now on both are one thread.
 * The alias may be of any host (a short link is), the page must be one of the site's.
 * Throws `validation-failed` for bad URLs and for a loop.
 */
export async function addAlias(
  deps: Deps,
  site: Site,
  given: AliasGiven & { by: Actor },
): Promise<AliasesAdded> {
  const joined = await join(deps, site, given);
  if ('errors' in joined) throw validationFailed(joined.errors);
  const { result } = joined;
  return { added: result === 'unchanged' ? 0 : 1, moved: result === 'moved' ? 1 : 0, errors: [] };
}

/** Aliases under way at once: they share a write of the store. */
const AT_ONCE = 100;

/**
 * Joins many addresses, in their order and each on its own: what is wrong with one keeps no other back. Of
 * an address that is given twice only the first counts.
 */
export async function addAliases(
  deps: Deps,
  site: Site,
  { given, by }: { given: AliasGiven[]; by: Actor },
): Promise<AliasesAdded> {
  const answer: AliasesAdded = { added: 0, moved: 0, errors: [] };
  const seen = new Set<string>();
  const joinNext = (one: AliasGiven): Promise<Joined> | Joined => {
    const identity = canonicalUrl(one.alias, site.policy.pages)?.identity;
    if (identity === undefined || !seen.has(identity)) {
      if (identity !== undefined) seen.add(identity);
      return join(deps, site, { ...one, by });
    }
    return { errors: [{ pointer: '/alias', code: 'duplicate' }] };
  };
  for (let start = 0; start < given.length; start += AT_ONCE) {
    const results = await Promise.all(given.slice(start, start + AT_ONCE).map(joinNext));
    for (const [offset, joined] of results.entries()) {
      if ('errors' in joined) {
        answer.errors.push(...joined.errors.map((error) => ({ index: start + offset, ...error })));
        continue;
      }
      if (joined.result !== 'unchanged') answer.added += 1;
      if (joined.result === 'moved') answer.moved += 1;
    }
  }
  return answer;
}

/** Parts an address from its page; comments stay where they are. Throws `not-found`. */
export async function removeAlias(
  deps: Deps,
  site: Site,
  { alias, by }: { alias: string; by: Actor },
): Promise<void> {
  const canonical = canonicalUrl(alias, site.policy.pages)?.identity;
  if (canonical === undefined) throw new AppError('not-found');
  const act = entryOf(deps, { by, action: 'alias-removed', site: site.id, note: canonical });
  if (!(await deps.sites.removeAlias(site.id, canonical, { act }))) throw new AppError('not-found');
}
