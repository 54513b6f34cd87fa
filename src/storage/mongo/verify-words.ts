import type { Difference } from '../../comments/difference.ts';
import { searchWords } from '../../moderation/search.ts';
import { newMark } from './carry.ts';
import { chunksById } from './chunks.ts';
import { type CommentDoc, commentOf, shardOf } from './comment-doc.ts';
import { type Database, DURABLE } from './database.ts';
import type { PageDoc } from './documents.ts';
import { pageId } from './page-writes.ts';
import type { Readiness } from './search/readiness.ts';
import type { Terms } from './search/terms.ts';

export interface VerifyWordsParts {
  database: Pick<Database, 'comments' | 'pages' | 'terms'>;
  terms: Pick<Terms, 'ensure' | 'lone' | 'release'>;
  readiness: Pick<Readiness, 'isReady'>;
}

/** Comments, or words, looked at together. */
const CHUNK = 200;
/**
 * A title is changed before its comments are marked, and words are listed before comments are given them and released
 * after they have lost them; so long we wait and look again, and so often.
 */
const PATIENCE_MS = 400;
const LOOKS = 5;

type Worded = Omit<CommentDoc, 'likeness' | 'history' | 'reports' | 'voters'>;
const WORDED = { history: 0, reports: 0, voters: 0, likeness: 0, tail: 0, html: 0 } as const;

/** What searches find comments by, against the comments. What is marked to be filled in is under way. */
export async function* verifyWords(
  { database, terms: list, readiness }: VerifyWordsParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { comments, pages, terms } = database;
  // All is being filled in anew.
  if (!(await readiness.isReady())) return;

  async function wrongOf(rows: Worded[]): Promise<Worded[]> {
    const ids = [...new Set(rows.map(({ site, page }) => pageId(site, page)))];
    const found = await pages
      .find({ _id: { $in: ids } })
      .project<Pick<PageDoc, '_id' | 'title' | 'retitled'>>({ title: 1, retitled: 1 })
      .toArray();
    const of = new Map(found.map((page) => [page._id, page]));
    return rows.filter((row) => {
      const { title = null, retitled } = of.get(pageId(row.site, row.page)) ?? {};
      // It is being carried to the comments, or a crash left that to the holder of the fold's lease.
      if (retitled !== undefined) return false;
      const due = row.deletedAt === null ? searchWords(commentOf(row), title) : [];
      const has = new Set(row.words ?? []);
      return has.size !== new Set(due).size || due.some((word) => !has.has(word));
    });
  }

  async function stayingWrong(found: Worded[]): Promise<Worded[]> {
    let wrong = found;
    for (let look = 0; look < LOOKS && wrong.length > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      const ids = wrong.map(({ _id }) => _id);
      const again = comments
        .find({ _id: { $in: ids }, wordsDue: { $exists: false } })
        .project<Worded>(WORDED);
      wrong = await wrongOf(await again.toArray());
    }
    return wrong;
  }

  async function lacking(words: Iterable<string>): Promise<string[]> {
    const wanted = [...new Set(words)];
    const known = await terms
      .find({ _id: { $in: wanted } })
      .batchSize(10_000)
      .toArray();
    const there = new Set(known.map(({ _id }) => _id));
    return wanted.filter((word) => !there.has(word));
  }

  /** Words that comments go on having and the list goes on lacking: a search by their beginning misses them. */
  async function stayingUnlisted(words: string[]): Promise<string[]> {
    let unlisted = await lacking(words);
    for (let look = 0; look < LOOKS && unlisted.length > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      const lone = new Set(await list.lone(unlisted));
      unlisted = (await lacking(unlisted)).filter((word) => !lone.has(word));
    }
    return unlisted;
  }

  async function* wrongComments(): AsyncGenerator<Difference> {
    for await (const rows of chunksById<CommentDoc, Worded>(comments, { projection: WORDED, size: CHUNK })) {
      const filled = rows.filter(({ wordsDue }) => wordsDue === undefined);
      const suspects = await wrongOf(filled);
      const right = filled.filter((row) => !suspects.includes(row));
      const unlisted = await stayingUnlisted(right.flatMap(({ words = [] }) => words));
      if (repair) await list.ensure(unlisted);
      for (const word of unlisted)
        yield { what: 'words', where: word, kept: false, due: true, repaired: repair };
      for (const row of await stayingWrong(suspects)) {
        const isThere = row.deletedAt === null;
        if (repair) await mendComment(row, isThere);
        yield { what: 'words', where: row._id, kept: !isThere, due: isThere, repaired: repair };
      }
    }
  }

  async function mendComment({ site, _id, words = [] }: Worded, isThere: boolean): Promise<void> {
    await list.release(words, [_id]);
    const marked = { $set: { wordsDue: newMark() } };
    const bare = { $unset: { words: '' as const, likeness: '' as const } };
    await comments.updateOne(shardOf(site, _id), isThere ? marked : bare, { writeConcern: DURABLE });
  }

  /** Words that no comment has any more: a search would look for them in vain. */
  async function* lostWords(): AsyncGenerator<Difference> {
    for await (const listed of chunksById(terms, { size: CHUNK })) {
      const lone = await list.lone(listed.map(({ _id }) => _id));
      // What is about to be filled in, or to be released, is under way.
      const still = await stayingLone(lone);
      if (repair && still.length > 0) await list.release(still, []);
      for (const word of still)
        yield { what: 'words', where: word, kept: true, due: false, repaired: repair };
    }
  }

  async function stayingLone(found: string[]): Promise<string[]> {
    let words = found;
    for (let look = 0; look < LOOKS && words.length > 0; look++) {
      await new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
      const isDue = await comments.findOne(
        { wordsDue: { $exists: true } },
        { projection: { _id: 1 }, hint: 'words-due' },
      );
      if (isDue) return [];
      const lone = await list.lone(words);
      const unlisted = new Set(await lacking(lone));
      words = lone.filter((word) => !unlisted.has(word));
    }
    return words;
  }

  yield* wrongComments();
  yield* lostWords();
}
