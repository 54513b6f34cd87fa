import type { Database } from 'better-sqlite3';
import type { CommentStatus } from '../../../comments/comment.ts';
import { NOT_THERE, standingOf } from '../../../comments/counts.ts';
import { createdEvent, type EventAct } from '../../../comments/event.ts';
import { slotOf } from '../../../comments/tallies.ts';
import { AppError } from '../../../errors.ts';
import { idFloor } from '../../../ids.ts';
import { ancestorsOf, type Bound, INSERT_COLUMNS } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';
import { createEventWriter } from './events.ts';
import { createMarks } from './marks.ts';
import { createNumbers } from './numbers.ts';
import type { OperationParts } from './parts.ts';

/** A new comment on its way to the writer: flat, so that it crosses to the thread cheaply. */
export interface SubmitArgs {
  /** In the order of INSERT_COLUMNS. */
  values: Bound[];
  page: [url: string | null, id: string | null, title: string | null];
  duplicateSince: number | null;
  act: EventAct | null;
  /** What the comment stands in from the beginning; all in the slot of its posting. */
  tallies: string[];
}

/** What the writer made of it; the caller has the rest already. */
export type SubmitOutcome =
  | { kind: 'stored'; pageKey: string; ancestors: string[]; open: boolean }
  | { kind: 'duplicate'; id: string }
  | { kind: 'parent-not-found' };

interface ParentRow {
  site: string;
  page_key: string;
  open: number;
  deleted_at: number | null;
  ancestors: string;
}

const place = (name: string): number => INSERT_COLUMNS.indexOf(name);
export const AT = {
  id: place('id'),
  createdAt: place('created_at'),
  n: place('n'),
  site: place('site'),
  pageKey: place('page_key'),
  status: place('status'),
  open: place('open'),
  deletedAt: place('deleted_at'),
  parentId: place('parent_id'),
  ancestors: place('ancestors'),
  authorKey: place('author_key'),
  shown: place('shown'),
  screening: place('screening'),
  duplicateHash: place('duplicate_hash'),
  duplicateKey: place('duplicate_key'),
};

/** The operation behind CommentStore.submit. */
export function createSubmit(db: Database, { pages, search }: OperationParts) {
  const numbers = createNumbers(db);
  const events = createEventWriter(db);
  const marks = createMarks(db);
  const insert = db.prepare<Bound[]>(
    `INSERT INTO comments (${INSERT_COLUMNS.join(', ')}) VALUES (${INSERT_COLUMNS.map(() => '?').join(', ')})`,
  );
  const removedSite = db
    .prepare<[string], number>('SELECT 1 FROM sites WHERE id = ? AND body IS NULL')
    .pluck();
  const parentById = db.prepare<[string], ParentRow>(
    'SELECT site, page_key, open, deleted_at, ancestors FROM comments WHERE id = ?',
  );
  const duplicateOf = db
    .prepare<[number, string, string], string>(
      `SELECT id FROM comments INDEXED BY duplicates
       WHERE duplicate_hash = ? AND duplicate_key = ? AND deleted_at IS NULL AND status <> 'trash' AND id >= ?
       ORDER BY id LIMIT 1`,
    )
    .pluck();

  function visibleParent(id: string, site: string, pageKey: string): ParentRow | null {
    const parent = parentById.get(id);
    if (!parent || parent.site !== site) return null;
    // One that an alias is still to take along stands where its reader saw it.
    const stands =
      parent.page_key === pageKey || pages.lookup.standing(site, parent.page_key)?.key === pageKey;
    return stands && parent.open === 1 && parent.deleted_at === null ? parent : null;
  }

  return function submit(
    context: BatchContext,
    { values, page, duplicateSince, act, tallies }: SubmitArgs,
  ): SubmitOutcome {
    const site = values[AT.site] as string;
    const parentId = values[AT.parentId] as string | null;
    const [url, id, title] = page;
    const names = { site, key: values[AT.pageKey] as string, url, id, title };
    const settledKey = pages.settledKey(names);
    if (settledKey === null && removedSite.get(site) !== undefined) throw new AppError('site-not-found');
    const placed = settledKey === null ? pages.place(names) : null;
    const pageKey = settledKey ?? placed?.key ?? names.key;
    const parent = parentId === null ? null : visibleParent(parentId, site, pageKey);
    if (parentId !== null && parent === null) return { kind: 'parent-not-found' };
    if (duplicateSince !== null) {
      const hash = values[AT.duplicateHash] as number;
      const first = duplicateOf.get(hash, values[AT.duplicateKey] as string, idFloor(duplicateSince));
      if (first !== undefined) return { kind: 'duplicate', id: first };
    }
    if (placed) pages.settle(placed, context);
    const status = values[AT.status] as CommentStatus;
    const open = status === 'approved';
    const newId = values[AT.id] as string;
    const createdAt = values[AT.createdAt] as number;
    const deletedAt = values[AT.deletedAt] as number | null;
    const ancestors = parent && parentId !== null ? [...ancestorsOf(parent), parentId] : [];
    // A copy: an operation may be run a second time, with what it was given.
    const row = [...values];
    row[AT.pageKey] = pageKey;
    row[AT.open] = Number(open);
    row[AT.shown] = Number(open && deletedAt === null);
    row[AT.ancestors] = ancestors.join(' ');
    const n = numbers.next(createdAt);
    row[AT.n] = n;
    insert.run(...row);
    if (deletedAt === null) {
      search.posted(n);
      marks.posted({ id: newId, site, status, screening: values[AT.screening] as string, n });
    }
    context.ledger.add({
      site,
      pageKey,
      authorKey: values[AT.authorKey] as string | null,
      ancestors,
      before: NOT_THERE,
      after: standingOf({ status, open, deletedAt, openReports: 0 }),
    });
    events.append(createdEvent({ id: newId, site, createdAt, status, version: 1, revision: 1 }, act));
    const slot = slotOf(createdAt);
    context.ledger.tally(
      site,
      tallies.map((what) => ({ slot, what, by: 1 })),
    );
    if (open) context.invalidate({ kind: 'page', site, pageKey });
    return { kind: 'stored', pageKey, ancestors, open };
  };
}
