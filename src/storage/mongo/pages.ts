import { LRUCache } from 'lru-cache';
import type { Submission } from '../../comments/comment-store.ts';
import { createPageCache } from '../../sites/page-cache.ts';
import { NO_RULES, type Page } from '../../sites/site.ts';
import { idReference, urlReference } from '../../sites/site-store.ts';
import { createById } from './by-id.ts';
import type { Database } from './database.ts';
import type { PageDoc } from './documents.ts';
import { createEpochs } from './epochs.ts';
import type { PageTitles } from './page-titles.ts';
import { createPageWrites, pageId, referenceId } from './page-writes.ts';

/**
 * Which page a reference leads to. A reference (`u:{URL}`, `i:{id}`) names the page that it was first known
 * as; an alias turns its URL into its target's; a page that an alias joined to another (`joined`) leads
 * where that alias does. Nothing is rewritten when an alias comes or goes: every way is followed afresh.
 */
export interface Pages {
  /** Where a comment on that page belongs now, and whether all its references are known already. */
  resolve(site: string, pageKey: string, page: Submission['page']): Promise<ResolvedPage>;
  /** Writes what `resolve` found missing, and says where the comment belongs then. */
  ensure(resolved: ResolvedPage): Promise<EnsuredPage>;
  /** Kept until it is heard that something about the page changed. */
  follow(site: string, reference: string): Promise<Page | null>;
  /** The pages that have one of these keys, kept as those of `follow` are. */
  byKeys(site: string, keys: string[]): Promise<Page[]>;
  /** As `follow`, from the store and not from memory; as if the page of the key `alone` were joined to no other. */
  lookUp(site: string, reference: string, alone?: string): Promise<Page | null>;
  /** The page where comments that stand under `key` belong. */
  keyAfter(site: string, key: string): Promise<string>;
  create(page: Page): Promise<void>;
  /** Has the page that an alias's address was known as lead where the alias does, also before it is written. */
  join(page: { site: string; key: string }, alias: string): Promise<void>;
  /** Changes whenever an alias of the site came or went, through any instance, or any page may have. */
  epoch(site: string): number;
  /** Forgets what is kept of the site, or of one of its pages; without a site, of all. */
  forget(site?: string, pageKey?: string): void;
}

export interface ResolvedPage {
  site: string;
  key: string;
  epoch: number;
  named: Submission['page'];
  /** What of that can become its own: an address that an alias leads on is not, or it would stay when the alias goes. */
  own: Submission['page'];
  /** What the first comment that names it brings: nothing where the page is known so already. */
  missing: { page: boolean; references: string[] };
}

export interface EnsuredPage {
  /** What was given, or where its references led meanwhile: somebody else named one of them at the same time. */
  place: ResolvedPage;
  /** Whether an answer that names the page changes by it. */
  renamed: boolean;
}

const KEPT_PAGES = 20_000;
/** Should a crash have kept another instance from telling, a page is read anew after so long. Milliseconds. */
const KEPT_MS = 60_000;
/** Aliases of aliases, no further: a circle made by two instances at once must end somewhere. */
const MAX_HOPS = 16;
/** How often a place is looked for anew because a reference went to another page meanwhile. */
const MAX_TRIES = 4;

export const aliasId = (site: string, alias: string): string => `${site} ${alias}`;

/** What a page is kept by beside its references, none of which is written so. */
const keyName = (key: string): string => `k:${key}`;
const urlOf = (reference: string): string | null => (reference.startsWith('u:') ? reference.slice(2) : null);

const isComplete = ({ missing }: ResolvedPage): boolean => !missing.page && missing.references.length === 0;

const referencesOf = (page: Submission['page']): string[] => [
  ...(page.id === null ? [] : [idReference(page.id)]),
  ...(page.url === null ? [] : [urlReference(page.url)]),
];

/** The address before the id: it is what two ways of naming one new page share, so whose it is decides. */
const addressFirst = (references: string[]): string[] =>
  [...references].sort((one, other) => Number(urlOf(one) === null) - Number(urlOf(other) === null));

export function pageOf(doc: PageDoc): Page {
  const { site, key, url, id, title } = doc;
  const { closed, moderation, publishedAt, version } = { ...NO_RULES, ...doc };
  return { site, key, url, id, title, closed, moderation, publishedAt, version };
}

