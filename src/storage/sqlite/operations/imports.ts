import type { Database } from 'better-sqlite3';
import type { CommentStatus } from '../../../comments/comment.ts';
import { NOT_THERE, standingOf } from '../../../comments/counts.ts';
import type { Tally } from '../../../comments/tallies.ts';
import { AppError } from '../../../errors.ts';
import { countAsUnchanged, type Import, type ImportProgress } from '../../../moving/import.ts';
import type { ImportedPast } from '../../../moving/import-store.ts';
import { CLOCKS_DIFFER_MS } from '../../../requests/limit-store.ts';
import { createHistoryWriter } from '../history-rows.ts';
import { ancestorsOf, type Bound, INSERT_COLUMNS } from '../rows.ts';
import type { BatchContext } from './batch-context.ts';
import { createMarks } from './marks.ts';
import { createNumbers } from './numbers.ts';
import type { OperationParts } from './parts.ts';
import { createReports } from './reports.ts';
import { AT } from './submit.ts';

/** A comment of an import on its way to the writer: flat, as a posted one is. */
export interface ImportedRow {
  /** In the order of INSERT_COLUMNS. */
  values: Bound[];
  page: [url: string | null, id: string | null, title: string | null];
  tallies: Tally[];
  formerId: string | null;
  /** Null where nothing is told of it. */
  past: ImportedPast | null;
  /** The lists of `phase=` and `reason=` that it stands in. */
  marks: string[];
}

const OPEN_REPORTS = INSERT_COLUMNS.indexOf('open_reports');

/** What an import is to do, as its row keeps it. */
export type ImportPlan = Pick<Import, 'format' | 'dryRun' | 'opensSeals' | 'by' | 'startedAt' | 'bytes'>;

export interface WriteImportArgs {
  id: string;
  holder: string;
  rows: ImportedRow[];
  progress: ImportProgress;
  heldUntil: number;
}

export interface ImportRow {
  id: string;
  site: string;
  open: number;
  holder: string;
  held_until: number;
  plan: string;
  progress: string;
}

interface ParentRow {
  page_key: string;
  open: number;
  ancestors: string;
}

/** The operations behind ImportStore. */
export function createImports(db: Database, parts: OperationParts) {
  const begin = db.prepare<Bound[]>(
    'INSERT INTO imports (id, site, open, holder, held_until, plan, progress) VALUES (?, ?, 1, ?, ?, ?, ?)',
  );
  const take = db.prepare<[string, number, string, number, number]>(
    `UPDATE imports SET holder = ?, held_until = ?
     WHERE id = ? AND open = 1 AND (held_until <= ? OR held_until > ?)`,
  );
  const goOn = db.prepare<[number, number, string, string, string]>(
    'UPDATE imports SET open = ?, held_until = ?, progress = ? WHERE id = ? AND holder = ? AND open = 1',
  );
  const noteFault = db.prepare<[string, string]>(
    `UPDATE imports SET progress = json_set(progress, '$.faults', coalesce(progress ->> '$.faults', 0) + 1)
     WHERE id = ? AND holder = ? AND open = 1`,
  );
  const recount = db.prepare<[string, string]>('UPDATE imports SET progress = ? WHERE id = ?');
  const keep = createKeep(db, parts);
  const noteKept = createNotes(db, parts);

  return {
    beginImport(_: BatchContext, one: Import): void {
      const {
        id,
        site,
        format,
        dryRun,
        opensSeals,
        by,
        startedAt,
        bytes,
        holder,
        heldUntil,
        pending: _pending,
        ...progress
      } = one;
      const plan: ImportPlan = { format, dryRun, opensSeals, by, startedAt, bytes };
      begin.run(id, site, holder, heldUntil, JSON.stringify(plan), JSON.stringify(progress));
    },

    /** False where it is at its end, or somebody else's. */
    takeImport(
      _: BatchContext,
      { id, holder, now, heldUntil }: { id: string; holder: string; now: number; heldUntil: number },
    ): boolean {
      return take.run(holder, heldUntil, id, now, heldUntil + CLOCKS_DIFFER_MS).changes === 1;
    },

    /** False where it is at its end, or another's by now. */
    noteImportFault(_: BatchContext, { id, holder }: Pick<Import, 'id' | 'holder'>): boolean {
      return noteFault.run(id, holder).changes === 1;
    },

    /** The ids of those that were there; null where it is another's by now. */
    writeImport(
      context: BatchContext,
      { id, holder, rows, progress, heldUntil }: WriteImportArgs,
    ): string[] | null {
      const isOpen = progress.state === 'checking' || progress.state === 'writing';
      if (goOn.run(Number(isOpen), heldUntil, JSON.stringify(progress), id, holder).changes === 0)
        return null;
      const kept: Kept = { pages: new Set(), authors: new Set(), numbers: [] };
      const there = rows.filter((row) => !keep({ context, kept }, row));
      const site = rows[0]?.values[AT.site] as string | undefined;
      if (site !== undefined) noteKept(site, kept);
      if (there.length > 0) recount.run(JSON.stringify(countedAnew(progress, there)), id);
      return there.map(({ values }) => values[AT.id] as string);
    },
  };
}

