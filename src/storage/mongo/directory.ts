import { type AuthorName, createAuthorFacts, uniqueNames } from './author-facts.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { CountReader } from './counters.ts';
import type { Database } from './database.ts';
import { DURABLE } from './database.ts';
import type { DirectoryTodoDoc } from './documents.ts';
import { createPageFacts } from './page-facts.ts';
import { pageId, siteOfPage } from './page-writes.ts';

/** Keeps the directories of authors and pages near what was written, and brings them up to it when they are read. */
export interface Directory {
  /** Fulfilled when what was written to these sites before the call is in the directories. */
  catchUp(sites: string[]): Promise<void>;
  /** The site of an author who is in the directory by what stands on the todo list alone. */
  siteOf(key: string): Promise<string | undefined>;
  /**
   * Goes on with the todo list, some authors and pages at a time, since events and counters wait for it; false where
   * there is nothing on it. For the holder of the fold's lease.
   */
  step(): Promise<boolean>;
  /** How many entries wait, no further than a few thousand. */
  waiting(): Promise<number>;
  /** Once, in a database from before there were directories: everything is put on the todo list. */
  begin(): Promise<void>;
  refreshPages(ids: string[]): Promise<void>;
  refreshAuthors(names: AuthorName[]): Promise<void>;
}

type Touched = Pick<CommentDoc, '_id' | 'site' | 'page'> & { author: { key: string | null } } & {
  tail?: { page: string; author?: string | null }[];
};
const TOUCHED = { site: 1, page: 1, 'author.key': 1, 'tail.page': 1, 'tail.author': 1 } as const;

/** Whose the comment is, and whose it was before what waits in its tail. */
function namesOf({ _id, site, author, tail = [] }: Touched): AuthorName[] {
  const keys = new Set([author.key, ...tail.map((entry) => entry.author ?? null)]);
  return [...keys].flatMap((key) =>
    key === null ? [] : [{ key, site, comment: key === author.key ? _id : null }],
  );
}

interface Named {
  authors: AuthorName[];
  /** Ids. */
  pages: string[];
}

const MOST_COUNTED = 2000;
/** Entries that are taken together, so that who is in many of them is looked at once: up to a thousand comments each. */
const TAKEN = 40;
const IDS_AT_ONCE = 10_000;
/** Of one step. Of an author who wrote much hundreds of comments are read. */
const AUTHORS_AT_ONCE = 100;
const PAGES_AT_ONCE = 50;
const CHUNK = 1000;
const BEGUN = 'directories';

