import type { Database } from 'better-sqlite3';
import { createPause } from '../../pause.ts';
import { createPageCache } from '../../sites/page-cache.ts';
import type { Alias, Page, Site } from '../../sites/site.ts';
import type { SiteStore } from '../../sites/site-store.ts';
import type { Change } from '../storage.ts';
import type { Connections } from './comments.ts';
import type { Directory } from './directory.ts';
import { createMover } from './mover.ts';
import { WAITS } from './operations/aliases.ts';
import { removalMark } from './operations/sites.ts';
import { createPageLookup, type PageRow, pageOf } from './page-lookup.ts';
import { createPageList } from './reads/page-list.ts';
import { BOUND_LIMIT } from './rows.ts';

/** Milliseconds after a failure. */
const FAILED_MS = 1000;

export interface SqliteSiteStore extends SiteStore {
  /** Forgets what is kept in memory of the site, or of one of its pages. */
  drop(change: Change): void;
  /** Takes up what an earlier process did not finish: removals, and comments on their way to another page. */
  resume(): Promise<void>;
  /** The same while the store serves: nobody sees what is left. Tried again where the store takes nothing. */
  resumeBehind(): void;
  /** Ends what goes on behind the calls; what is left of it is taken up by the next process. */
  stop(): Promise<void>;
}

/** SiteStore on SQLite. Sites are few and asked for by every request, so they are kept in memory once read. */
export function createSiteStore(parts: Connections & { directory: Directory }): SqliteSiteStore {
  const { db, commits, directory } = parts;
  const mover = createMover(parts);
  const pageList = createPageList(db);
  const lookup = createPageLookup(db);
  const pages = createPageCache();
  const bodyOf = db
    .prepare<[string], string>('SELECT body FROM sites WHERE id = ? AND body IS NOT NULL')
    .pluck();
  const allIds = db.prepare<[], string>('SELECT id FROM sites WHERE body IS NOT NULL ORDER BY id').pluck();
  const marks = db
    .prepare<[], string>("SELECT name FROM meta WHERE name >= 'removing/' AND name < 'removing0'")
    .pluck();
  const walked = db.prepare<[string, string, number], PageRow>(walkPagesSql());
  const known = new Map<string, Site>();
  const list = createSiteList(db, find);
  const aliases = createAliasList(db);

  /** From memory where it is: what changes a page drops it by its key. No reference is written so. */
  function pageByKey(site: string, key: string): Page[] {
    const kept = pages.get(site, `k:${key}`);
    if (kept) return [kept];
    const row = lookup.byKey(site, key);
    if (!row) return [];
    const page = pageOf(row);
    pages.put(`k:${key}`, page);
    return [page];
  }

  function find(id: string): Site | null {
    const kept = known.get(id);
    if (kept) return kept;
    const body = bodyOf.get(id);
    if (body === undefined) return null;
    const site = JSON.parse(body) as Site;
    known.set(id, site);
    return site;
  }

  const { rest, wake } = createPause();
  let stopped = false;
  let behind: Promise<void> | undefined;

  async function purge(id: string): Promise<void> {
    while (!stopped && !(await commits.execute('purgeSite', id)));
  }

  async function resume(): Promise<void> {
    for (const name of marks.all()) await purge(name.slice(removalMark('').length));
    await mover.settled();
  }

  async function resumeUntilDone(): Promise<void> {
    while (!stopped) {
      try {
        return await resume();
      } catch {
        // The store is full or away, and says so to whoever writes.
        await rest(FAILED_MS);
      }
    }
  }

  /** Done again where it had to wait; answered once all that it took along has arrived. */
  async function withMoves<Result>(call: () => Promise<Result | typeof WAITS>): Promise<Result> {
    for (;;) {
      const result = await call();
      await mover.settled();
      if (result !== WAITS) return result;
    }
  }

  return {
    create: (site, audited) => commits.execute('createSite', { site, ...audited }),
    find: async (id) => find(id),
    // Nobody else writes the file: what is in memory stands.
    standing: async (id) => find(id),
    ids: async () => allIds.all(),
    list: async (query) => list(query),
    replace: (site, expected, audited) => commits.execute('replaceSite', { site, expected, ...audited }),
    async remove(id, audited) {
      const ended = await commits.execute('removeSite', { id, ...audited });
      if (ended === null) return false;
      for (const receiver of ended) while (await commits.execute('clearDeliveries', receiver));
      await purge(id);
      return true;
    },
    async findPage(site, reference) {
      const kept = pages.get(site, reference);
      if (kept) return kept;
      const row = lookup.byReference(site, reference);
      if (!row) return null;
      const page = pageOf(row);
      pages.put(reference, page);
      return page;
    },
    findPagesByKey: async (site, keys) => keys.flatMap((key) => pageByKey(site, key)),
    async listPages(query) {
      await directory.catchUp();
      return pageList.list(query);
    },
    async countPages(filter, cap) {
      await directory.catchUp();
      return pageList.count(filter, cap);
    },
    async walkPages({ site, after, limit }) {
      const rows = walked.all(site, after, limit);
      return {
        pages: rows.filter(({ moved_to }) => moved_to === null).map(pageOf),
        next: rows.length < limit ? null : (rows.at(-1)?.key ?? null),
      };
    },
    ensurePage: (page) => commits.execute('ensurePage', page),
    updatePage: (page, patch, on) => commits.execute('updatePage', { page, patch, ...on }),
    addAlias: (alias, target, audited) =>
      withMoves(() => commits.execute('addAlias', { alias, target, ...audited })),
    aliases: async (query) => aliases(query),
    removeAlias: (own, audited) => withMoves(() => commits.execute('removeAlias', { own, ...audited })),
    drop(change) {
      if (change.kind === 'page') pages.dropPage(change.site, change.pageKey);
      if (change.kind !== 'site') return;
      known.delete(change.site);
      pages.dropSite(change.site);
    },
    resume,
    resumeBehind() {
      behind = resumeUntilDone();
    },
    async stop() {
      stopped = true;
      wake();
      await mover.stop();
      await behind;
    },
  };
}

