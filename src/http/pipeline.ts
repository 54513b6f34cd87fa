import { type LocatedComment, locateComment } from '../comments/locate.ts';
import { AppError } from '../errors.ts';
import { findSigner, proveSigner } from '../filters/signer.ts';
import { COMMENT_ID_LENGTH, isIdOf } from '../ids.ts';
import type { KeptRequest } from '../requests/idempotency-store.ts';
import type { Site } from '../sites/site.ts';
import { seesSite } from '../staff/principal.ts';
import { checkType, contentOf, READER_BODY_LIMIT, readBytes, STAFF_BODY_LIMIT } from './body.ts';
import type { TrustsProxy } from './client-address.ts';
import { addressGroup, clientAddress } from './client-address.ts';
import type { Idempotency } from './idempotency.ts';
import { clientKeyOf, type KeyHeader, refuseKey } from './idempotency.ts';
import type { Doorkeeper } from './identify.ts';
import { identify } from './identify.ts';
import { chooseLanguage } from './language.ts';
import type { Origins } from './origins.ts';
import { checkInTime, workInTime } from './patience.ts';
import { readQuery } from './query.ts';
import type { RateLimiter, RateQuestion, RateState } from './rate-limits.ts';
import { rateHeaders } from './rate-limits.ts';
import type { Reply } from './reply.ts';
import type { Envelope, Exchange } from './respond.ts';
import type { App, Context, Route } from './route.ts';

/** What the checks need beside what handlers get. */
export interface PipelineParts extends Doorkeeper {
  app: App;
  limiter: RateLimiter;
  idempotency: Idempotency;
  origins: Origins;
  trusts: TrustsProxy;
}

/** One request on its way through the checks. */
export interface Passage {
  exchange: Exchange;
  route: Route;
  context: Context;
  envelope: Envelope;
  /** The request's Idempotency-Key as the store names it, once known, with what is kept of it. */
  key: { name: string; kept: KeptRequest | null } | null;
}

/** The bearer token of the Authorization header, or null. */
export function bearerOf(header: string | undefined): string | null {
  return /^Bearer +([\x21-\x7e]+) *$/i.exec(header ?? '')?.[1] ?? null;
}

async function findSite(parts: PipelineParts, { context }: Passage, id: string): Promise<Site> {
  const { principal } = context;
  const site = principal && !seesSite(principal, id) ? null : await parts.app.deps.sites.find(id);
  if (!site) throw new AppError('site-not-found');
  return site;
}

async function findComment(parts: PipelineParts, passage: Passage, id: string): Promise<LocatedComment> {
  const { context, envelope, exchange } = passage;
  const { principal } = context;
  const located = isIdOf(COMMENT_ID_LENGTH, id)
    ? await locateComment(parts.app.deps, id).catch(whereNotFound)
    : null;
  if (located && (!principal || seesSite(principal, located.comment.site))) return located;
  // Whose page asks can't be known then; the widget of any of our sites shall be able to read that it is gone.
  const { origin } = exchange.request.headers;
  if (envelope.cors === 'reader' && origin !== undefined && (await parts.origins.isOfAnySite(origin))) {
    envelope.servedOrigin = origin;
  }
  throw new AppError('comment-not-found');
}

function whereNotFound(error: unknown): null {
  if (error instanceof AppError && error.code === 'comment-not-found') return null;
  throw error;
}

/** 404: the filter that calls, or the site or comment that the path names. */
async function locate(parts: PipelineParts, passage: Passage): Promise<void> {
  const { context, route, exchange, envelope } = passage;
  const { site, comment, filter } = context.params;
  if (route.caller === 'filter') context.filter = await findSigner(parts.app.deps, filter ?? '');
  if (comment !== undefined) {
    context.located = await findComment(parts, passage, comment);
    context.site = context.located.site;
  } else if (site !== undefined) {
    context.site = await findSite(parts, passage, site);
  }
  const { headers } = exchange.request;
  if (context.site) {
    context.language = chooseLanguage(headers['accept-language'], context.site.locale);
    envelope.servedOrigin = parts.origins.served(route.cors, headers.origin, context.site);
  }
  route.operation.guard?.(context, parts.app);
}

/** 403: pages of strangers may read (without being able to see the answer), never write. */
function checkOrigin({ exchange, route, envelope }: Passage): void {
  const { origin } = exchange.request.headers;
  if (route.method === 'GET' || route.cors === 'any' || route.cors === 'none') return;
  if (origin === undefined || envelope.servedOrigin !== null) return;
  if (origin === 'null' && route.operation.nullOrigin) return;
  throw new AppError('origin-not-allowed');
}

function questionOf(parts: PipelineParts, { exchange, route, context }: Passage): RateQuestion | null {
  if (route.limit === null) return null;
  const { principal, site, filter } = context;
  if (filter) return { name: route.limit, site: null, subject: `filter/${filter.id}` };
  const { countsApart } = route.operation;
  const caller = principal
    ? `${principal.kind}/${principal.session ?? principal.id}`
    : addressGroup(clientAddress(exchange.request, parts.trusts));
  const subject = countsApart === undefined ? caller : `${countsApart}/${caller}`;
  return { name: route.limit, site: principal ? null : site, subject };
}

/** Reads are counted on few sites, and count nothing beside: whose address asks need not be looked at. */
function isReadUncounted({ limiter }: PipelineParts, { route, context }: Passage): boolean {
  return route.limit === 'reads' && !context.principal && !limiter.isOn('reads', context.site);
}

function tooMany(seconds: number): AppError {
  return new AppError('rate-limited', { headers: { 'Retry-After': String(seconds) } });
}