export function createDirectory(database: Database, counts: CountReader): Directory {
  const { comments, counters, pages, directoryTodo, meta } = database;
  const authorFacts = createAuthorFacts(database, counts);
  const pageFacts = createPageFacts(database, counts);

  /** Whom the entries name, and whom these comments touched; each once. */
  async function namedBy(todos: DirectoryTodoDoc[], also: Touched[]): Promise<Named> {
    const ids = [...new Set(todos.flatMap((todo) => todo.comments))];
    const touched = [...also];
    // In pieces: the ids of a flood are more than one command may carry.
    for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
      const some = comments
        .find({ _id: { $in: ids.slice(start, start + IDS_AT_ONCE) } })
        .project<Touched>(TOUCHED)
        .batchSize(IDS_AT_ONCE + 1);
      touched.push(...(await some.toArray()));
    }
    const left = todos.flatMap((todo) => todo.authors ?? []);
    const pagesOf = touched.flatMap(({ site, page, tail = [] }) =>
      [page, ...tail.map((entry) => entry.page)].map((key) => pageId(site, key)),
    );
    return {
      authors: uniqueNames([
        ...touched.flatMap(namesOf),
        ...left.map(({ site, key }) => ({ site, key, comment: null })),
      ]),
      pages: [...new Set([...pagesOf, ...todos.flatMap((todo) => todo.pages)])],
    };
  }

  async function strike(ids: string[]): Promise<void> {
    if (ids.length > 0) await directoryTodo.deleteMany({ _id: { $in: ids } });
  }

  /** Brings in what is of these sites; whether that was all. */
  async function work(todos: DirectoryTodoDoc[], also: Touched[], sites: Set<string>): Promise<boolean> {
    const named = await namedBy(todos, also);
    const asked = {
      authors: named.authors.filter(({ site }) => sites.has(site)),
      pages: named.pages.filter((id) => sites.has(siteOfPage(id))),
    };
    await authorFacts.refresh(asked.authors);
    await pageFacts.refresh(asked.pages);
    return asked.authors.length + asked.pages.length === named.authors.length + named.pages.length;
  }

  /**
   * Of entries that stand on the list the sites whose part is in already: an entry never changes, and none has the
   * name of one before it. Who asks for one site
   * waits for what is of that one, once, and leaves the rest to `step`.
   */
  let broughtIn = new Map<string, Set<string>>();

  /** What `step` has taken from the list and not brought in yet. After a crash it stands on the list as before. */
  let taken: (Named & { ids: string[] }) | null = null;

  async function take(): Promise<typeof taken> {
    const todos = await directoryTodo.find().sort({ _id: 1 }).limit(TAKEN).toArray();
    if (todos.length === 0) return null;
    return { ...(await namedBy(todos, [])), ids: todos.map(({ _id }) => _id) };
  }

  async function look(sites: string[]): Promise<void> {
    // What is not folded first: what is folded meanwhile is on the list by then.
    const unfolded = await comments
      .find({ work: true, site: { $in: sites } })
      .project<Touched>(TOUCHED)
      .hint('work')
      .batchSize(10_000)
      .toArray();
    const todos = await directoryTodo.find().toArray();
    broughtIn = new Map(todos.map(({ _id }) => [_id, broughtIn.get(_id) ?? new Set()]));
    const fresh = todos.filter(({ _id }) => sites.some((site) => !broughtIn.get(_id)?.has(site)));
    if (fresh.length + unfolded.length === 0) return;
    if (await work(fresh, unfolded, new Set(sites))) await strike(fresh.map(({ _id }) => _id));
    else for (const { _id } of fresh) for (const site of sites) broughtIn.get(_id)?.add(site);
  }
  const turns = createTurns(look);

  return {
    catchUp: (sites) => turns.join(sites),
    async siteOf(key) {
      const { authors } = await namedBy(await directoryTodo.find().toArray(), []);
      return authors.find((author) => author.key === key)?.site;
    },
    async step() {
      const current = taken ?? (await take());
      // Where it fails it is taken anew.
      taken = null;
      if (!current) return false;
      await authorFacts.refresh(current.authors.splice(0, AUTHORS_AT_ONCE));
      await pageFacts.refresh(current.pages.splice(0, PAGES_AT_ONCE));
      if (current.authors.length + current.pages.length > 0) taken = current;
      else await strike(current.ids);
      return true;
    },
    waiting: () => directoryTodo.countDocuments({}, { limit: MOST_COUNTED }),
    async begin() {
      if (await meta.findOne({ _id: BEGUN })) return;
      for (let after = ''; ; ) {
        const found = await pages
          .find({ _id: { $gt: after } })
          .project<{ _id: string }>({ _id: 1 })
          .sort({ _id: 1 })
          .limit(CHUNK)
          .toArray();
        const last = found.at(-1);
        if (!last) break;
        after = last._id;
        await put(`pages ${after}`, { comments: [], pages: found.map(({ _id }) => _id) });
      }
      for (let after = 'a/'; ; ) {
        const found = await counters
          .find({ _id: { $gt: after, $lt: 'a0' } })
          .project<{ _id: string }>({ _id: 1 })
          .sort({ _id: 1 })
          .limit(CHUNK)
          .toArray();
        const last = found.at(-1);
        if (!last) break;
        after = last._id;
        await put(`authors ${after}`, { comments: await oneOfEach(found), pages: [] });
      }
      await meta.updateOne({ _id: BEGUN }, { $set: { version: 1 } }, { upsert: true, writeConcern: DURABLE });
    },
    refreshPages: (ids) => pageFacts.refresh(ids),
    refreshAuthors: (names) => authorFacts.refresh(names),
  };

  async function put(_id: string, entry: Omit<DirectoryTodoDoc, '_id'>): Promise<void> {
    await directoryTodo.replaceOne({ _id }, entry, { upsert: true, writeConcern: DURABLE });
  }

  /** A comment of each author that counters name. */
  async function oneOfEach(scopes: { _id: string }[]): Promise<string[]> {
    const ids: string[] = [];
    for (const { _id } of scopes) {
      const [, site = '', key = ''] = _id.split('/');
      const row = await comments.findOne(
        { site, 'author.key': key },
        { projection: { _id: 1 }, hint: 'queue-of-author' },
      );
      if (row) ids.push(row._id);
    }
    return ids;
  }
}

/** Lets those who come while one look is under way share the next: a look must begin after its caller came. */
function createTurns(look: (sites: string[]) => Promise<void>): { join(sites: string[]): Promise<void> } {
  let current: Promise<void> | null = null;
  let next: { sites: Set<string>; done: Promise<void> } | null = null;
  const begin = (sites: Set<string>): Promise<void> => {
    const done = look([...sites]).finally(() => {
      if (current === done) current = null;
    });
    current = done;
    return done;
  };
  return {
    join(sites) {
      if (next) {
        for (const site of sites) next.sites.add(site);
        return next.done;
      }
      if (!current) return begin(new Set(sites));
      const waiting = new Set(sites);
      const begun = (): Promise<void> => {
        next = null;
        return begin(waiting);
      };
      next = { sites: waiting, done: current.then(begun, begun) };
      return next.done;
    },
  };
}
