import { NOT_THERE, standingOf } from '../../comments/counts.ts';
import { talliesOf } from '../../comments/tallies.ts';
import { AppError } from '../../errors.ts';
import { countAsUnchanged, type Import } from '../../moving/import.ts';
import type { ImportedComment, ImportStore, KnownComment } from '../../moving/import-store.ts';
import { CLOCKS_DIFFER_MS } from '../../requests/limit-store.ts';
import { type CommentDoc, docOf } from './comment-doc.ts';
import { type Database, DURABLE, type Filter } from './database.ts';
import { isDuplicateKey, itemErrors } from './failures.ts';
import type { ImportDoc } from './import-schemas.ts';
import type { Pages } from './pages.ts';
import type { Stamps } from './stamps.ts';

export interface ImportParts {
  database: Pick<Database, 'comments' | 'imports' | 'copies' | 'sites'>;
  instance: string;
  pages: Pages;
  stamps: Stamps;
  nudge: () => void;
  failpoint: (name: string) => Promise<void> | void;
}

type Parent = Pick<CommentDoc, '_id' | 'page' | 'open' | 'ancestors'>;

const importOf = ({ _id, open: _, faults = 0, ...rest }: ImportDoc): Import => ({ id: _id, faults, ...rest });

/**
 * ImportStore on MongoDB. The ids of a part stand in its import before the part is inserted, and each comment says
 * which import has brought it: after a crash, and beside another import of the same, it is known whose they are.
 * Insertion is idempotent, since the same comment has the same id each time. What
 * changes about a parent or a page meanwhile is seen to by the fold, as for posts.
 */
