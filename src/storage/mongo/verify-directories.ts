import type { AuthorEntry } from '../../authors/author-store.ts';
import { STATUSES } from '../../comments/comment.ts';
import { type Counts, NO_COUNTS } from '../../comments/counts.ts';
import type { Difference, DifferenceValue } from '../../comments/difference.ts';
import { groupBy } from '../../group-by.ts';
import { type AuthorName, createAuthorReading, uniqueWords } from './author-facts.ts';
import type { Database } from './database.ts';
import type { Directory } from './directory.ts';
import { createPageReading } from './page-facts.ts';
import { pageId } from './page-writes.ts';

export interface VerifyDirectoriesParts {
  database: Pick<Database, 'comments' | 'authors' | 'pages' | 'pageFacts' | 'directoryTodo' | 'sites'>;
  directory: Pick<Directory, 'catchUp' | 'refreshAuthors' | 'refreshPages'>;
}

/** Entries looked at together. */
const CHUNK = 100;

/** What is kept of one author or page, beside what is due; null where there is none. `rev` is what it was kept by. */
interface Pair {
  kept: (Record<string, unknown> & { rev: string }) | null;
  due: Record<string, unknown> | null;
}

interface Kind {
  what: 'author' | 'page';
  /** Which comments are its own. */
  comments: object;
  site: string;
  key: string;
  read(): Promise<Pair>;
  mend(kept: Pair['kept']): Promise<void>;
}

/**
 * The directories of authors and pages against comments, beside instances that go on writing. An entry that differs
 * is looked at again alone; while one of its comments waits to be folded or is on the list of what is to be filled
 * in, or the entry was written meanwhile, it is under way.
 */
