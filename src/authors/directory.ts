import type { Deps } from '../deps.ts';
import { AppError, validationFailed } from '../errors.ts';
import { sitesOf } from '../moderation/queue.ts';
import { recordAct } from '../moderation/record.ts';
import { findSite } from '../sites/manage.ts';
import type { Principal } from '../staff/principal.ts';
import { actorOf, seesSite } from '../staff/principal.ts';
import { foldQuery } from '../text/words.ts';
import type { AuthorEntry, AuthorFilter, AuthorPosition, AuthorSort } from './author-store.ts';
import { sortValueOf } from './author-store.ts';
import { authorKey, parseEmail } from './email.ts';
import type { AuthorView } from './profile.ts';
import { emptyEntry, presentAuthors } from './profile.ts';
import { heldOf, setAuthorKeys } from './set-standings.ts';
import type { Standing } from './standing.ts';

/** Totals are counted this far. */
const TOTAL_CAP = 10_000;

export interface AuthorsRequest {
  /** One site, or undefined for all that the caller sees. */
  site?: string;
  standing?: Standing;
  /** What names are searched for. */
  q?: string;
  sort: AuthorSort;
  from?: AuthorPosition;
  limit: number;
}

export interface AuthorsSlice {
  items: AuthorView[];
  total: number;
  totalCapped?: true;
  next: AuthorPosition | null;
}

/** What a wish for one standing means for the directory, which knows only what comments tell. */
async function ofStanding(deps: Deps, sites: string[], standing: Standing): Promise<Partial<AuthorFilter>> {
  if (standing !== 'new' && standing !== 'known') return { only: await setAuthorKeys(deps, sites, standing) };
  const held = await heldOf(deps, sites);
  const measures = await Promise.all(
    sites.map(async (id) => [id, (await findSite(deps, id)).policy.trust] as const),
  );
  return { without: held.map(({ key }) => key), trust: { is: standing, measures: new Map(measures) } };
}

/** A page of the authors of one site or of all that the caller sees. */
export async function listAuthors(
  deps: Deps,
  principal: Principal,
  request: AuthorsRequest,
): Promise<AuthorsSlice> {
  const { site, standing, q, sort, from, limit } = request;
  const sites = await sitesOf(deps, principal, site);
  const words = q === undefined ? [] : foldQuery(q);
  // Signs without a letter ask for nothing that a name could hold.
  if (q !== undefined && q.trim() !== '' && words.length === 0) return { items: [], total: 0, next: null };
  const filter: AuthorFilter = {
    sites,
    ...(words.length > 0 && { words }),
    ...(standing && (await ofStanding(deps, sites, standing))),
  };
  const found = await deps.authors.list({ ...filter, sort, from, limit: limit + 1 });
  const counted = await deps.authors.count(filter, TOTAL_CAP + 1);
  const entries = found.slice(0, limit);
  const last = entries.at(-1);
  return {
    items: await presentAuthors(deps, entries),
    ...(counted > TOTAL_CAP ? { total: TOTAL_CAP, totalCapped: true } : { total: counted }),
    next: found.length > limit && last ? { key: last.key, value: sortValueOf(last, sort) } : null,
  };
}

const isKnownOf = ({ comments }: AuthorEntry): boolean => comments > 0;

/** An author within the caller's scope, by key. Throws `not-found`, also where nothing is left to tell. */
export async function findAuthor(
  deps: Deps,
  principal: Principal,
  { key, site }: { key: string; site?: string },
): Promise<AuthorEntry> {
  const [entry, record] = await Promise.all([deps.authors.find(key), deps.authors.findStanding(key)]);
  const found = entry && isKnownOf(entry) ? entry : record && emptyEntry(record);
  const isInScope = found && seesSite(principal, found.site) && (site === undefined || site === found.site);
  if (!isInScope || !(await deps.sites.find(found.site))) throw new AppError('not-found');
  return found;
}

/** Throws `not-found`. */
export async function describeAuthor(
  deps: Deps,
  principal: Principal,
  name: { key: string; site?: string },
): Promise<AuthorView> {
  const [view] = await presentAuthors(deps, [await findAuthor(deps, principal, name)]);
  if (!view) throw new AppError('not-found');
  return view;
}

/**
 * The author behind an address. That somebody asked is audited, the address is not: it stands in no
 * answer, no entry and no error. Throws `site-not-found`, `not-found`, `validation-failed`.
 */
export async function lookUpAuthor(
  deps: Deps,
  principal: Principal,
  given: { site: string; email: string },
): Promise<AuthorView> {
  const [site = ''] = await sitesOf(deps, principal, given.site);
  const email = parseEmail(given.email);
  if (!email) throw validationFailed([{ pointer: '/email', code: 'invalid-email' }]);
  const own = authorKey(email, deps.keys, site);
  // Who never wrote as a guest is known by their sign-in.
  const [key = own] = (await deps.authors.find(own)) ? [own] : await deps.identities.keysOf(own);
  await recordAct(deps, {
    by: actorOf(principal),
    action: 'author-looked-up',
    site,
    subject: key,
    note: null,
  });
  return describeAuthor(deps, principal, { key, site });
}
