import { createHashSet } from './hash-set.ts';
import { type ImportResult, MOST_PROBLEMS } from './import.ts';
import type { ImportedComment } from './import-store.ts';
import type { Found, LeftKind, ProblemOfImport } from './legacy.ts';

/** Counts what comes of a file. What was counted before, by this reading of it or an earlier one, is `again`. */
export interface ImportTally {
  result: ImportResult;
  page(name: string): void;
  left(what: LeftKind): void;
  skipped(): void;
  unchanged(): void;
  added(comment: Pick<ImportedComment['comment'], 'deletedAt' | 'status'>): void;
  /** Of a person on an author. */
  standing(): void;
  problem(line: number, legacyId: string | null, code: ProblemOfImport): void;
}

export function createImportTally(result: ImportResult): ImportTally {
  const pages = createHashSet();
  const { comments, byStatus, left } = result;
  return {
    result,
    page(name) {
      pages.add(name);
      result.pages = Math.max(result.pages, pages.size);
    },
    left(what) {
      left[what] += 1;
      comments.skipped += 1;
    },
    skipped() {
      comments.skipped += 1;
    },
    unchanged() {
      comments.unchanged += 1;
    },
    added({ deletedAt, status }) {
      comments.added += 1;
      byStatus[deletedAt === null ? status : 'deleted'] += 1;
    },
    standing() {
      result.standings += 1;
    },
    problem(line, legacyId, code) {
      result.problemCount += 1;
      if (result.problems.length < MOST_PROBLEMS) result.problems.push({ line, legacyId, code });
    },
  };
}

/** What of a file is counted and left. */
export type CountedRecord = Extract<Found, { kind: 'left' | 'problem' }>;

export function countRecord(tally: ImportTally, record: CountedRecord): void {
  if (record.kind === 'left') {
    tally.left(record.what);
    return;
  }
  const { legacyId, code } = record.problem;
  tally.problem(record.line, legacyId, code);
  // What is told of a comment that comes all the same.
  if (code !== 'not-public') tally.skipped();
}
