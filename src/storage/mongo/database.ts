import os from 'node:os';
import mongoose, { type Connection, type Model, type mongo, type Schema } from 'mongoose';
import type { AuthorEntry } from '../../authors/author-store.ts';
import type { StandingEvent, StandingRecord } from '../../authors/standing.ts';
import type { Counts } from '../../comments/counts.ts';
import type { Tally } from '../../comments/tallies.ts';
import type { Filter as OutsideFilter } from '../../filters/filter.ts';
import type { Batch, BatchOutcome } from '../../moderation/batch-store.ts';
import type { Claim } from '../../moderation/claim-store.ts';
import type { LogEvent, LooseEvent } from '../../moderation/event-log.ts';
import type { KeptRequest } from '../../requests/idempotency-store.ts';
import type { Label } from '../../screening/learner/model.ts';
import type { Wordlist } from '../../screening/wordlist-store.ts';
import type { Alias, Page, PageRules, Site } from '../../sites/site.ts';
import type { Token } from '../../staff/token.ts';
import type { Acting, AuditDoc } from './acting.ts';
import * as authorSchemas from './author-schemas.ts';
import type { CommentDoc } from './comment-doc.ts';
import * as desk from './desk-schemas.ts';
import { filterSchema } from './filter-schemas.ts';
import { type CopyDoc, copySchema, type ImportDoc, importSchema } from './import-schemas.ts';
import { learntSchema, lessonSchema } from './lesson-schemas.ts';
import * as people from './people-schemas.ts';
import * as schemas from './schemas.ts';
import type { GuardDoc, ModeratorDoc } from './staff-schemas.ts';
import { guardSchema, moderatorSchema } from './staff-schemas.ts';
import { type SubscriptionDoc, subscriptionSchema } from './subscription-schema.ts';
import { voteSchema } from './vote-schema.ts';
import * as webhookSchemas from './webhook-schemas.ts';

type Collection<D extends { _id: string | number }> = mongoose.mongo.Collection<D>;
export type Filter<D> = mongoose.mongo.Filter<D>;
export type Write<D extends { _id: string }> = mongoose.mongo.AnyBulkWriteOperation<D>;

export type CounterDoc = { _id: string; batch: number } & Partial<Counts>;
export interface LeaseDoc {
  _id: string;
  holder: string;
  until: Date;
  /** Who asks the holder to let it go, and until when that counts. */
  claimant?: string;
  claimedUntil?: Date;
}
/**
 * The journal of the fold: the batch of changes that is being moved from the comments' tails into the
 * counters, or was moved last. Written before the first counter moves, so that whoever comes after a
 * crash does exactly the same again; every step is idempotent by `seq`.
 */
export interface JournalDoc {
  _id: string;
  /** Rises by one with each batch. */
  seq: number;
  state: 'applying' | 'done';
  /** Of these comments, the tail up to and with `n`. */
  entries: { id: string; site: string; n: number }[];
  counters: { scope: string; by: Partial<Counts> }[];
  /** How the comments' own replyCount moves. */
  replies: { id: string; site: string; by: number }[];
  /** What statistics count. Missing in a journal of an earlier version. */
  tallies?: SiteTally[];
  /** What is handed on to events and audit, in its order; the last has `lastNumber`. */
  events: LogEvent[];
  /** Those of them that came from the inbox. */
  taken?: string[];
  /** The greatest number that an event of this batch or an earlier one has. */
  lastNumber: number;
}
export type SiteTally = Tally & { site: string };
/** `_id` is site, slot and what; `batch` the greatest batch of the fold that moved it. */
export interface TallyDoc {
  _id: string;
  slot: number;
  what: string;
  n: number;
  batch: number;
}
export interface EventDoc {
  _id: number;
  at: Date;
  body: LogEvent;
}
export interface InboxDoc {
  _id: string;
  body: LooseEvent | StandingEvent;
}
export interface DuplicateDoc {
  _id: string;
  site: string;
  comments: string[];
  at: Date;
  expireAt: Date;
}
export type BatchDoc = Omit<Batch, 'id'> & { _id: string; holder: string; until: Date };
export interface BatchPartDoc {
  _id: string;
  batch: string;
  number: number;
  outcomes: BatchOutcome[];
}
export type ClaimDoc = Omit<Claim, 'commentId' | 'until'> & { _id: string; until: Date };
export type PageDoc = Omit<Page, keyof PageRules> &
  Partial<PageRules> &
  Acting & { _id: string; joined?: string };
