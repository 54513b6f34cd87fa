import { marksOf } from '../../../moderation/marks.ts';
import { searchWords } from '../../../moderation/search.ts';
import { createPause } from '../../../pause.ts';
import { likenessOf } from '../../../text/likeness.ts';
import { createKeyMemory } from '../../key-memory.ts';
import { newMark } from '../carry.ts';
import { type CommentDoc, commentOf, reportsOf } from '../comment-doc.ts';
import type { Database } from '../database.ts';
import type { Lease } from '../lease.ts';
import { pageId } from '../page-writes.ts';
import { type Filled, fillingOf, OF_OLD, ripe } from './due.ts';
import type { LessonKeys } from './lesson-keys.ts';
import { createNearness } from './nearness.ts';
import type { Readiness } from './readiness.ts';
import type { Terms } from './terms.ts';

/** The loop that fills words in, behind, while this instance holds the lease. */
export interface Filler {
  /** Something may be due. */
  nudge(): void;
  start(): void;
  /** Ends after the batch under way and gives the lease back. */
  stop(): Promise<void>;
}

export interface FillerParts {
  database: Pick<Database, 'comments' | 'pages'>;
  lease: Lease;
  readiness: Readiness;
  lessonKeys: Pick<LessonKeys, 'fill'>;
  terms: Terms;
  report: (error: unknown) => void;
}

/** Comments of a batch: their words are several thousand keys of an index. */
const BATCH = 200;
/** Milliseconds: what comes within it shares a batch. */
const GATHER_MS = 40;
/** While comments come it rests so many times as long as a batch took, up to so many milliseconds: they go first. */
const YIELD = 2;
const MOST_YIELD_MS = 1000;
/** How often to look for what other instances left due, and for a lease that ran out. */
const IDLE_MS = 500;

type DueDoc = Omit<CommentDoc, 'likeness'>;
/** Marks are told from history and reports, words from the rest. */
const UNNEEDED = { likeness: 0, tail: 0, html: 0 } as const;

/** The words that some of the comments are to be found by no longer. */
function lostBy(due: DueDoc[], filled: Filled[]): string[] {
  const lost = due.flatMap(({ words = [] }, i) => {
    const kept = new Set(filled[i]?.words);
    return words.filter((word) => !kept.has(word));
  });
  return [...new Set(lost)];
}

export function createFiller(parts: FillerParts): Filler {
  const { database, lease, readiness, lessonKeys, terms, report } = parts;
  const { comments, pages } = database;
  const memory = createKeyMemory();
  const nearness = createNearness(database, { memory });
  let stopped = false;
  let nudged = false;
  let running: Promise<void> = Promise.resolve();
  const { rest, wake } = createPause();

  /** Read after the marks: a title that changes later sets new marks. */
  async function titlesOf(due: DueDoc[]): Promise<Map<string, string | null>> {
    const ids = [...new Set(due.map(({ site, page }) => pageId(site, page)))];
    const found = await pages
      .find({ _id: { $in: ids } })
      .project<{ _id: string; title: string | null }>({ title: 1 })
      .toArray();
    return new Map(found.map(({ _id, title }) => [_id, title]));
  }

  function filledOf(doc: DueDoc, title: string | null): Filled {
    const words = searchWords(commentOf(doc), title);
    const marks = doc.wordsDue === OF_OLD ? marksOf({ ...doc, reports: reportsOf(doc) }) : [];
    const likeness = doc.text === null ? [] : memory.ordered(likenessOf(doc.site, doc.text).keys);
    return { words, ...(likeness.length > 0 && { likeness }), ...(marks.length > 0 && { marks }) };
  }

  /** Fills one batch in; how many comments it found due. */
  async function step(): Promise<number> {
    const due = await comments
      .find({ wordsDue: ripe() })
      .project<DueDoc>(UNNEEDED)
      .hint('words-due')
      .limit(BATCH)
      .batchSize(BATCH + 1)
      .toArray();
    if (due.length === 0) return 0;
    const titles = await titlesOf(due);
    const filled = due.map((doc) => filledOf(doc, titles.get(pageId(doc.site, doc.page)) ?? null));
    const mark = newMark();
    const writes = due.map((doc, i) => fillingOf(doc, filled[i] as Filled, mark));
    const words = new Set(filled.flatMap((one) => one.words ?? []));
    // A title that changed, or another page's: a word that these alone have must not outlive them in the list.
    const lost = lostBy(due, filled);
    await terms.release(
      lost,
      due.map(({ _id }) => _id),
    );
    // Before, so that no comment has a word that a search does not know; after, since a comment that lost a
    // word meanwhile may have taken it from the list (see terms.ts).
    await terms.ensure(words);
    const filling = await comments.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
    const putBack = await terms.ensure(words);
    // Words of one that was changed or erased meanwhile must not stay in the list for nobody: nor those that it
    // took from the list once it had been filled in.
    const doubtful = filling.matchedCount < writes.length ? [...words] : putBack;
    // And once more, as a change does: a look at the list meanwhile may have put back what these still had then.
    await terms.release([...new Set([...doubtful, ...lost])], []);
    await nearness.settle(
      due.map(({ _id: id, site }, i) => ({ id, site, keys: filled[i]?.likeness ?? [] })),
      mark,
    );
    return due.length;
  }

  async function turn(): Promise<boolean> {
    if (!(await lease.hold())) {
      memory.forget();
      return false;
    }
    const marked = await readiness.markOld();
    const keyed = await lessonKeys.fill();
    return (await step()) > 0 || marked || keyed;
  }

  async function loop(): Promise<void> {
    while (!stopped) {
      let found = false;
      nudged = false;
      const began = performance.now();
      try {
        found = await turn();
      } catch (error) {
        report(error);
      }
      if (stopped) break;
      if (!found) await rest(IDLE_MS);
      if (nudged && !stopped) {
        const took = found ? performance.now() - began : 0;
        await rest(Math.min(Math.max(GATHER_MS, YIELD * took), MOST_YIELD_MS));
      }
    }
  }

  return {
    nudge() {
      if (nudged) return;
      nudged = true;
      wake();
    },
    start() {
      running = loop();
    },
    async stop() {
      stopped = true;
      wake();
      await running;
      await lease.release().catch(report);
    },
  };
}
