import type { AuthorStore } from './authors/author-store.ts';
import type { IdentityStore } from './authors/identity-store.ts';
import type { Clock } from './clock.ts';
import type { CommentStore } from './comments/comment-store.ts';
import type { VoteStore } from './comments/vote-store.ts';
import type { FilterStore } from './filters/filter-store.ts';
import type { FilterHealths } from './filters/health.ts';
import type { IdSource } from './ids.ts';
import type { Keyring } from './keys.ts';
import type { SubscriptionStore } from './mail/subscription-store.ts';
import type { AuditStore } from './moderation/audit.ts';
import type { BatchStore } from './moderation/batch-store.ts';
import type { ClaimStore } from './moderation/claim-store.ts';
import type { EventLog } from './moderation/event-log.ts';
import type { SimilarStore } from './moderation/similar-store.ts';
import type { StatsStore } from './moderation/stats-store.ts';
import type { ErasureJournal } from './moving/erasure-journal.ts';
import type { ExportStore } from './moving/export-store.ts';
import type { ImportStore } from './moving/import-store.ts';
import type { RetentionStore } from './moving/retention-store.ts';
import type { Outgoing, Post } from './outgoing/outgoing.ts';
import type { IdempotencyStore } from './requests/idempotency-store.ts';
import type { Learner } from './screening/learner/learner.ts';
import type { LessonStore } from './screening/learner/lesson-store.ts';
import type { PhaseTimes } from './screening/phase-times.ts';
import type { Precedents } from './screening/precedents/precedents.ts';
import type { WordlistStore } from './screening/wordlist-store.ts';
import type { SiteStore } from './sites/site-store.ts';
import type { Passwords } from './staff/passwords.ts';
import type { StaffStore } from './staff/staff-store.ts';
import type { TokenStore } from './staff/token.ts';
import type { OutboxStore } from './webhooks/outbox.ts';
import type { WebhookStore } from './webhooks/webhook.ts';

/** The ports of a store that use cases work with. */
export interface Stores {
  comments: CommentStore;
  sites: SiteStore;
  tokens: TokenStore;
  wordlists: WordlistStore;
  authors: AuthorStore;
  audit: AuditStore;
  stats: StatsStore;
  votes: VoteStore;
  events: EventLog;
  batches: BatchStore;
  claims: ClaimStore;
  staff: StaffStore;
  filters: FilterStore;
  webhooks: WebhookStore;
  outbox: OutboxStore;
  lessons: LessonStore;
  imports: ImportStore;
  exports: ExportStore;
  similar: SimilarStore;
  subscriptions: SubscriptionStore;
  retention: RetentionStore;
  identities: IdentityStore;
  idempotency: IdempotencyStore;
}

/** What every use case is given. Made once, in compose-deps.ts. */
export interface Deps extends Stores {
  passwords: Passwords;
  /** What was erased, apart from the data. */
  erasures: ErasureJournal;
  learner: Learner;
  precedents: Precedents;
  phaseTimes: PhaseTimes;
  keys: Keyring;
  ids: IdSource;
  clock: Clock;
  /** The client for addresses that an admin has given. */
  outgoing: Outgoing;
  /** The way out for mail; null where there is none, and nobody is to be promised any. */
  post: Post | null;
  /** Where Akismet answers, without a trailing slash. */
  akismetUrl: string;
  /** How outside filters fare, as far as this instance knows. */
  filterHealths: FilterHealths;
  /** Base of every absolute link this service makes, without a trailing slash. */
  publicUrl: string;
}

/** These ports of an opened store, without what only the process may do with it. */
export function storesOf(storage: Stores): Stores {
  const { comments, sites, tokens, wordlists, authors, audit, stats, votes, events, batches, claims, staff } =
    storage;
  const {
    filters,
    webhooks,
    outbox,
    lessons,
    imports,
    exports,
    similar,
    subscriptions,
    retention,
    identities,
    idempotency,
  } = storage;
  return {
    comments,
    sites,
    tokens,
    wordlists,
    authors,
    audit,
    stats,
    votes,
    events,
    batches,
    claims,
    staff,
    filters,
    webhooks,
    outbox,
    lessons,
    imports,
    exports,
    similar,
    subscriptions,
    retention,
    identities,
    idempotency,
  };
}
