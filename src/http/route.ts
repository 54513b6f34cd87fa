import type { IncomingHttpHeaders } from 'node:http';
import type * as z from 'zod';
import type { LocatedComment } from '../comments/locate.ts';
import type { Deps } from '../deps.ts';
import type { AppError, ProblemCode } from '../errors.ts';
import type { Filter } from '../filters/filter.ts';
import type { Language } from '../locales.ts';
import type { Importer } from '../moving/importer.ts';
import type { RateLimitClass } from '../sites/policy.ts';
import type { Site } from '../sites/site.ts';
import type { Principal } from '../staff/principal.ts';
import type { Setup } from '../staff/setup.ts';
import type { AnswerCounts } from './answer-counts.ts';
import type { BodyKind } from './body.ts';
import type { CorsMode } from './cors.ts';
import type { DashboardFiles } from './dashboard-files.ts';
import type { EventStreams } from './event-streams.ts';
import type { HttpConfig } from './http-config.ts';
import type { Metrics } from './metrics.ts';
import type { QueryPairs } from './query.ts';
import type { Reply } from './reply.ts';
import type { SharedAnswerParts } from './shared-answer.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * Who may call a route. `author` brings an edit token, `metrics` the token of METRICS_TOKEN, `filter` signs what it
 * sends.
 */
export type Caller = 'public' | 'author' | 'filter' | 'moderator' | 'admin' | 'metrics';

/** The filter that signed a message, and when, in seconds since 1970. */
export interface Signer {
  filter: Filter;
  signedAt: number;
}

/** What a handler works with: everything the pipeline found out about the request. */
export interface Context {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  /** The request's target as sent. */
  readonly url: string;
  /** Whether only the head of the answer goes out: then nothing may be given away that is given once. */
  readonly isHead: boolean;
  query: QueryPairs;
  /** Parsed JSON, a form's raw bytes, or undefined. */
  body: unknown;
  bearer: string | null;
  principal: Principal | null;
  /** Who the same credentials name now, without noting that they were used; null for nobody who may. */
  lookAgain(): Promise<Principal | null>;
  /** The filter that the path names; who it is really from is known once the body is read. */
  filter: Filter | null;
  signer: Signer | null;
  site: Site | null;
  located: LocatedComment | null;
  language: Language;
  /** Whom a reader's acts count by where they name themselves by nothing better: their address, of IPv6 the /64. */
  client(): string;
  /** Where the request comes from, for outside filters that an admin lets know. */
  sender(): { ip: string; userAgent: string | null };
  /** Aborts, with ClientGone, where the caller goes before the answer: asked for by what takes long to find. */
  whileThere(): AbortSignal;
  /** Counts a comment against its author's own limit. Throws `rate-limited`. */
  countAuthor(authorKey: string): Promise<void>;
  /** Counts a log-in against its account, known or not. Throws `rate-limited`. */
  countLogin(accountKey: string): Promise<void>;
  /** Tells the hot read which pages an answer shows, as soon as they are known; null is a page not known yet. */
  showsPages(pageKeys: (string | null)[]): void;
}

/** What every handler is given beside its request. */
export interface App {
  deps: Deps;
  config: HttpConfig;
  /** What was answered. */
  counts: AnswerCounts;
  metrics: Metrics;
  routes: readonly Route[];
  streams: EventStreams;
  dashboard: DashboardFiles;
  /** What takes in the files of imports. */
  importer: Importer;
  /** The first admin's way in; null where there is another. */
  setup: Setup | null;
  /** Rejects while the store can't be read and written. */
  ready(): Promise<void>;
  /** An answer that is the same for everybody who asks. */
  share(
    context: Context,
    parts: Pick<SharedAnswerParts, 'contentType' | 'body'> &
      Partial<Pick<SharedAnswerParts, 'security' | 'anyOrigin' | 'cacheControl'>>,
  ): Reply;
}