export interface ReferenceDoc {
  _id: string;
  site: string;
  key: string;
}
export type AliasDoc = Alias & Acting & { _id: string; moving?: true };
export type SiteDoc = Omit<Site, 'id'> & Acting & { _id: string; removing?: true };
export type TokenDoc = Omit<Token, 'id'> & Acting & { _id: string };
export type FilterDoc = Omit<OutsideFilter, 'id'> & Acting & { _id: string; nameKey: string };
export type WordlistDoc = Omit<Wordlist, 'site'> & Acting & { _id: string };
export interface LessonDoc {
  /** The event's number. */
  _id: number;
  site: string;
  comment: string;
  /** Missing where there is nothing to learn (any more). */
  label?: Label;
  text?: string;
  url?: string | null;
  supersedes?: number;
  /** The one that took it back. */
  by?: number;
  /** Of one that outlives its comment: whose it was. */
  author?: string;
}
export interface LearntDoc {
  _id: string;
  number: number;
  bytes: mongo.Binary;
}
export type IdempotencyDoc = KeptRequest & { _id: string; expireAt: Date };
export interface LimitDoc {
  _id: string;
  hits: number;
  resetAt: number;
  seen: Record<string, number>;
  expireAt: Date;
}
export type StandingDoc = Omit<StandingRecord, 'key'> &
  Acting & {
    _id: string;
    untold?: StandingEvent;
    /** A batch that begins with the newest change, until it is kept where batches are. */
    batch?: Batch;
  };
/** `_id` is the consumer's name. */
export interface ConsumerDoc {
  _id: string;
  number: number;
}
export type AuthorDoc = Omit<AuthorEntry, 'key'> & { _id: string; words: string[]; rev: string };
export interface PageFactsDoc {
  _id: string;
  site: string;
  key: string;
  rev: string;
  lastId: string;
  comments: number;
  words: string[];
}
export interface DirectoryTodoDoc {
  _id: string;
  /** Ids of comments: their authors and pages. */
  comments: string[];
  /** Ids of pages. */
  pages: string[];
}
export interface StampDoc {
  _id: string;
  n: number;
  at: Date;
}
export interface MetaDoc {
  _id: string;
  wrapped?: string;
  version?: number;
  /** By these rules every comment's words are filled in, or due. */
  rules?: string;
  /** The rules by which comments are being marked due, and the last one that was. */
  filling?: string;
  after?: string;
}

/** Acknowledged: on the majority's journals, or on the one server's. The time is in milliseconds. */
export const DURABLE = { w: 'majority', journal: true, wtimeoutMS: 8000 } as const;
/** Kept in order by the server, but not waited for: what a crash loses is done again or does not matter. */
export const RELAXED = { w: 1, journal: false } as const;

/** The native collections of one database, and how it is reached. */
export interface Database {
  connection: Connection;
  models: Model<unknown>[];
  comments: Collection<CommentDoc>;
  terms: Collection<{ _id: string }>;
  counters: Collection<CounterDoc>;
  journal: Collection<JournalDoc>;
  events: Collection<EventDoc>;
  inbox: Collection<InboxDoc>;
  consumers: Collection<ConsumerDoc>;
  audit: Collection<AuditDoc>;
  batches: Collection<BatchDoc>;
  parts: Collection<BatchPartDoc>;
  claims: Collection<ClaimDoc>;
  tallies: Collection<TallyDoc>;
  votes: Collection<{ _id: string }>;
  leases: Collection<LeaseDoc>;
  duplicates: Collection<DuplicateDoc>;
  pages: Collection<PageDoc>;
  references: Collection<ReferenceDoc>;
  aliases: Collection<AliasDoc>;
  sites: Collection<SiteDoc>;
  tokens: Collection<TokenDoc>;
  moderators: Collection<ModeratorDoc>;
  guards: Collection<GuardDoc>;
  wordlists: Collection<WordlistDoc>;
  filters: Collection<FilterDoc>;
  lessons: Collection<LessonDoc>;
  learnt: Collection<LearntDoc>;
  idempotency: Collection<IdempotencyDoc>;
  limits: Collection<LimitDoc>;
  stamps: Collection<StampDoc>;
  standings: Collection<StandingDoc>;
  authors: Collection<AuthorDoc>;
  pageFacts: Collection<PageFactsDoc>;
  directoryTodo: Collection<DirectoryTodoDoc>;
  webhooks: Collection<webhookSchemas.WebhookDoc>;
  deliveries: Collection<webhookSchemas.DeliveryDoc>;
  deliveryRecords: Collection<webhookSchemas.DeliveryRecordDoc>;
  imports: Collection<ImportDoc>;
  copies: Collection<CopyDoc>;
  subscriptions: Collection<SubscriptionDoc>;
  retention: Collection<people.RetentionDoc>;
  identitySecrets: Collection<people.IdentitySecretDoc>;
  identityLinks: Collection<people.IdentityLinkDoc>;
  meta: Collection<MetaDoc>;
}

