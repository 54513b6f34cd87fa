/**
 * The contract's shapes as the dashboard reads them (API.md, parts 3 and 5). They are written by hand and
 * held against the schemas that check the answers: test/dashboard/types.test.ts does not compile where they
 * drift apart.
 */
export type Status = 'pending' | 'approved' | 'rejected' | 'spam' | 'trash';
export type Action = 'approve' | 'reject' | 'spam' | 'trash' | 'restore';
export type Standing = 'new' | 'known' | 'trusted' | 'held' | 'banned';
export type Role = 'moderator' | 'admin';

export interface Actor {
  kind: 'moderator' | 'token' | 'filter' | 'author' | 'system';
  id: string;
  name: string;
}

export type Notices = 'off' | 'each' | 'hourly' | 'daily';

export interface Me {
  id: string;
  kind: 'moderator' | 'token' | 'root';
  name: string;
  email: string | null;
  role: Role;
  sites: string[];
  locale: string | null;
  /** Mail about what waits; null: as each site says. */
  notices: Notices | null;
  expiresAt: string | null;
  totp: boolean;
}

export interface Match {
  field: string;
  start: number;
  end: number;
  weight: number;
}

export interface PhaseOutcome {
  phase: string;
  outcome: 'pass' | 'hold' | 'spam' | 'reject' | 'waiting' | 'error' | 'skipped';
  code: string | null;
  detail: string | null;
  score: number | null;
  ms: number;
  matches?: Match[];
}

export interface PublicAuthor {
  key: string | null;
  name: string | null;
  url: string | null;
  moderator: boolean;
}

interface CommentParts {
  id: string;
  site: string;
  page: { url: string | null; title: string | null; id: string | null };
  url: string | null;
  parentId: string | null;
  depth: number;
  body: { text: string; html: string } | null;
  status: Status;
  createdAt: string;
  editedAt: string | null;
  replyCount: number;
  pinned: boolean;
  deleted: boolean;
}

export interface PublicComment extends CommentParts {
  author: PublicAuthor | null;
}

export interface Claim {
  by: Actor;
  until: string;
}

export interface Report {
  reason: string;
  note: string | null;
  at: string;
}

export interface ModeratedComment extends CommentParts {
  author: (PublicAuthor & { standing: Standing; approved: number; rejected: number; spam: number }) | null;
  version: number;
  revision: number;
  emailMasked: string | null;
  risk: number;
  screening: PhaseOutcome[];
  reports: Report[];
  claim: Claim | null;
  similar: number;
  decidedBy: Actor | null;
  /** Not null: two moderators have to approve it, and `first` is who has. */
  secondReview: { first: Actor | null } | null;
}

export interface HistoryEntry {
  at: string;
  by: Actor;
  action: string;
  from: Status;
  to: Status;
  reason: string | null;
  note: string | null;
  decisionId: string;
  undone: boolean;
}

export interface Revision {
  revision: number;
  at: string;
  by: Actor | null;
}

export interface CommentDetail extends ModeratedComment {
  history: HistoryEntry[];
  parent: PublicComment | null;
  revisions: Revision[];
}

export interface Slice<T> {
  items: T[];
  total: number;
  totalCapped?: true;
  nextCursor: string | null;
}

export interface Counts {
  pending: number;
  reported: number;
  spam: number;
  approved: number;
  rejected: number;
  trash: number;
  oldestPendingAt: string | null;
}

export interface Decided {
  comment: ModeratedComment;
  decisionId: string;
}

export interface Current {
  status: Status;
  version: number;
  by: Actor | null;
  at: string;
}

export type ItemResult =
  | { id: string; ok: true; status: Status; version: number; decisionId: string }
  | { id: string; ok: false; error: { status: number; code: string; detail: string; current?: Current } };

export interface Author {
  key: string;
  site: string;
  name: string | null;
  names: string[];
  url: string | null;
  emailMasked: string | null;
  standing: Standing;
  until: string | null;
  reason: string | null;
  by: Actor | null;
  at: string | null;
  version: number;
  counts: Omit<Counts, 'oldestPendingAt'>;
  firstAt: string | null;
  lastAt: string | null;
}

export interface AuditEntry {
  id: string;
  at: string;
  by: Actor;
  action: string;
  site: string | null;
  commentId: string | null;
  subject?: string;
  from: Status | null;
  to: Status | null;
  reason: string | null;
  note: string | null;
  decisionId: string | null;
  batchId: string | null;
}

export interface Stats {
  from: string;
  to: string;
  volume: { day: string; created: number; approved: number; rejected: number; spam: number }[];
  timeToDecision: { p50Seconds: number | null; p90Seconds: number | null };
  moderators: { by: Actor; decisions: number; overturned: number }[];
  phases: {
    phase: string;
    held: number;
    spam: number;
    rejected: number;
    decided: number;
    overturned: number;
    rate: number;
  }[];
}

export interface Site {
  id: string;
  name: string;
  origins: string[];
  locale: string;
  timeZone: string;
  policy: Record<string, unknown>;
  version: number;
  createdAt: string;
  updatedAt: string;
}

export interface Wordlist {
  hold: string[];
  reject: string[];
  version: number;
}

export interface Page {
  key: string;
  site: string;
  url: string | null;
  id: string | null;
  title: string | null;
  counts: Record<string, number>;
  closed: boolean | null;
  moderation: 'all' | 'first' | 'unsure' | 'none' | null;
  publishedAt: string | null;
  version: number;
}

export interface Moderator {
  id: string;
  name: string;
  email: string;
  role: Role;
  sites: string[];
  state: 'active' | 'invited' | 'disabled';
  totp: boolean;
  createdAt: string;
  lastSeenAt: string | null;
  version: number;
}

export interface Token {
  id: string;
  name: string;
  role: Role;
  sites: string[];
  hint: string;
  createdBy: { kind: string; id: string; name: string };
  createdAt: string;
  expiresAt: string | null;
  lastUsedAt: string | null;
}