/** Counts a request against a further subject: an author, an account. Throws `rate-limited`. */
async function countAlso(
  parts: PipelineParts,
  passage: Passage,
  { states, question }: { states: RateState[]; question: RateQuestion },
): Promise<void> {
  const { request, response } = passage.exchange;
  const state = await parts.limiter.hit(question, request, response);
  if (!state?.refused) return;
  // Of two counts in one class the answer tells the one that is used up.
  const others = states.filter(({ name }) => name !== state.name);
  passage.envelope.rate = rateHeaders([...others, state]);
  throw tooMany(state.seconds);
}

/** 429, from which a known idempotency key is exempt. */
async function countRequest(parts: PipelineParts, passage: Passage): Promise<void> {
  if (isReadUncounted(parts, passage)) return;
  const question = questionOf(parts, passage);
  if (!question) return;
  const { request, response } = passage.exchange;
  const isRepeated = Boolean(passage.key?.kept);
  const state = isRepeated
    ? parts.limiter.peek(question)
    : await parts.limiter.hit(question, request, response);
  const states = state ? [state] : [];
  passage.envelope.rate = rateHeaders(states);
  const { site } = question;
  passage.context.countAuthor = (authorKey) =>
    countAlso(parts, passage, { states, question: { name: 'author', site, subject: authorKey } });
  passage.context.countLogin = (accountKey) =>
    countAlso(parts, passage, {
      states,
      question: { name: 'login', site: null, subject: `account/${accountKey}` },
    });
  if (state?.refused && !isRepeated) throw tooMany(state.seconds);
}

/** The header that makes a request one that may be repeated. */
const keyHeaderOf = ({ caller }: Route): KeyHeader =>
  caller === 'filter' ? 'webhook-id' : 'Idempotency-Key';

/** What stands in that header. */
const keyOf = ({ exchange, route }: Passage): ReturnType<typeof clientKeyOf> =>
  clientKeyOf(headerText(exchange.request.headers[keyHeaderOf(route).toLowerCase()]));

/** What is known of the request's Idempotency-Key. Whether the key itself is right is said later, in its turn. */
async function lookUpKey(parts: PipelineParts, passage: Passage): Promise<void> {
  const { route, context } = passage;
  if (!route.operation.prepare) return;
  const header = keyOf(passage);
  if (!header?.valid) return;
  const scope = [
    // A site that was removed and made again under its id is another one: what was kept is of comments that are gone.
    context.site ? `${context.site.id} ${context.site.createdAt}` : '',
    context.principal?.id ?? '',
    route.path,
    JSON.stringify(context.params),
  ];
  const name = parts.idempotency.keyFor(scope, header.key);
  passage.key = { name, kept: await parts.idempotency.find(name) };
}

const headerText = (header: string | string[] | undefined): string | undefined =>
  Array.isArray(header) ? header.join(', ') : header;

/** 413, 401 of a signature, 415 and 400: the body, then the query's escapes. */
async function read({ app }: PipelineParts, { exchange, route, context }: Passage): Promise<void> {
  if (route.body === 'file') {
    checkType(exchange.request, route.body, 1);
    context.body = exchange.request;
  } else if (route.body !== 'none') {
    const limit =
      route.caller === 'moderator' || route.caller === 'admin' ? STAFF_BODY_LIMIT : READER_BODY_LIMIT;
    const bytes = await readBytes(exchange.request, limit);
    if (context.filter) context.signer = proveSigner(app.deps, context.filter, { ...context, body: bytes });
    checkType(exchange.request, route.body, bytes.length);
    context.body = contentOf(exchange.request, route.body, bytes);
  }
  context.query = readQuery(context.url);
}

/** Idempotency, then the handler, which goes on with closed, fields, the author's limit and the state. */
async function perform(parts: PipelineParts, passage: Passage): Promise<Reply> {
  const { app } = parts;
  const { context, route, key } = passage;
  const { operation } = route;
  if (operation.handle) return operation.handle(context, app);
  const header = keyOf(passage);
  if (header && !header.valid) refuseKey(header.key, keyHeaderOf(route));
  const received = await operation.receive?.(context, app);
  try {
    if (!key) return await (await operation.prepare(context, app)).run();
    return await parts.idempotency.run({
      key: key.name,
      kept: key.kept,
      body: received ? received.standsFor : context.body,
      prepare: (earlier) => operation.prepare(context, app, earlier),
      recover: (plan) => operation.recover(context, app, plan),
    });
  } finally {
    await received?.release();
  }
}

/**
 * The contract's order of checks, for every route alike: the first that fails answers. Route 404 and
 * method 405 are decided before.
 */
export async function pass(parts: PipelineParts, passage: Passage): Promise<Reply> {
  const { app } = parts;
  const isSigned = passage.route.caller === 'filter';
  await checkInTime(app, checkHead(parts, passage, isSigned));
  await read(parts, passage);
  return workInTime(app, passage.context, act(parts, passage, isSigned));
}

async function checkHead(parts: PipelineParts, passage: Passage, isSigned: boolean): Promise<void> {
  await identify(parts, passage);
  await locate(parts, passage);
  checkOrigin(passage);
  if (!isSigned) await lookUpKey(parts, passage);
  await countRequest(parts, passage);
}

async function act(parts: PipelineParts, passage: Passage, isSigned: boolean): Promise<Reply> {
  // Whoever has not signed learns nothing of what was sent before, nor goes past a limit by it.
  if (isSigned) await lookUpKey(parts, passage);
  return perform(parts, passage);
}