/** Connects; rejects where no server answers within two seconds. `monitorCommands` is for tests. */
export async function connect(uri: string, monitorCommands = false): Promise<Database> {
  const connection = await mongoose
    .createConnection(uri, {
      autoIndex: false,
      autoCreate: false,
      bufferCommands: false,
      ignoreUndefined: true,
      serverSelectionTimeoutMS: 2000,
      connectTimeoutMS: 2000,
      socketTimeoutMS: 15_000,
      heartbeatFrequencyMS: 1000,
      maxPoolSize: 20,
      // Warm from the start: the first requests don't wait for handshakes.
      minPoolSize: 2,
      writeConcern: DURABLE,
      // The driver would import it by itself, which not every place that runs this code allows (jest, a bundle).
      runtimeAdapters: { os },
      monitorCommands,
    })
    .asPromise();
  return over(connection);
}

function over(connection: Connection): Database {
  const models: Model<unknown>[] = [];
  const { db } = connection;
  if (!db) throw new Error('the connection has no database');
  const open = <D extends { _id: string | number }>(name: string, schema: Schema): Collection<D> => {
    const model = connection.model(name, schema);
    models.push(model as unknown as Model<unknown>);
    return db.collection<D>(model.collection.name);
  };
  return {
    connection,
    models,
    comments: open('Comment', schemas.commentSchema),
    terms: open('Term', schemas.termSchema),
    counters: open('Counter', schemas.counterSchema),
    journal: open('Journal', schemas.journalSchema),
    events: open('Event', schemas.eventSchema),
    inbox: open('Inbox', schemas.inboxSchema),
    consumers: open('Consumer', schemas.consumerSchema),
    audit: open('Audit', schemas.auditSchema),
    batches: open('Batch', desk.batchSchema),
    parts: open('BatchPart', desk.batchPartSchema),
    claims: open('Claim', desk.claimSchema),
    tallies: open('Tally', schemas.tallySchema),
    votes: open('Vote', voteSchema),
    leases: open('Lease', schemas.leaseSchema),
    duplicates: open('Duplicate', schemas.duplicateSchema),
    pages: open('Page', schemas.pageSchema),
    references: open('PageReference', schemas.referenceSchema),
    aliases: open('Alias', schemas.aliasSchema),
    sites: open('Site', schemas.siteSchema),
    tokens: open('Token', schemas.tokenSchema),
    moderators: open('Moderator', moderatorSchema),
    guards: open('Guard', guardSchema),
    wordlists: open('Wordlist', schemas.wordlistSchema),
    filters: open('Filter', filterSchema),
    lessons: open('Lesson', lessonSchema),
    learnt: open('Learnt', learntSchema),
    idempotency: open('Idempotency', schemas.idempotencySchema),
    limits: open('Limit', schemas.limitSchema),
    stamps: open('Stamp', schemas.stampSchema),
    standings: open('Standing', authorSchemas.standingSchema),
    authors: open('Author', authorSchemas.authorSchema),
    pageFacts: open('PageFacts', authorSchemas.pageFactsSchema),
    directoryTodo: open('DirectoryTodo', authorSchemas.directoryTodoSchema),
    webhooks: open('Webhook', webhookSchemas.webhookSchema),
    deliveries: open('Delivery', webhookSchemas.deliverySchema),
    deliveryRecords: open('DeliveryRecord', webhookSchemas.deliveryRecordSchema),
    imports: open('Import', importSchema),
    copies: open('Copy', copySchema),
    subscriptions: open('Subscription', subscriptionSchema),
    retention: open('Retention', people.retentionSchema),
    identitySecrets: open('IdentitySecret', people.identitySecretSchema),
    identityLinks: open('IdentityLink', people.identityLinkSchema),
    meta: open('Meta', schemas.metaSchema),
  };
}

/**
 * Makes what collections and indexes are missing; those that are there stay. One command for each collection,
 * all at once: one for each index would be fifty waits for a majority.
 */
export async function ensureIndexes({ connection, models }: Database): Promise<void> {
  await Promise.all(
    models.map(async (model) => {
      const indexes = model.schema
        .indexes()
        .map(([key, { background: _, ...options }]) => ({ key, ...options }));
      if (indexes.length === 0) await model.createCollection();
      else
        await connection.collection(model.collection.name).createIndexes(indexes as mongo.IndexDescription[]);
    }),
  );
}
