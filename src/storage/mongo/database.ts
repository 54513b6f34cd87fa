import os from 'node:os';
import mongoose, { type Connection, type Model, type mongo, type Schema } from 'mongoose';
import type { AuditDoc } from './acting.ts';
import * as authorSchemas from './author-schemas.ts';
import type { CommentDoc } from './comment-doc.ts';
import { withoutSettled } from './connection-string.ts';
import * as desk from './desk-schemas.ts';
import type {
  AliasDoc,
  AuthorDoc,
  BatchDoc,
  BatchPartDoc,
  ClaimDoc,
  ConsumerDoc,
  CounterDoc,
  DirectoryTodoDoc,
  DuplicateDoc,
  EventDoc,
  FilterDoc,
  IdempotencyDoc,
  InboxDoc,
  JournalDoc,
  LearntDoc,
  LeaseDoc,
  LessonDoc,
  LimitDoc,
  MetaDoc,
  PageDoc,
  PageFactsDoc,
  ReferenceDoc,
  RemovedSiteDoc,
  SiteDoc,
  StampDoc,
  StandingDoc,
  TallyDoc,
  TokenDoc,
  WordlistDoc,
} from './documents.ts';
import { endCommandsWithTheirConnection } from './driver-drain.ts';
import { asIndexFailure, isNotThere } from './failures.ts';
import { filterSchema } from './filter-schemas.ts';
import { type CopyDoc, copySchema, type ImportDoc, importSchema } from './import-schemas.ts';
import { learntSchema, lessonSchema } from './lesson-schemas.ts';
import * as people from './people-schemas.ts';
import * as schemas from './schemas.ts';
import * as siteSchemas from './site-schemas.ts';
import type { GuardDoc, ModeratorDoc } from './staff-schemas.ts';
import { guardSchema, moderatorSchema } from './staff-schemas.ts';
import { type SubscriptionDoc, subscriptionSchema } from './subscription-schema.ts';
import { voteSchema } from './vote-schema.ts';
import * as webhookSchemas from './webhook-schemas.ts';

export type Collection<D extends { _id: string | number }> = mongoose.mongo.Collection<D>;
export type Filter<D> = mongoose.mongo.Filter<D>;
export type Write<D extends { _id: string | number }> = mongoose.mongo.AnyBulkWriteOperation<D>;

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
  removedSites: Collection<RemovedSiteDoc>;
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
  endCommandsWithTheirConnection();
  const connection = await mongoose
    .createConnection(withoutSettled(uri), {
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
    pages: open('Page', siteSchemas.pageSchema),
    references: open('PageReference', siteSchemas.referenceSchema),
    aliases: open('Alias', siteSchemas.aliasSchema),
    sites: open('Site', siteSchemas.siteSchema),
    removedSites: open('RemovedSite', siteSchemas.removedSiteSchema),
    tokens: open('Token', schemas.tokenSchema),
    moderators: open('Moderator', moderatorSchema),
    guards: open('Guard', guardSchema),
    wordlists: open('Wordlist', siteSchemas.wordlistSchema),
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
      else await makeIndexes(connection, model.collection.name, indexes as mongo.IndexDescription[]);
    }),
  );
}

/** As `ensureIndexes`, under a running service; resolves to whether any was missing. */
export async function mendIndexes(database: Database): Promise<boolean> {
  const before = await countIndexes(database);
  await ensureIndexes(database);
  return (await countIndexes(database)) > before;
}

async function countIndexes({ connection, models }: Database): Promise<number> {
  const counts = await Promise.all(
    models.map(async ({ collection }) => {
      try {
        return (await connection.collection(collection.name).indexes()).length;
      } catch (error) {
        if (isNotThere(error)) return 0;
        throw error;
      }
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/**
 * Resolves when they are there. Of many documents one may be minutes in the making, longer than an answer is waited
 * for: the server goes on with it, and who asks again waits for the same.
 */
export async function makeIndexes(
  connection: Pick<Connection, 'collection'>,
  name: string,
  indexes: mongo.IndexDescription[],
): Promise<void> {
  for (;;) {
    try {
      await connection.collection(name).createIndexes(indexes);
      return;
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoNetworkTimeoutError)) throw asIndexFailure(error, name);
    }
  }
}
