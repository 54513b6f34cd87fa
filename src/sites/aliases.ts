import type { Actor } from '../comments/comment.ts';
import { timestamp } from '../comments/present.ts';
import type { Deps } from '../deps.ts';
import type { FieldCode } from '../errors.ts';
import { AppError, validationFailed } from '../errors.ts';
import { entryOf } from '../moderation/record.ts';
import { nextTurn } from '../screening/turns.ts';
import { canonicalUrl } from './canonical-url.ts';
import { newPageKey, pageUrlOf, whyNoPage, whyNoUrl } from './pages.ts';
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
  /** Comments that stood under them and went along; deleted ones are not counted. */
  moved: number;
  /** The first MOST_TOLD. */
  errors: AliasError[];
  /** There were more. */
  errorsCapped?: true;
}

/** Errors that are told one by one: both addresses of as many aliases as one call of JSON takes. A table has more rows. */
export const MOST_TOLD = 2000;

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

type Joined = Omit<AliasesAdded, 'errors' | 'errorsCapped'> | Refused;

/** Addresses that can be joined, with the page that the second one is, or would be. */
interface Pair {
  alias: string;
  target: Page;
  url: string;
}

interface Refused {
  errors: Omit<AliasError, 'index'>[];
}

const newPageAt = ({ keys }: Pick<Deps, 'keys'>, site: string, url: string): Page => ({
  ...{ site, key: newPageKey(keys, site, urlReference(url)), url, id: null, title: null },
  ...NO_RULES,
});

const refused = (errors: Refused['errors']): Refused => ({ errors });
const LOOP = refused([{ pointer: '/alias', code: 'invalid' }]);

/** Reads what was given and finds its page; says what is wrong with it instead. */
async function readPair(deps: Deps, site: Site, given: AliasGiven): Promise<Pair | Refused> {
  const alias = canonicalUrl(given.alias, site.policy.pages);
  const url = pageUrlOf(site, given.page);
  const errors: Refused['errors'] = [];
  if (alias === null) errors.push({ pointer: '/alias', code: whyNoUrl(given.alias) });
  if (url === null) errors.push({ pointer: '/page', code: whyNoPage(site, given.page) });
  if (alias === null || url === null) return refused(errors);
  if (alias.identity === url.identity) return LOOP;
  const known = await deps.sites.findPage(site.id, urlReference(url.identity));
  const target = known ?? newPageAt(deps, site.id, url.identity);
  return { alias: alias.identity, target, url: url.identity };
}

/** Joins one address to a page. The store has the alias when this returns: those of one site are joined in that order. */
async function join(
  deps: Deps,
  site: Site,
  { alias, target, url, by }: Pair & { by: Actor },
): Promise<Joined> {
  const now = deps.clock.now();
  const act = entryOf(deps, { by, action: 'alias-added', site: site.id, note: `${alias} → ${url}` });
  const joined = await deps.sites.addAlias(
    { id: deps.ids.next(now), site: site.id, alias, page: url, createdAt: now },
    target,
    { act },
  );
  if (joined.result === 'loop') return LOOP;
  return joined.result === 'added' ? { added: 1, moved: joined.moved } : { added: 0, moved: 0 };
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
  const pair = await readPair(deps, site, given);
  const joined = 'errors' in pair ? pair : await join(deps, site, { ...pair, by: given.by });
  if ('errors' in joined) throw validationFailed(joined.errors);
  return { ...joined, errors: [] };
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
  const readNext = (one: AliasGiven): Promise<Pair | Refused> | Refused => {
    const identity = canonicalUrl(one.alias, site.policy.pages)?.identity;
    if (identity === undefined || !seen.has(identity)) {
      if (identity !== undefined) seen.add(identity);
      return readPair(deps, site, one);
    }
    return refused([{ pointer: '/alias', code: 'duplicate' }]);
  };
  for (let start = 0; start < given.length; start += AT_ONCE) {
    // All are looked up before the first is joined: which look-up takes longer must not change their order.
    const pairs = await Promise.all(given.slice(start, start + AT_ONCE).map(readNext));
    const results = await Promise.all(
      pairs.map((pair) => ('errors' in pair ? pair : join(deps, site, { ...pair, by }))),
    );
    for (const [offset, joined] of results.entries()) {
      if ('errors' in joined) {
        for (const error of joined.errors)
          if (answer.errors.length < MOST_TOLD) answer.errors.push({ index: start + offset, ...error });
          else answer.errorsCapped = true;
        continue;
      }
      answer.added += joined.added;
      answer.moved += joined.moved;
    }
    // Where all were refused nothing was waited for.
    await nextTurn();
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
  const own = newPageAt(deps, site.id, canonical);
  if (!(await deps.sites.removeAlias(own, { act }))) throw new AppError('not-found');
}
