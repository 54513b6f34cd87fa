import type { Status } from './types.ts';

/** The shapes of part 5 of the contract that only admins' rooms read; checked as those of types.ts are. */
export const WEBHOOK_EVENTS = [
  'comment.created',
  'comment.held',
  'comment.approved',
  'comment.rejected',
  'comment.spam',
  'comment.trashed',
  'comment.edited',
  'comment.deleted',
  'comment.reported',
  'decision.undone',
  'author.changed',
] as const;

export interface Webhook {
  id: string;
  url: string;
  events: string[];
  /** Null: every site. */
  site: string | null;
  enabled: boolean;
  health: {
    state: 'ok' | 'failing' | 'disabled' | 'gone';
    waiting: number;
    dead: number;
    failures: number;
    lastDeliveredAt: string | null;
    lastFailedAt: string | null;
    lastFailure: { httpStatus: number | null; error: string | null } | null;
  };
  previousSecretUntil: string | null;
  version: number;
}

export interface Rotated {
  secret: string;
  previousSecretUntil: string | null;
}

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'dead'] as const;

export interface Delivery {
  id: string;
  type: string;
  status: (typeof DELIVERY_STATUSES)[number];
  attempts: { at: string; httpStatus: number | null; error: string | null; ms: number }[];
  nextAttemptAt: string | null;
  createdAt: string;
}

export interface Filter {
  id: string;
  name: string;
  kind: 'webhook' | 'akismet';
  url: string | null;
  mode: 'sync' | 'async';
  /** Milliseconds. */
  deadlineMs: number;
  onFailure: 'hold' | 'publish';
  thresholds: { approve: number; spam: number } | null;
  events: string[];
  sites: string[];
  enabled: boolean;
  disclose: string[];
  health: {
    state: 'closed' | 'open' | 'half-open';
    asked: number;
    failed: number;
    lastAnswerAt: string | null;
    lastFailureAt: string | null;
    lastFailure: string | null;
    p95Ms: number | null;
  };
  version: number;
}

export interface Alias {
  id: string;
  alias: string;
  page: string;
  createdAt: string;
}

export interface PagesMoved {
  pages: number;
  comments: number;
  merged: number;
  samples: { from: string; to: string; comments: number; merged: boolean }[];
}

export const IMPORT_FORMATS = ['wordpress', 'disqus', 'isso', 'commento', 'remark42', 'generic'] as const;

export interface Import {
  importId: string;
  dryRun: boolean;
  state: 'checking' | 'writing' | 'done' | 'failed';
  /** Size of the file, and how much of it this reading has behind it: it is read twice. */
  bytes: number;
  read: number;
  pages: number;
  comments: { added: number; unchanged: number; skipped: number };
  byStatus: Record<Status | 'deleted', number>;
  left: Record<string, number>;
  problems: { line: number; legacyId: string | null; code: string; detail: string }[];
  problemCount: number;
  failure: { line: number | null; reason: string } | null;
}

export interface Erased {
  comments: number;
  deliveries: number;
  subscriptions: number;
}