export function createImports(parts: ImportParts): ImportStore {
  const { database, instance, pages, stamps, nudge, failpoint } = parts;
  const { comments, imports, copies, sites } = database;

  async function parentsOf(part: ImportedComment[]): Promise<Map<string, Parent>> {
    const ids = [...new Set(part.flatMap(({ comment }) => comment.parentId ?? []))];
    if (ids.length === 0) return new Map();
    const found = await comments
      .find({ _id: { $in: ids } })
      .project<Parent>({ page: 1, open: 1, ancestors: 1 })
      .toArray();
    return new Map(found.map((parent) => [parent._id, parent]));
  }

  /** Pages first: whoever finds a comment finds its page. */
  async function pageKeysOf(part: ImportedComment[]): Promise<string[]> {
    const keys: string[] = [];
    for (const { comment, page } of part) {
      const resolved = await pages.resolve(comment.site, comment.pageKey, page);
      keys.push((await pages.ensure(resolved)).place.key);
    }
    return keys;
  }

  async function docsOf(id: string, part: ImportedComment[]): Promise<CommentDoc[]> {
    const keys = await pageKeysOf(part);
    const parents = await parentsOf(part);
    return part.map(({ comment: made, duplicateKey, history, reports }, i) => {
      const parent = parents.get(made.parentId ?? '');
      const comment = {
        ...made,
        pageKey: parent?.page ?? keys[i] ?? made.pageKey,
        parentId: parent ? made.parentId : null,
        ancestors: parent ? [...parent.ancestors, parent._id] : [],
        open: made.status === 'approved' && (parent === undefined || parent.open),
      };
      const { pageKey: page, ancestors, open } = comment;
      parents.set(made.id, { _id: made.id, page, ancestors, open });
      const entry = {
        page,
        before: NOT_THERE,
        after: standingOf(comment),
        by: instance,
        tallies: talliesOf(comment, history),
      };
      return { ...docOf(comment, { duplicateKey, entry, history, reports }), import: id };
    });
  }

  /** Before the comments: whoever finds one finds what it is a copy of. */
  async function announceCopies(part: ImportedComment[]): Promise<void> {
    const docs = part.flatMap(({ comment: { id, site }, formerId }) =>
      formerId === null ? [] : [{ _id: id, site, formerId }],
    );
    if (docs.length > 0) await insertNew(() => copies.insertMany(docs, { ordered: false }));
  }

  /** The ids of those that were there already. */
  async function insert(docs: CommentDoc[]): Promise<string[]> {
    const taken = await insertNew(() => comments.insertMany(docs, { ordered: false, writeConcern: DURABLE }));
    nudge();
    const shown = new Map(docs.map(({ site, page }) => [`${site}/${page}`, { site, pageKey: page }]));
    stamps.publish([...shown.values()].map((page) => ({ kind: 'page' as const, ...page })));
    return taken.flatMap((i) => docs[i]?._id ?? []);
  }

  /** Those of the comments that are there, and were not brought by this import. */
  async function broughtByOthers(id: string, ids: string[]): Promise<Set<string>> {
    if (ids.length === 0) return new Set();
    const found = await comments
      .find({ _id: { $in: ids }, import: { $ne: id } })
      .project<{ _id: string }>({ _id: 1 })
      .toArray();
    return new Set(found.map(({ _id }) => _id));
  }

  async function withOwnPending(doc: ImportDoc): Promise<Import> {
    const others = await broughtByOthers(doc._id, doc.pending);
    return importOf({ ...doc, pending: doc.pending.filter((one) => !others.has(one)) });
  }

  async function known(filter: Filter<CommentDoc>, hint: string): Promise<KnownComment[]> {
    const found = await comments
      .find(filter)
      .project<Pick<CommentDoc, '_id' | 'legacyId' | 'createdAt' | 'ancestors' | 'page'>>({
        legacyId: 1,
        createdAt: 1,
        ancestors: 1,
        page: 1,
      })
      .hint(hint)
      .toArray();
    return found.map(({ _id, page, ...rest }) => ({ id: _id, pageKey: page, ...rest }));
  }

  const mine = (id: string, holder: string) => ({ _id: id, holder, open: true as const });

  async function set(
    id: string,
    holder: string,
    values: Partial<ImportDoc>,
    isOver = false,
  ): Promise<boolean> {
    const update = isOver ? { $set: values, $unset: { open: true as const } } : { $set: values };
    const { matchedCount } = await imports.updateOne(mine(id, holder), update, { writeConcern: DURABLE });
    return matchedCount === 1;
  }

  return {
    async begin({ id, ...rest }) {
      await imports.insertOne({ _id: id, ...rest, open: true }, { writeConcern: DURABLE });
    },
    async find(id) {
      const doc = await imports.findOne({ _id: id });
      return doc && importOf(doc);
    },
    async unfinished() {
      const found = imports.find({ open: true }).project<{ _id: string }>({ _id: 1 }).sort({ _id: 1 });
      return (await found.hint('unfinished').toArray()).map(({ _id }) => _id);
    },
    async take(id, holder, { now, heldUntil }) {
      const doc = await imports.findOneAndUpdate(
        {
          _id: id,
          open: true,
          $or: [{ heldUntil: { $lte: now } }, { heldUntil: { $gt: heldUntil + CLOCKS_DIFFER_MS } }],
        },
        { $set: { holder, heldUntil } },
        { returnDocument: 'after', writeConcern: DURABLE },
      );
      return doc && withOwnPending(doc);
    },
    async noteFault(id, holder) {
      const doc = await imports.findOneAndUpdate(
        mine(id, holder),
        { $inc: { faults: 1 } },
        { returnDocument: 'after', writeConcern: DURABLE },
      );
      return doc && withOwnPending(doc);
    },
    async write(id, holder, { comments: part, progress, heldUntil }) {
      let others = new Set<string>();
      if (part.length > 0) {
        const [{ comment }] = part as [ImportedComment];
        const pending = part.map((one) => one.comment.id);
        if (!(await set(id, holder, { pending, heldUntil }))) return null;
        if (
          (await sites.countDocuments({ _id: comment.site, removing: { $exists: false } }, { limit: 1 })) ===
          0
        )
          throw new AppError('site-not-found');
        const docs = await docsOf(id, part);
        await announceCopies(part);
        await failpoint('import: announced');
        others = await broughtByOthers(id, await insert(docs));
        await failpoint('import: inserted');
      }
      const counted = structuredClone(progress);
      countAsUnchanged(
        counted.result,
        part.flatMap(({ comment }) => (others.has(comment.id) ? [comment] : [])),
      );
      const isOver = progress.state === 'done' || progress.state === 'failed';
      const isWritten = await set(id, holder, { ...counted, heldUntil, pending: [] }, isOver);
      return isWritten ? [...others] : null;
    },
    findLegacy: (site, legacyIds) => known({ site, legacyId: { $in: legacyIds } }, 'legacy-id'),
    async findCopies(site, formerIds) {
      const found = await copies
        .find({ site, formerId: { $in: formerIds } })
        .hint('copies-of')
        .toArray();
      const formerOf = new Map(found.map(({ _id, formerId }) => [_id, formerId]));
      const there = formerOf.size === 0 ? [] : await known({ _id: { $in: [...formerOf.keys()] } }, '_id_');
      return there.map((one) => ({ ...one, formerId: formerOf.get(one.id) ?? '' }));
    },
  };
}

/** What of it is there already stays as it is; which ones, by their places. */
async function insertNew(insert: () => Promise<unknown>): Promise<number[]> {
  try {
    await insert();
    return [];
  } catch (error) {
    const failures = itemErrors(error);
    for (const failure of failures.values()) if (!isDuplicateKey(failure)) throw failure;
    return [...failures.keys()];
  }
}
