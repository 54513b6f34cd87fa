import { type Actor, type Comment, type CommentStatus, STATUSES } from '../comments/comment.ts';
import type { ImportFormat } from './formats.ts';
import { LEFT_KINDS, type LeftKind, type ProblemOfImport } from './legacy.ts';

/** Something about one comment of the file. Never quotes the file. */
export interface ImportProblem {
  line: number;
  legacyId: string | null;
  code: ProblemOfImport;
}

/** What came of it so far. */
export interface ImportResult {
  pages: number;
  comments: { added: number; unchanged: number; skipped: number };
  /** Of those added. */
  byStatus: Record<CommentStatus | 'deleted', number>;
  left: Record<LeftKind, number>;
  /** What people have said of authors. */
  standings: number;
  /** The first MOST_PROBLEMS. */
  problems: ImportProblem[];
  problemCount: number;
}

export const MOST_PROBLEMS = 1000;

const zeros = <Name extends string>(names: readonly Name[]): Record<Name, number> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;

export const noResult = (): ImportResult => ({
  pages: 0,
  comments: { added: 0, unchanged: 0, skipped: 0 },
  byStatus: zeros([...STATUSES, 'deleted']),
  left: zeros(LEFT_KINDS),
  standings: 0,
  problems: [],
  problemCount: 0,
});

/** Takes comments from those added to those unchanged: they were counted, and turned out to be there already. */
export function countAsUnchanged(
  { comments, byStatus }: Pick<ImportResult, 'comments' | 'byStatus'>,
  found: readonly Pick<Comment, 'status' | 'deletedAt'>[],
): void {
  for (const { status, deletedAt } of found) {
    comments.added -= 1;
    comments.unchanged += 1;
    byStatus[deletedAt === null ? status : 'deleted'] -= 1;
  }
}

/** Counts comments of a part that was cut off before it was counted. */
export function countAsAdded(
  { comments, byStatus }: Pick<ImportResult, 'comments' | 'byStatus'>,
  found: readonly Pick<Comment, 'status' | 'deletedAt'>[],
): void {
  for (const { status, deletedAt } of found) {
    comments.added += 1;
    byStatus[deletedAt === null ? status : 'deleted'] += 1;
  }
}

export type ImportState = 'checking' | 'writing' | 'done' | 'failed';

/** Why the whole of it failed. `line` is null where it lies not in the file. */
export interface ImportFailure {
  line: number | null;
  reason: string;
}

/** How far an import is. */
export interface ImportProgress {
  state: ImportState;
  /** Bytes of the file that this reading of it has behind it. */
  read: number;
  /** Of the records of the file, in their order: so many have been counted. */
  handled: number;
  result: ImportResult;
  failure: ImportFailure | null;
  finishedAt: number | null;
  /** Tries that have met a fault of ours, none that the store or the disk was away for. */
  faults: number;
}

/** One file on its way in. */
export interface Import extends ImportProgress {
  id: string;
  site: string;
  format: ImportFormat;
  dryRun: boolean;
  /** Whether addresses that an export of ours has sealed are opened: where its sender sees every site. */
  opensSeals: boolean;
  by: Actor;
  startedAt: number;
  /** Size of the file. */
  bytes: number;
  /** Who works on it, and until when that may be believed. */
  holder: string;
  heldUntil: number;
  /** Comments that it was writing when its worker was cut off: those of them that are there it has brought. */
  pending: string[];
}
