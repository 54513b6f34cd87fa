import { talliesOf } from '../../comments/tallies.ts';
import { marksOf } from '../../moderation/marks.ts';
import type { Import, ImportProgress } from '../../moving/import.ts';
import type { ImportedComment, ImportStore, KnownComment, KnownCopy } from '../../moving/import-store.ts';
import type { Connections } from './comments.ts';
import { duplicateHash } from './duplicate-hash.ts';
import type { ImportedRow, ImportPlan, ImportRow } from './operations/imports.ts';
import { ancestorsOf, type Bound, type CommentRow, rowOf } from './rows.ts';

type KnownRow = Pick<CommentRow, 'id' | 'legacy_id' | 'created_at' | 'ancestors' | 'page_key'>;
const KNOWN_COLUMNS = 'c.id, c.legacy_id, c.created_at, c.ancestors, c.page_key';

/** ImportStore on SQLite: a part is one transaction, so that nothing is ever pending. */
export function createImportStore({ db, commits }: Connections): ImportStore {
  const byId = db.prepare<[string], ImportRow>('SELECT * FROM imports WHERE id = ?');
  const open = db.prepare<[], string>(unfinishedImportsSql()).pluck();
  const known = db.prepare<[string, string], KnownRow>(
    `SELECT ${KNOWN_COLUMNS} FROM comments c WHERE c.site = ? AND c.legacy_id = ?`,
  );
  const copies = db.prepare<[string, string], KnownRow & { former_id: string }>(
    `SELECT ${KNOWN_COLUMNS}, k.former_id FROM copies k CROSS JOIN comments c ON c.id = k.id
     WHERE k.site = ? AND k.former_id = ?`,
  );
  const find = (id: string): Import | null => {
    const row = byId.get(id);
    return row ? importOf(row) : null;
  };

  return {
    begin: (one) => commits.execute('beginImport', one),
    find: async (id) => find(id),
    unfinished: async () => open.all(),
    async take(id, holder, { now, heldUntil }) {
      const isTaken = await commits.execute('takeImport', { id, holder, now, heldUntil });
      return isTaken ? find(id) : null;
    },
    write: (id, holder, { comments, progress, heldUntil }) =>
      commits.execute('writeImport', { id, holder, rows: comments.map(importedRow), progress, heldUntil }),
    async noteFault(id, holder) {
      return (await commits.execute('noteImportFault', { id, holder })) ? find(id) : null;
    },
    findLegacy: async (site, legacyIds) =>
      legacyIds.flatMap((legacyId) => known.get(site, legacyId) ?? []).map(knownOf),
    findCopies: async (site, formerIds) =>
      formerIds
        .flatMap((formerId) => copies.get(site, formerId) ?? [])
        .map((row): KnownCopy => ({ ...knownOf(row), formerId: row.former_id })),
  };
}

export function unfinishedImportsSql(): string {
  return 'SELECT id FROM imports INDEXED BY imports_open WHERE open = 1 ORDER BY id';
}

function importedRow(made: ImportedComment): ImportedRow {
  const { comment, page, duplicateKey, formerId, history, reports } = made;
  const { screening, deletedAt } = comment;
  const values: Bound[] = Object.values(rowOf(comment));
  // `shown` and `n` are the writer's to say.
  values.push(0, duplicateHash(duplicateKey), duplicateKey, 0);
  return {
    values,
    page: [page.url, page.id, page.title],
    tallies: talliesOf(comment, history),
    formerId,
    past: history.length + reports.length > 0 ? { history, reports } : null,
    marks: deletedAt === null ? marksOf({ screening, history, reports }) : [],
  };
}

const knownOf = (row: KnownRow): KnownComment => ({
  id: row.id,
  legacyId: row.legacy_id,
  createdAt: row.created_at,
  ancestors: ancestorsOf(row),
  pageKey: row.page_key,
});

const importOf = ({ id, site, holder, held_until, plan, progress }: ImportRow): Import => ({
  id,
  site,
  holder,
  heldUntil: held_until,
  pending: [],
  ...(JSON.parse(plan) as ImportPlan),
  // Those that began before faults were counted have none.
  ...({ faults: 0, ...JSON.parse(progress) } as ImportProgress),
});