/** `fresh` tells whether what is kept in memory may be trusted (stamps.ts). */
export function createPages(
  database: Pick<Database, 'pages' | 'references' | 'aliases'>,
  { fresh, titles }: { fresh: () => boolean; titles: Pick<PageTitles, 'carry'> },
): Pages {
  const { pages, references, aliases } = database;
  const writes = createPageWrites(database, titles);
  // A crowd comes at once, and so do the sites of who asks all of them for one page.
  const [pageById, referenceById, aliasById] = [
    createById(pages),
    createById(references),
    createById(aliases),
  ];
  const known = new LRUCache<string, ResolvedPage>({ max: KEPT_PAGES });
  const followed = createPageCache(KEPT_PAGES);
  let followedSince = Date.now();
  const epochs = createEpochs();

  const pageAt = (site: string, key: string): Promise<PageDoc | null> => pageById(pageId(site, key));
  const target = async (site: string, reference: string): Promise<string | null> => {
    const url = urlOf(reference);
    const alias = url === null ? null : await aliasById(aliasId(site, url));
    return alias ? urlReference(alias.page) : null;
  };

  /** Follows a reference, or one that is no alias (`isAlias: false`), or a page until nothing leads on. */
  async function walk(
    site: string,
    start: { reference?: string; page?: PageDoc | null; isAlias?: false; alone?: string },
  ): Promise<PageDoc | null> {
    let { reference, page = null, isAlias } = start;
    const seen = new Set<string>();
    for (let hops = 0; hops < MAX_HOPS; hops++) {
      if (reference === undefined) {
        // What leads in a circle, made by two instances at once, ends where it is come to again.
        if (!page?.joined || page.key === start.alone || seen.has(page.key)) return page;
        seen.add(page.key);
        reference = urlReference(page.joined);
      }
      const further = isAlias === false ? null : await target(site, reference);
      isAlias = undefined;
      if (further !== null) {
        reference = further;
        continue;
      }
      const found = await referenceById(referenceId(site, reference));
      // A join whose alias is gone leads back to the page itself.
      if (!found || found.key === page?.key) return page;
      page = await pageAt(site, found.key);
      reference = undefined;
    }
    return page;
  }

  /** A page that comments name but nobody has made: what an alias says of it, else itself. */
  async function placeOf(site: string, pageKey: string, named: Submission['page']): Promise<ResolvedPage> {
    const at = epochs.of(site);
    const names = referencesOf(named);
    const [docs, leadsOn] = await Promise.all([
      references.find({ _id: { $in: names.map((one) => referenceId(site, one)) } }).toArray(),
      named.url === null ? null : target(site, urlReference(named.url)),
    ]);
    const there = new Map(docs.map((doc) => [doc._id, doc.key]));
    let page: PageDoc | null = null;
    for (const reference of names) {
      // Of the address it is known already.
      const start = leadsOn === null ? { reference, isAlias: false as const } : { reference: leadsOn };
      page ??= await walk(site, urlOf(reference) === null ? { reference } : start);
    }
    // Whoever names a page writes its references first: it is that page, if not yet there.
    const taken = names.flatMap((reference) => there.get(referenceId(site, reference)) ?? [])[0];
    if (taken === undefined) page ??= await walk(site, { page: await pageAt(site, pageKey) });
    const key = page?.key ?? taken ?? pageKey;
    // An id may be that of a page which an alias joins to this one: it would stay here when that is itself again.
    const ofId = named.id === null ? key : (there.get(referenceId(site, idReference(named.id))) ?? key);
    const own = { ...named, ...(leadsOn !== null && { url: null }), ...(ofId !== key && { id: null }) };
    const lacks = (member: 'url' | 'id' | 'title'): boolean => !page?.[member] && Boolean(own[member]);
    return {
      site,
      key,
      epoch: at,
      named,
      own,
      missing: {
        page: !page || lacks('url') || lacks('id') || lacks('title'),
        references: referencesOf(own).filter((reference) => !there.has(referenceId(site, reference))),
      },
    };
  }

  const nameOf = (site: string, pageKey: string, { url, id, title }: Submission['page']): string =>
    `${site}\n${pageKey}\n${url ?? ''}\n${id ?? ''}\n${title ? 't' : ''}`;

  /** A crowd that comments on a page nobody has asked for yet looks for it once, and makes it once. */
  const resolving = new Map<string, Promise<ResolvedPage>>();
  const ensuring = new WeakMap<ResolvedPage, Promise<EnsuredPage>>();

  async function resolve(site: string, pageKey: string, named: Submission['page']): Promise<ResolvedPage> {
    const name = nameOf(site, pageKey, named);
    const kept = known.get(name);
    if (kept && kept.epoch === epochs.of(site)) return kept;
    // Whoever comes after an alias has come or gone must not be led by a look from before it.
    const id = `${epochs.of(site)}\n${name}`;
    let found = resolving.get(id);
    if (!found) {
      found = placeOf(site, pageKey, named).finally(() => resolving.delete(id));
      resolving.set(id, found);
    }
    const place = await found;
    if (isComplete(place)) known.set(name, place);
    return place;
  }

  async function ensure(place: ResolvedPage, tries = MAX_TRIES): Promise<EnsuredPage> {
    const { site, key, named, own, missing } = place;
    for (const reference of addressFirst(missing.references)) {
      const owner = await writes.claim(site, key, reference);
      // Whoever adds an alias writes it before looking for the reference: of the two one sees the other.
      const isLed = owner === key && (await target(site, reference)) !== null;
      if ((owner === key && !isLed) || tries === 0) continue;
      const anew = await placeOf(site, key, named);
      if (anew.key !== key) return ensure(anew, tries - 1);
    }
    const renamed = missing.page && (await writes.fill({ site, key, ...own }));
    // Through this instance the next answer shows it.
    if (renamed || missing.references.length > 0) followed.dropPage(site, key);
    return { place, renamed };
  }

  /** From memory as far as that may be trusted. */
  function keptPage(site: string, name: string): Page | undefined {
    if (Date.now() - followedSince > KEPT_MS) {
      followed.dropAll();
      followedSince = Date.now();
    }
    return fresh() ? followed.get(site, name) : undefined;
  }

  async function readByKeys(site: string, keys: string[]): Promise<Page[]> {
    if (keys.length === 0) return [];
    const found = pages.find({ _id: { $in: keys.map((key) => pageId(site, key)) } });
    return (await found.batchSize(10_000).toArray()).map(pageOf);
  }

  return {
    resolve,
    async ensure(place) {
      if (isComplete(place)) return { place, renamed: false };
      const written = ensuring.get(place) ?? ensure(place);
      ensuring.set(place, written);
      return written;
    },
    async follow(site, reference) {
      const kept = keptPage(site, reference);
      if (kept) return kept;
      return followed.fill(reference, async () => {
        const found = await walk(site, { reference });
        return found && pageOf(found);
      });
    },
    async byKeys(site, keys) {
      const kept = new Map(keys.map((key) => [key, keptPage(site, keyName(key))]));
      const missing = keys.filter((key) => !kept.get(key));
      const read = await followed.fillMany(
        () => readByKeys(site, missing),
        ({ key }) => keyName(key),
      );
      return [...[...kept.values()].flatMap((page) => page ?? []), ...read];
    },
    async lookUp(site, reference, alone) {
      const found = await walk(site, { reference, ...(alone !== undefined && { alone }) });
      return found ? pageOf(found) : null;
    },
    async keyAfter(site, key) {
      const page = await walk(site, { page: await pageAt(site, key) });
      return page?.key ?? key;
    },
    async create(page) {
      // In this order everywhere: who dies in between leaves no page that its address does not lead to.
      await Promise.all(referencesOf(page).map((reference) => writes.claim(page.site, page.key, reference)));
      await writes.fill(page);
      followed.dropPage(page.site, page.key);
    },
    join: writes.join,
    epoch: epochs.of,
    forget(site, pageKey) {
      if (site !== undefined && pageKey !== undefined) return followed.dropPage(site, pageKey);
      if (site === undefined) followed.dropAll();
      else followed.dropSite(site);
      epochs.rise(site);
    },
  };
}
