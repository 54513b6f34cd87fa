import type { Comment } from '../../../src/comments/comment.ts';
import { createAuthorFacts } from '../../../src/storage/mongo/author-facts.ts';
import { createCountReader } from '../../../src/storage/mongo/counters.ts';
import type { Database } from '../../../src/storage/mongo/database.ts';
import { createJournalReader } from '../../../src/storage/mongo/journal.ts';
import { verifyCounts } from '../../../src/storage/mongo/verify-counts.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { apply, freshId, freshSite, MODERATOR, page, post, site, tick } from '../../support/builders.ts';
import { until } from '../../support/until.ts';
import { ownDatabase } from './own-database.ts';

/** An author's entry of the directory that is worked out while they are erased, step by step. */

const own = ownDatabase();
let store: Storage;
/** While it is set the fold waits before it looks at anything. */
let held: Promise<void> | null = null;

beforeAll(async () => {
  const failpoint = (name: string) => (name === 'fold: checked' ? (held ?? undefined) : undefined);
  store = await own.open({ failpoint });
});

interface Written {
  comment: Comment;
  key: string;
}

/** A comment that is folded, of an author who is not in the directory. */
async function written(): Promise<Written> {
  const at = page(freshSite(), 'https://news.example/erased');
  await store.sites.create(site(at.site));
  const comment = await post(store, at, { author: 'mina' });
  const key = comment.author.key ?? '';
  await until('its entry', async () => (await entries(key)) === 1);
  await until('the end of the fold', async () => (await own.database.directoryTodo.countDocuments()) === 0);
  await own.database.authors.deleteOne({ _id: key });
  return { comment, key };
}

const entries = (key: string): Promise<number> => own.database.authors.countDocuments({ _id: key });

const erase = ({ id }: Comment): Promise<Comment> => {
  const at = tick();
  const decisionId = freshId(at) + id;
  return apply(store, { id }, { kind: 'erase', decisionId, at, by: MODERATOR, mode: 'anonymise' });
};

/** Works the entry out as ever, with something done between its reading and its writing, and something after. */
function refresh({ comment, key }: Written, around: { before(): Promise<void>; after(): void }) {
  const authors: Database['authors'] = Object.create(own.database.authors, {
    bulkWrite: {
      value: async (...given: Parameters<Database['authors']['bulkWrite']>) => {
        await around.before();
        const done = await own.database.authors.bulkWrite(...given);
        around.after();
        return done;
      },
    },
  });
  const counts = createCountReader(own.database, createJournalReader(own.database));
  return createAuthorFacts({ ...own.database, authors }, counts).refresh([
    { key, site: comment.site, comment: comment.id },
  ]);
}

it('an entry that was read before its author was erased does not stay behind', async () => {
  const mina = await written();
  let wrote = 0;
  await refresh(mina, {
    before: async () => {
      if (wrote === 0) await erase(mina.comment);
    },
    after: () => {
      wrote += 1;
    },
  });
  expect(wrote).toBe(1);
  expect(await entries(mina.key)).toBe(0);
});

describe('where who wrote it was killed right after', () => {
  let release = (): void => undefined;
  let mina: Written;

  beforeEach(async () => {
    mina = await written();
    const killed = refresh(mina, {
      before: async () => {
        held = new Promise((resolve) => {
          release = resolve;
        });
        await erase(mina.comment);
      },
      after: () => {
        throw new Error('killed');
      },
    });
    await expect(killed).rejects.toThrow('killed');
    expect(await entries(mina.key)).toBe(1);
  });
  const goOn = (): void => {
    held = null;
    release();
  };
  afterEach(goOn);

  it('the fold takes it out', async () => {
    goOn();
    await until('its end', async () => (await entries(mina.key)) === 0);
  });

  it('a list that is asked for before the fold does not show it', async () => {
    const query = { sites: [mina.comment.site], sort: 'recent' as const, limit: 5 };
    expect(await store.authors.list(query)).toEqual([]);
  });
});

it('the self-check counts an erasure that waits for the fold as the counters do', async () => {
  const { comment } = await written();
  let release = (): void => undefined;
  held = new Promise((resolve) => {
    release = resolve;
  });
  await erase(comment);
  const found: string[] = [];
  const still = <T>(work: () => Promise<T>): Promise<T> => work();
  for await (const { where } of verifyCounts({ database: own.database, still }, { repair: false }))
    if (where.includes(comment.site)) found.push(where);
  held = null;
  release();
  expect(found).toEqual([]);
});