/** Binds the site, the key to begin beyond, and the limit. */
export function walkPagesSql(): string {
  return `SELECT * FROM pages WHERE site = ? AND key > ? ORDER BY key LIMIT ${BOUND_LIMIT}`;
}

/** Binds the moment and id to begin before, and the limit. */
export function siteListSql(): string {
  return `SELECT id FROM sites INDEXED BY sites_newest
    WHERE body IS NOT NULL AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ${BOUND_LIMIT}`;
}

function createSiteList(db: Database, find: (id: string) => Site | null): (query: SiteQuery) => SiteList {
  const newest = db.prepare<[number, string, number], string>(siteListSql()).pluck();
  // Of a removed site the row stays: a list is walked on from it.
  const createdAt = db.prepare<[string], number>('SELECT created_at FROM sites WHERE id = ?').pluck();
  const count = db.prepare<[], number>('SELECT count(*) FROM sites WHERE body IS NOT NULL').pluck();
  const newestFirst = (a: Site, b: Site): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);

  return db.transaction(({ scope, before, limit }: SiteQuery) => {
    const start = before === undefined ? undefined : createdAt.get(before);
    if (before !== undefined && start === undefined)
      return { items: [], total: scope?.length ?? count.get() ?? 0 };
    if (scope === null) {
      const ids = newest.all(start ?? Number.MAX_SAFE_INTEGER, before ?? '', limit);
      return { items: ids.flatMap((id) => find(id) ?? []), total: count.get() ?? 0 };
    }
    const sites = [...new Set(scope)].flatMap((id) => find(id) ?? []).sort(newestFirst);
    const older = (site: Site): boolean =>
      start === undefined || site.createdAt < start || (site.createdAt === start && site.id < (before ?? ''));
    return { items: sites.filter(older).slice(0, limit), total: sites.length };
  });
}

type SiteQuery = Parameters<SiteStore['list']>[0];
type SiteList = Awaited<ReturnType<SiteStore['list']>>;
type AliasQuery = Parameters<SiteStore['aliases']>[0];
type AliasList = Awaited<ReturnType<SiteStore['aliases']>>;

/** Binds the site, the id to begin before, and the limit. */
export function aliasListSql(): string {
  return `SELECT id, site, alias, page, created_at AS createdAt FROM aliases INDEXED BY aliases_newest
    WHERE site = ? AND id < ? ORDER BY id DESC LIMIT ${BOUND_LIMIT}`;
}

function createAliasList(db: Database): (query: AliasQuery) => AliasList {
  const newest = db.prepare<[string, string, number], Alias>(aliasListSql());
  const count = db
    .prepare<[string], number>('SELECT count(*) FROM aliases INDEXED BY aliases_newest WHERE site = ?')
    .pluck();
  // Every id sorts before '~'.
  return db.transaction(({ site, before, limit }: AliasQuery) => ({
    items: newest.all(site, before ?? '~', limit),
    total: count.get(site) ?? 0,
  }));
}