/** With these among the unchanged. */
function countedAnew(progress: ImportProgress, there: ImportedRow[]): ImportProgress {
  const counted = structuredClone(progress);
  const found = there.map(({ values }) => ({
    status: values[AT.status] as CommentStatus,
    deletedAt: values[AT.deletedAt] as number | null,
  }));
  countAsUnchanged(counted.result, found);
  return counted;
}

/** What of a part is filled in behind. */
interface Kept {
  pages: Set<string>;
  authors: Set<string>;
  /** Comments that searches are to find, by their `n`. */
  numbers: number[];
}

/** Notes what a part has brought, in one statement a list: a statement a comment was a tenth of the writing. */
function createNotes(db: Database, { search }: OperationParts): (site: string, kept: Kept) => void {
  // The directories follow events, and these comments have none.
  const todo = db.prepare<[kind: 'page' | 'author', site: string, keys: string]>(
    // WHERE: else ON would be read as that of a join (lang_upsert.html, parsing ambiguity).
    `INSERT INTO directory_todo (kind, site, key) SELECT ?, ?, value FROM json_each(?) WHERE true
     ON CONFLICT DO NOTHING`,
  );
  return (site, { pages, authors, numbers }) => {
    todo.run('page', site, JSON.stringify([...pages]));
    todo.run('author', site, JSON.stringify([...authors]));
    search.postedMany(numbers);
  };
}

/** Puts one comment where it belongs; false for one that is there already, and stays as it is. */
function createKeep(db: Database, { pages }: Pick<OperationParts, 'pages'>) {
  const numbers = createNumbers(db);
  // One that is there already stays as it is: nothing of it is counted a second time.
  const insert = db.prepare<Bound[]>(
    `INSERT INTO comments (${INSERT_COLUMNS.join(', ')}) VALUES (${INSERT_COLUMNS.map(() => '?').join(', ')})
     ON CONFLICT (id) DO NOTHING`,
  );
  const removedSite = db
    .prepare<[string], number>('SELECT 1 FROM sites WHERE id = ? AND body IS NULL')
    .pluck();
  const parentById = db.prepare<[string, string], ParentRow>(
    'SELECT page_key, open, ancestors FROM comments WHERE id = ? AND site = ?',
  );
  const copy = db.prepare<[string, string, string]>(
    'INSERT INTO copies (site, former_id, id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  );

  const append = createHistoryWriter(db);
  const reportsOf = createReports(db);
  const marksOf = createMarks(db);

  return (
    { context, kept }: { context: BatchContext; kept: Kept },
    { values, page, tallies, formerId, past, marks }: ImportedRow,
  ): boolean => {
    const id = values[AT.id] as string;
    const site = values[AT.site] as string;
    const [url, pageId, title] = page;
    const names = { site, key: values[AT.pageKey] as string, url, id: pageId, title };
    const settled = pages.settledKey(names);
    if (settled === null && removedSite.get(site) !== undefined) throw new AppError('site-not-found');
    const placed = settled === null ? pages.place(names) : null;
    if (placed) pages.settle(placed, context);
    const parentId = values[AT.parentId] as string | null;
    const parent = parentId === null ? undefined : parentById.get(parentId, site);
    const pageKey = parent?.page_key ?? settled ?? placed?.key ?? names.key;
    const ancestors = parent && parentId !== null ? [...ancestorsOf(parent), parentId] : [];
    const status = values[AT.status] as CommentStatus;
    const open = status === 'approved' && (parent === undefined || parent.open === 1);
    const deletedAt = values[AT.deletedAt] as number | null;
    const n = numbers.next(values[AT.createdAt] as number);
    // A copy: an operation may be run a second time, with what it was given.
    const row = [...values];
    row[AT.pageKey] = pageKey;
    row[AT.parentId] = parent ? parentId : null;
    row[AT.ancestors] = ancestors.join(' ');
    row[AT.open] = Number(open);
    row[AT.shown] = Number(open && deletedAt === null);
    row[AT.n] = n;
    if (insert.run(...row).changes === 0) return false;
    if (formerId !== null) copy.run(site, formerId, id);
    for (const [i, entry] of (past?.history ?? []).entries()) append(id, i + 1, entry);
    for (const report of past?.reports ?? []) reportsOf.bring(id, report);
    marksOf.brought({ id, site, status, n }, marks);
    if (deletedAt === null) kept.numbers.push(n);
    const authorKey = values[AT.authorKey] as string | null;
    const openReports = values[OPEN_REPORTS] as number;
    const after = standingOf({ status, open, deletedAt, openReports });
    context.ledger.add({ site, pageKey, authorKey, ancestors, before: NOT_THERE, after });
    context.ledger.tally(site, tallies);
    if (authorKey !== null) kept.authors.add(authorKey);
    if (!kept.pages.has(pageKey)) context.invalidate({ kind: 'page', site, pageKey });
    kept.pages.add(pageKey);
    return true;
  };
}