/** A request that may be repeated under its Idempotency-Key: planned first, then done. */
export interface Prepared {
  /** JSON, kept sealed before anything is written: enough to find out later whether it happened. */
  plan: unknown;
  run(): Promise<Reply>;
}

export type RequestHeader = 'Gatehouse-Reader' | 'Last-Event-ID';

interface OperationParts {
  /** Lower camel case; the OpenAPI operationId. */
  name: string;
  summary: string;
  query?: z.ZodObject;
  multiple?: readonly string[];
  body?: z.ZodType;
  /** Headers of the request that it reads beside those which its place in the table implies. */
  headers?: readonly RequestHeader[];
  /** It tells more to whoever brings the comment's edit token. */
  takesEditToken?: true;
  /** By status: the schema of the answer's JSON, or in words what it is. */
  answers: Readonly<Record<number, z.ZodType | string>>;
  /** Content types of an answer that is no JSON, or may be none. */
  types?: readonly string[];
  /** Whether a caller who has the answer already is told so: 304. */
  conditional?: true;
  /** Codes beyond those that the route's place in the table implies. */
  problems?: readonly ProblemCode[];
  /** Runs when site and comment are known, before anything is counted or read. */
  guard?(context: Context, app: App): void;
  /** Where problems are not JSON: a form answers with its own page. */
  presentProblem?(error: AppError, context: Context, app: App): Promise<Reply>;
  /**
   * What else than the store is waited for, which takes as long as it may: the outside filters that are asked, or work
   * that grows with what the call names. Calls of admins are all of the second kind.
   */
  patience?: 'filters' | 'whole';
  /** Its calls are not counted together with others of its class, but under this name. */
  countsApart?: string;
  /** `Origin: null` may write here: forms of sandboxed pages send it. */
  nullOrigin?: boolean;
}

export interface PlainOperation extends OperationParts {
  handle(context: Context, app: App): Promise<Reply>;
  prepare?: undefined;
}

/** A file that a request has brought. */
export interface Received {
  /** What is compared where the request is repeated under its key. */
  standsFor: unknown;
  /** Called when the request was answered, whichever way. */
  release(): Promise<void>;
}

export interface IdempotentOperation extends OperationParts {
  /** Of a route whose body is a file: takes it in, before the key is looked at. */
  receive?(context: Context, app: App): Promise<Received>;
  /**
   * Everything up to the write. Throws what a handler throws. `earlier`: the plan of a try that was cut off and has not
   * happened so far. Its write may still be on its way, and is then to be the same as this one's.
   */
  prepare(context: Context, app: App, earlier?: unknown): Promise<Prepared>;
  /** The answer to a planned request if it did happen; null if it never did. */
  recover(context: Context, app: App, plan: unknown): Promise<Reply | null>;
  handle?: undefined;
}

/** What can be asked of a resource: its schemas and its handler. */
export type Operation = PlainOperation | IdempotentOperation;

/** One line of the route table. */
export interface Route {
  method: Method;
  /** As in the contract: `/v1/sites/{site}/comments`. */
  path: string;
  caller: Caller;
  limit: RateLimitClass | null;
  body: BodyKind;
  cors: CorsMode;
  operation: Operation;
}

/** The site a route is about; the pipeline found it before the handler ran. */
export function siteOf(context: Context): Site {
  if (!context.site) throw new Error(`${context.route.path} has no site`);
  return context.site;
}

/** The comment a route is about. */
export function commentOf(context: Context): LocatedComment {
  if (!context.located) throw new Error(`${context.route.path} has no comment`);
  return context.located;
}

/** The filter that signed the message, on a route of filters. */
export function signerOf(context: Context): Signer {
  if (!context.signer) throw new Error(`${context.route.path} has no signer`);
  return context.signer;
}

/** Who calls, on a route that wants credentials. */
export function principalOf(context: Context): Principal {
  if (!context.principal) throw new Error(`${context.route.path} has no caller`);
  return context.principal;
}
