import { randomBytes } from 'node:crypto';
import { STATUSES } from '../../comments/comment.ts';
import { type Counts, NO_COUNTS, pageScope } from '../../comments/counts.ts';
import { foldWords } from '../../text/words.ts';
import type { CountReader } from './counters.ts';
import type { Database, Write } from './database.ts';
import type { PageDoc, PageFactsDoc } from './documents.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';

/** Pages worked out together. */
const CHUNK = 50;

/** Works out what orders a page in lists, and the words it is found by. */
export type PageReading = (page: PageDoc) => Promise<Pick<PageFactsDoc, 'lastId' | 'comments' | 'words'>>;

export function createPageReading(
  { comments }: Pick<Database, 'comments'>,
  countsOf: (scopes: string[]) => Promise<Map<string, Counts>>,
): PageReading {
  async function newest({ site, key }: PageDoc): Promise<string> {
    const [row] = await comments
      .find({ site, page: key, queue: { $in: [...STATUSES] } })
      .project<{ _id: string }>({ _id: 1 })
      .sort({ _id: -1 })
      .hint('queue-of-page')
      .limit(1)
      .toArray();
    return row?._id ?? '';
  }

  return async (page) => {
    const scope = pageScope(page.site, page.key);
    const [lastId, counts] = await Promise.all([newest(page), countsOf([scope])]);
    const of = counts.get(scope) ?? NO_COUNTS;
    const names = [page.title, page.url && readable(page.url), page.id];
    return {
      lastId,
      comments: STATUSES.reduce((sum, status) => sum + of[status], 0),
      words: [...new Set(names.flatMap((text) => foldWords(text ?? '')))],
    };
  };
}

/** Keeps pages' entries of the directory. */
export function createPageFacts(
  { pages, pageFacts, comments }: Pick<Database, 'pages' | 'pageFacts' | 'comments'>,
  counts: CountReader,
) {
  const workOut = createPageReading({ comments }, counts.read);

  /** Of these pages those that somebody else wrote meanwhile: what was worked out may be the older state. */
  async function refreshSome(ids: string[]): Promise<string[]> {
    const kept = await pageFacts
      .find({ _id: { $in: ids } })
      .project<Pick<PageFactsDoc, '_id' | 'rev'>>({ rev: 1 })
      .toArray();
    const revs = new Map(kept.map(({ _id, rev }) => [_id, rev]));
    const found = await pages.find({ _id: { $in: ids }, joined: { $exists: false } }).toArray();
    const standing = new Map(found.map((page) => [page._id, page]));
    const rev = randomBytes(9).toString('base64url');
    const writes = await Promise.all(
      ids.map(async (_id): Promise<Write<PageFactsDoc>[]> => {
        const [page, before] = [standing.get(_id), revs.get(_id)];
        if (!page) return before === undefined ? [] : [{ deleteOne: { filter: { _id, rev: before } } }];
        const update = { $set: { site: page.site, key: page.key, ...(await workOut(page)), rev } };
        const filter = { _id, rev: before ?? { $exists: false } };
        return [{ updateOne: { filter, update, upsert: before === undefined } }];
      }),
    );
    const isNew = (id: string): boolean => standing.has(id) && !revs.has(id);
    const gone = async (): Promise<string[]> => goneOf(ids.filter(isNew));
    const made = found.filter(({ unlisted }) => unlisted);
    if (await writeAll(writes.flat())) {
      await list(made);
      return gone();
    }
    const now = await pageFacts
      .find({ _id: { $in: ids } })
      .project<Pick<PageFactsDoc, '_id' | 'rev'>>({ rev: 1 })
      .toArray();
    const revsNow = new Map(now.map((doc) => [doc._id, doc.rev]));
    const lost = ids.filter((id) => revsNow.get(id) !== (standing.has(id) ? rev : undefined));
    await list(made.filter(({ _id }) => !lost.includes(_id)));
    return [...new Set([...lost, ...(await gone())])];
  }

  /** These have an entry now. */
  async function list(made: PageDoc[]): Promise<void> {
    if (made.length === 0) return;
    const ids = made.map(({ _id }) => _id);
    await pages.updateMany({ _id: { $in: ids }, unlisted: true }, { $unset: { unlisted: '' } });
  }

  /**
   * Those of the pages that stand no longer: their site was removed, or an alias leads on from them. Whoever had read
   * an entry before notices by its `rev`; whoever had found none puts back what it read before, and has to look again.
   */
  async function goneOf(ids: string[]): Promise<string[]> {
    if (ids.length === 0) return [];
    const found = await pages
      .find({ _id: { $in: ids }, joined: { $exists: false } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    const there = new Set(found.map(({ _id }) => _id));
    return ids.filter((id) => !there.has(id));
  }

  /** Whether every one of them came about. */
  async function writeAll(writes: Write<PageFactsDoc>[]): Promise<boolean> {
    if (writes.length === 0) return true;
    try {
      const written = await pageFacts.bulkWrite(writes, { ordered: false });
      return written.matchedCount + written.upsertedCount + written.deletedCount === writes.length;
    } catch (error) {
      for (const failure of itemErrors(error).values()) if (!isDuplicateKey(failure)) throw failure;
      return false;
    }
  }

  return {
    /** `ids` as pages have them. */
    async refresh(ids: Iterable<string>): Promise<void> {
      const all = [...new Set(ids)];
      for (let start = 0; start < all.length; start += CHUNK) {
        for (let left = all.slice(start, start + CHUNK); left.length > 0; ) left = await refreshSome(left);
      }
    },
  };
}

/** An address as people read it: its escapes hide the words. */
function readable(url: string): string {
  try {
    return decodeURI(url);
  } catch {
    // Bytes that are no text stay escaped.
    return url;
  }
}