export async function* verifyDirectories(
  { database, directory }: VerifyDirectoriesParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { comments, authors, pages, pageFacts, directoryTodo, sites } = database;

  /** From the rows themselves: counters may be wrong. */
  async function countsOf(scopes: string[]): Promise<Map<string, Counts>> {
    const counted = scopes.map(async (scope): Promise<[string, Counts]> => {
      const [family, site = '', key = ''] = scope.split('/');
      const whose = family === 'a' ? { 'author.key': key } : { page: key };
      const sums = await comments
        .aggregate<{ _id: keyof Counts; n: number }>([
          { $match: { site, ...whose, queue: { $in: [...STATUSES] } } },
          { $group: { _id: '$queue', n: { $sum: 1 } } },
        ])
        .toArray();
      return [scope, { ...NO_COUNTS, ...Object.fromEntries(sums.map(({ _id, n }) => [_id, n])) }];
    });
    return new Map(await Promise.all(counted));
  }
  const readAuthors = createAuthorReading(database, countsOf);
  const readPage = createPageReading(database, countsOf);

  async function isUnderWay({ comments: own, site, key, what }: Kind): Promise<boolean> {
    if (await comments.findOne({ work: true, site, ...own }, { projection: { _id: 1 }, hint: 'work' }))
      return true;
    const page = what === 'page' && (await pages.findOne({ _id: pageId(site, key) }));
    if (page && (page.unlisted || page.retitled)) return true;
    for (const todo of await directoryTodo.find().toArray()) {
      if (what === 'page' && todo.pages.includes(pageId(site, key))) return true;
      const mine = { _id: { $in: todo.comments }, site, ...own };
      if (await comments.findOne(mine, { projection: { _id: 1 }, hint: '_id_' })) return true;
    }
    return (await sites.findOne({ _id: site, removing: true }, { projection: { _id: 1 } })) !== null;
  }

  async function* differencesOf(kind: Kind): AsyncGenerator<Difference> {
    await directory.catchUp([kind.site]);
    const { kept, due } = await kind.read();
    const found = wrongMembers(kind, { kept, due });
    if (found.length === 0 || (await isUnderWay(kind))) return;
    if ((await kind.read()).kept?.rev !== kept?.rev) return;
    if (repair) await kind.mend(kept);
    for (const difference of found) yield { ...difference, repaired: repair };
  }

  const authorKind = ({ key, site, comment }: AuthorName): Kind => ({
    what: 'author',
    comments: { 'author.key': key },
    site,
    key,
    async read() {
      const kept = await authors.findOne({ _id: key });
      const [due] = comment === null ? [] : await readAuthors(site, [{ key, site, comment }]);
      return { kept: kept && { ...kept, key }, due: due ? wordedEntry(due) : null };
    },
    async mend(kept) {
      if (comment === null) await authors.deleteOne({ _id: key, rev: kept?.rev });
      else await directory.refreshAuthors([{ key, site, comment }]);
    },
  });

  async function* wrongAuthors(): AsyncGenerator<Difference> {
    const written = comments.aggregate<{ _id: string; site: string; comment: string }>(
      [
        { $match: { queue: { $in: [...STATUSES] }, 'author.key': { $type: 'string' } } },
        { $group: { _id: '$author.key', site: { $first: '$site' }, comment: { $first: '$_id' } } },
        { $sort: { _id: 1 } },
      ],
      { allowDiskUse: true },
    );
    for await (const chunk of inChunks(written)) {
      const kept = await authors.find({ _id: { $in: chunk.map(({ _id }) => _id) } }).toArray();
      const byKey = new Map(kept.map((doc) => [doc._id, doc]));
      for (const [site, named] of groupBy(chunk, (one) => one.site)) {
        const names = named.map(({ _id: key, comment }) => ({ key, site, comment }));
        const due = new Map((await readAuthors(site, names)).map((entry) => [entry.key, entry]));
        for (const name of names) {
          const [doc, entry] = [byKey.get(name.key), due.get(name.key)];
          const pair = {
            kept: doc ? { ...doc, key: name.key } : null,
            due: entry ? wordedEntry(entry) : null,
          };
          const kind = authorKind(name);
          if (wrongMembers(kind, pair).length > 0) yield* differencesOf(kind);
        }
      }
    }
    // Entries of whom there is no comment.
    for await (const { _id: key, site } of authors.find({ comments: { $gt: 0 } }).sort({ _id: 1 })) {
      const any = { site, 'author.key': key, queue: { $in: [...STATUSES] } };
      if (!(await comments.findOne(any, { projection: { _id: 1 }, hint: 'queue-of-author' })))
        yield* differencesOf(authorKind({ key, site, comment: null }));
    }
  }

  const pageKind = (site: string, key: string): Kind => ({
    what: 'page',
    comments: { page: key },
    site,
    key,
    async read() {
      const [kept, page] = await Promise.all([
        pageFacts.findOne({ _id: pageId(site, key) }),
        pages.findOne({ _id: pageId(site, key), joined: { $exists: false } }),
      ]);
      return { kept: kept && { ...kept }, due: page && (await readPage(page)) };
    },
    mend: () => directory.refreshPages([pageId(site, key)]),
  });

  async function* wrongPages(): AsyncGenerator<Difference> {
    for await (const page of pages.find().sort({ _id: 1 })) {
      const kind = pageKind(page.site, page.key);
      if (wrongMembers(kind, await kind.read()).length > 0) yield* differencesOf(kind);
    }
    for await (const { _id, site, key } of pageFacts.find().sort({ _id: 1 })) {
      if (!(await pages.findOne({ _id }, { projection: { _id: 1 } })))
        yield* differencesOf(pageKind(site, key));
    }
  }

  yield* wrongAuthors();
  yield* wrongPages();
}

const wordedEntry = (entry: AuthorEntry): Record<string, unknown> => ({
  ...entry,
  words: uniqueWords(entry.names),
});

/** What is text is told as being right or not: a name or a sealed address is nobody's business here. */
function wrongMembers({ what, site, key }: Kind, { kept, due }: Pair): Omit<Difference, 'repaired'>[] {
  const where = `${site}/${key}`;
  if (!kept || !due) return kept || due ? [{ what, where, kept: kept !== null, due: due !== null }] : [];
  return Object.entries(due).flatMap(([name, should]) => {
    const stands = kept[name];
    if (JSON.stringify(stands) === JSON.stringify(should)) return [];
    const areNumbers = typeof stands === 'number' && typeof should === 'number';
    const [is, is_due]: DifferenceValue[] = areNumbers ? [stands, should] : [false, true];
    return [{ what, where: `${where} ${name}`, kept: is ?? false, due: is_due ?? true }];
  });
}

async function* inChunks<One>(all: AsyncIterable<One>): AsyncGenerator<One[]> {
  let chunk: One[] = [];
  for await (const one of all) {
    chunk.push(one);
    if (chunk.length < CHUNK) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
