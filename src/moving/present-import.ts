import { timestamp } from '../comments/present.ts';
import type { ImportFormat } from './formats.ts';
import type { Import, ImportFailure, ImportProblem, ImportResult, ImportState } from './import.ts';
import type { ProblemOfImport } from './legacy.ts';

/** The contract's answer, with what else can be told. */
export interface ImportView {
  importId: string;
  site: string;
  format: ImportFormat;
  dryRun: boolean;
  state: ImportState;
  startedAt: string;
  finishedAt: string | null;
  bytes: number;
  read: number;
  pages: number;
  comments: ImportResult['comments'];
  byStatus: ImportResult['byStatus'];
  left: ImportResult['left'];
  standings: number;
  problems: (ImportProblem & { detail: string })[];
  problemCount: number;
  failure: ImportFailure | null;
}

const DETAILS: Record<ProblemOfImport, string> = {
  invalid: 'It has no id, or is no comment.',
  'invalid-email': 'Its e-mail address is none, and was left out.',
  'no-date': 'It has no date that can be read, and was left out.',
  'no-text': 'It has no text, and was left out.',
  'no-page': 'Its page is not known, and it was left out.',
  'not-of-site':
    'Its page is of a host that the site does not have: it is kept, and shown once the host is added to the site or the pages are moved.',
  'not-public': 'Its post was not for everybody: it waits for a moderator.',
  'parent-not-found': 'The comment that it answers is not there: it begins a thread of its own.',
  'too-deep': 'Its thread is deeper than can be kept: it answers a comment further up.',
  'too-long': 'Its text is longer than can be kept, and it was left out.',
  'duplicate-id': 'Another comment had its id already: it got one of its own.',
  'repeated-id': 'The file has a comment of its id already, with another text: this one was left out.',
  'invalid-terms': 'Its word lists hold what is no term, or too many, and were left out.',
  'invalid-settings': 'Its settings are none that a site can have, and were left out.',
  'settings-kept': 'The site has settings of its own: those that differ in the file were left out.',
  'name-is-address': 'Its author’s name is an e-mail address, and was left out.',
  'sealed-elsewhere':
    'Its address was sealed by another installation, or only who sees every site may bring it, and was left out.',
};

export function presentImport(one: Import): ImportView {
  const { result } = one;
  return {
    importId: one.id,
    site: one.site,
    format: one.format,
    dryRun: one.dryRun,
    state: one.state,
    startedAt: timestamp(one.startedAt),
    finishedAt: one.finishedAt === null ? null : timestamp(one.finishedAt),
    bytes: one.bytes,
    read: one.read,
    pages: result.pages,
    comments: result.comments,
    byStatus: result.byStatus,
    left: result.left,
    standings: result.standings,
    problems: result.problems.map((problem) => ({ ...problem, detail: DETAILS[problem.code] })),
    problemCount: result.problemCount,
    failure: one.failure,
  };
}
