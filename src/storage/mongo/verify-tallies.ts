import type { Difference } from '../../comments/difference.ts';
import { type TalliedComment, type TalliedEntry, talliesOf } from '../../comments/tallies.ts';
import type { CommentDoc } from './comment-doc.ts';
import type { Database } from './database.ts';
import type { SiteTally } from './documents.ts';
import type { Folder } from './folder.ts';
import { JOURNAL_ID } from './journal.ts';
import { tallyId } from './tallies.ts';

type Row = TalliedComment & { history: TalliedEntry[]; tail: Pick<CommentDoc['tail'][number], 'tallies'>[] };
const ROW = { createdAt: 1, status: 1, decidedBy: 1, screening: 1, history: 1, 'tail.tallies': 1 } as const;

/** A fold or a removal that came in between makes a reading worthless; it is done again. */
const TRIES = 5;
/** Milliseconds after which no further site is begun before others may fold again. */
const STILL_MS = 1000;

export interface VerifyTalliesParts {
  database: Pick<Database, 'comments' | 'tallies' | 'journal' | 'sites'>;
  still: Folder['still'];
}

type Found = Omit<Difference, 'repaired'> & { id: string; tally: SiteTally };

/**
 * What statistics are summed up from, against comments and their histories, site by site. While nobody folds, what a
 * comment stands in is what it and its history say without what waits in its tail: so others may go on writing.
 */
export async function* verifyTallies(
  { database, still }: VerifyTalliesParts,
  { repair }: { repair: boolean },
): AsyncGenerator<Difference> {
  const { comments, tallies, journal, sites } = database;

  async function dueOf(site: string): Promise<Map<string, SiteTally>> {
    const sums = new Map<string, SiteTally>();
    const add = ({ slot, what, by }: Omit<SiteTally, 'site'>, sign: 1 | -1): void => {
      const id = tallyId({ site, slot, what });
      const sum = sums.get(id) ?? { site, slot, what, by: 0 };
      sums.set(id, { ...sum, by: sum.by + sign * by });
    };
    for await (const row of comments.find({ site }).project<Row>(ROW).hint('queue-of-site')) {
      for (const tally of talliesOf(row, row.history)) add(tally, 1);
      for (const { tallies: waiting = [] } of row.tail) for (const tally of waiting) add(tally, -1);
    }
    return sums;
  }

  async function wrongOf(site: string): Promise<Found[]> {
    const due = await dueOf(site);
    const found: Found[] = [];
    const differs = (id: string, { kept, tally }: { kept: number; tally: SiteTally }): void => {
      const where = `${site} ${tally.slot} ${tally.what}`;
      if (kept !== tally.by) found.push({ what: 'tally', where, kept, due: tally.by, id, tally });
    };
    // '0' is the character after '/'.
    for await (const { _id, slot, what, n } of tallies.find({ _id: { $gt: `${site}/`, $lt: `${site}0` } })) {
      differs(_id, { kept: n, tally: due.get(_id) ?? { site, slot, what, by: 0 } });
      due.delete(_id);
    }
    for (const [id, tally] of due) differs(id, { kept: 0, tally });
    return found;
  }

  async function mend(found: Found[], seq: number): Promise<void> {
    const writes = found.map(({ kept, tally: { slot, what, by }, id }) => ({
      updateOne: {
        filter: { _id: id },
        update: { $inc: { n: by - Number(kept) }, $setOnInsert: { batch: seq, slot, what } },
        upsert: true,
      },
    }));
    if (writes.length > 0)
      await tallies.bulkWrite(writes, { ordered: false, writeConcern: { w: 'majority' } });
  }

  const seqNow = async (): Promise<number> =>
    (await journal.findOne({ _id: JOURNAL_ID }, { projection: { seq: 1 } }))?.seq ?? 0;

  /** One reading, mended before anybody folds again; null where it was disturbed. */
  async function reading(site: string): Promise<Found[] | null> {
    const seq = await seqNow();
    const found = await wrongOf(site);
    if (await sites.findOne({ _id: site, removing: true }, { projection: { _id: 1 } })) return [];
    if ((await seqNow()) !== seq) return null;
    if (repair) await mend(found, seq);
    return found;
  }

  async function* siteIds(): AsyncGenerator<string> {
    for (let after = ''; ; ) {
      const [next] = await tallies
        .find({ _id: { $gt: after } })
        .sort({ _id: 1 })
        .limit(1)
        .toArray();
      if (!next) break;
      const [site = ''] = next._id.split('/');
      after = `${site}0`;
      yield site;
    }
    // And those that have lost all they had.
    for await (const { _id } of sites.find({}).project<{ _id: string }>({ _id: 1 })) {
      if (!(await tallies.findOne({ _id: { $gt: `${_id}/`, $lt: `${_id}0` } }))) yield _id;
    }
  }

  const left: string[] = [];
  for await (const site of siteIds()) left.push(site);
  let tries = 0;

  /** As many sites as one stillness is long enough for. */
  async function readSome(): Promise<Found[]> {
    const begun = performance.now();
    const found: Found[] = [];
    for (let [site] = left; site !== undefined && performance.now() - begun < STILL_MS; [site] = left) {
      const wrong = await reading(site);
      if (wrong === null && ++tries >= TRIES)
        throw new Error('statistics were never still: another folds beside us');
      if (wrong === null) break;
      found.push(...wrong);
      left.shift();
      tries = 0;
    }
    return found;
  }

  while (left.length > 0) {
    const found = await still(readSome);
    for (const { id: _, tally: __, ...difference } of found) yield { ...difference, repaired: repair };
  }
}
