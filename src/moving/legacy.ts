import type { SetStanding } from '../authors/standing.ts';
import type { Actor, CommentStatus, HistoryAction, PhaseOutcome, ReportReason } from '../comments/comment.ts';
import type { PageRules } from '../sites/site.ts';

/** A page as another system names it. Nothing is checked yet. */
export interface LegacyPage {
  url: string | null;
  /** The page's id here: `wp-{post}` of WordPress. */
  id: string | null;
  title: string | null;
  /** Other addresses that led there: short links, the address before the last move. */
  aliases: string[];
}

/** Who did something at another installation of ours: its ids mean nothing here, and may not be told. */
export type LegacyActor = Pick<Actor, 'kind' | 'name'> & { id: string | null };

/** An act of a comment's history at another installation of ours. Places are those in the file's list, from 1. */
export interface LegacyEntry {
  at: number | null;
  by: LegacyActor;
  action: HistoryAction;
  from: CommentStatus;
  to: CommentStatus;
  reason: string | null;
  note: string | null;
  /** Of the comment after it. */
  version: number;
  undone: boolean;
  /** The place of the decision that it took back. */
  undoes: number | null;
  previousBy: LegacyActor | null;
  revision: number | null;
}

/** A reader's report; who made it is nobody's to know. */
export interface LegacyReport {
  reason: ReportReason;
  note: string | null;
  at: number | null;
  /** The place of the decision that closed it, 0 where that is not told; null while it is open. */
  closedBy: number | null;
}

/** Acts, and reports, of one comment: more than a person reads. An export tells the newest. */
export const MOST_ENTRIES = 1000;

/** What became of a comment at another installation of ours. */
export interface LegacyPast {
  version: number;
  revision: number;
  screening: PhaseOutcome[];
  /** Oldest first; null in the place of an act of a kind that is not known here. */
  history: (LegacyEntry | null)[];
  reports: LegacyReport[];
  /** Characters that it takes, about. */
  size: number;
}

/** What people have said of an author at another installation of ours. */
export interface LegacyAuthor {
  email: string | null;
  /** An address that is sealed already, by an export of ours. */
  sealed: string | null;
  /** Whether the site has signed them in. */
  isVerified: boolean;
  standing: SetStanding;
  until: number | null;
  reason: string | null;
  by: LegacyActor | null;
  at: number | null;
}

/** A comment as another system kept it: right types, nothing checked. Moments in milliseconds since 1970. */
export interface LegacyComment {
  /** How other comments of the file name it. */
  ref: string;
  /** Unique in the site, with the system's name before it: `wp-17`. Null for one that keeps its `id`. */
  legacyId: string | null;
  /** The `ref` of the comment that it answers. */
  parent: string | null;
  page: LegacyPage;
  name: string | null;
  email: string | null;
  /** An address that is sealed already, by an export of ours. */
  sealed: string | null;
  url: string | null;
  /** In the Markdown subset; null where it was erased. */
  text: string | null;
  status: CommentStatus;
  /** Taken away: an empty place that holds up its replies. Null: it stands. */
  deletedAt: number | null;
  createdAt: number | null;
  editedAt: number | null;
  votesUp: number;
  votesDown: number;
  pinned: boolean;
  moderator: boolean;
  /** Of an author whom the site has signed in. */
  identity: { badge: string | null } | null;
  /** Whose word the status is. */
  decidedBy: LegacyActor | null;
  /** Of a comment of ours that comes back. */
  id: string | null;
  /** Null: nothing is told of it. */
  past: LegacyPast | null;
}

/** Characters that it takes while it waits, about. */
export const sizeOf = ({ text, past }: LegacyComment): number => (text?.length ?? 0) + (past?.size ?? 0);

/** What of a file is no comment and is left where it is. */
export const LEFT_KINDS = ['pingback', 'trackback', 'note', 'other'] as const;
export type LeftKind = (typeof LEFT_KINDS)[number];

export const PROBLEM_CODES = [
  'invalid',
  'invalid-email',
  'no-date',
  'no-text',
  'no-page',
  'not-of-site',
  'not-public',
  'parent-not-found',
  'too-deep',
  'too-long',
  'duplicate-id',
  'repeated-id',
  'invalid-terms',
  'invalid-settings',
  'settings-kept',
  'name-is-address',
  'sealed-elsewhere',
] as const;
export type ProblemOfImport = (typeof PROBLEM_CODES)[number];

export interface LegacyProblem {
  legacyId: string | null;
  code: ProblemOfImport;
}

/** What a file says of a page apart from comments, or of another name that leads to it. */
export type PageRecord =
  | { kind: 'page'; page: LegacyPage; rules: Omit<PageRules, 'version'> }
  | { kind: 'alias'; alias: { url: string } | { id: string }; page: LegacyPage };

/** What a file says apart from its comments. */
export type SiteRecord =
  | PageRecord
  | { kind: 'author'; author: LegacyAuthor }
  /** The site's word lists, as an export of ours has them. */
  | { kind: 'wordlist'; hold: string[]; reject: string[] }
  /** The site's settings, which are among the facts. */
  | { kind: 'settings' };

/** What a reader finds, each with the line of the file where it begins. */
export type Found = { line: number } & (
  | { kind: 'comment'; comment: LegacyComment }
  | SiteRecord
  | { kind: 'left'; what: LeftKind }
  /** A comment that can't be taken. */
  | { kind: 'problem'; problem: LegacyProblem }
);

/** Reads a file piece by piece, in memory that does not grow with it. */
export interface LegacyReader {
  /** Throws MalformedFile. */
  write(bytes: Uint8Array): void;
  /** Nothing more comes. Throws MalformedFile where something is missing. */
  end(): void;
  /** What was found since it was last asked. */
  take(): Found[];
}

/** What a format has to know of the site. */
export interface ReaderSite {
  /** The first origin, which paths without a host belong to. */
  origin: string;
  timeZone: string;
}

/** What stands apart from the comments that need it: gathered when the file is first read, used the second time. */
export interface Facts {
  pages: Map<string, LegacyPage>;
  people: Map<string, { name: string | null; email: string | null; url: string | null; moderator: boolean }>;
  /** The settings of the site that the file is of, unchecked; the first that it tells. */
  settings: unknown;
}

export const noFacts = (): Facts => ({ pages: new Map(), people: new Map(), settings: undefined });

export type ReaderFactory = (site: ReaderSite, facts: Facts) => LegacyReader;

/** The file is not what its format says: nothing of it is taken. `reason` quotes nothing of the file. */
export class MalformedFile extends Error {
  readonly line: number;
  readonly reason: string;

  constructor(line: number, reason: string) {
    super(`line ${line}: ${reason}`);
    this.line = line;
    this.reason = reason;
  }
}

/** A comment of which nothing is known yet. */
export const newLegacyComment = (legacyId: string, page: LegacyPage): LegacyComment => ({
  ref: legacyId,
  legacyId,
  parent: null,
  page,
  name: null,
  email: null,
  sealed: null,
  url: null,
  text: null,
  status: 'approved',
  deletedAt: null,
  createdAt: null,
  editedAt: null,
  votesUp: 0,
  votesDown: 0,
  pinned: false,
  moderator: false,
  identity: null,
  decidedBy: null,
  id: null,
  past: null,
});

/** The most of a file, in bytes, that one element or value may take: it must fit into memory. */
export const MOST_AT_ONCE = 16 * 1024 * 1024;
