import { AppError } from '../errors.ts';
import { ClientGone } from './body.ts';
import { addressGroup, claimsProxy, clientAddress } from './client-address.ts';
import { preflightHeaders } from './cors.ts';
import type { Fill } from './hot-reads.ts';
import { chooseLanguage } from './language.ts';
import type { Logger } from './logger.ts';
import { checkInTime } from './patience.ts';
import type { Passage, PipelineParts } from './pipeline.ts';
import { bearerOf, pass } from './pipeline.ts';
import { problemReply, toAppError } from './problem.ts';
import type { RawHeaders } from './raw-headers.ts';
import type { Reply } from './reply.ts';
import { noContent } from './reply.ts';
import type { Envelope, Exchange } from './respond.ts';
import { respond } from './respond.ts';
import type { Context, Route } from './route.ts';

/** Everything the table has at one path. */
export interface PathGroup {
  path: string;
  routes: readonly Route[];
  /** The Allow header. */
  allow: string;
}

export interface DispatchParts extends PipelineParts {
  log: Logger;
  security: RawHeaders;
  fillOf(request: Exchange['request']): Fill | undefined;
}

export interface Dispatcher {
  /** Answers a request for a known path. Never rejects. */
  dispatch(group: PathGroup, exchange: Exchange, params: Record<string, string>): Promise<void>;
  /** Answers a request that no route takes. Never rejects. */
  refuse(exchange: Exchange, error: unknown): Promise<void>;
}

/** The table's routes by path, in its order. */
export function groupByPath(routes: readonly Route[]): PathGroup[] {
  const paths = new Map<string, Route[]>();
  for (const route of routes) {
    const known = paths.get(route.path);
    if (known) known.push(route);
    else paths.set(route.path, [route]);
  }
  return [...paths].map(([path, ofPath]) => {
    const methods = ofPath.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
    return { path, routes: ofPath, allow: [...methods, 'OPTIONS'].join(', ') };
  });
}

function notCounted(): Promise<void> {
  return Promise.resolve();
}

function whileThere(response: Exchange['response']): AbortSignal {
  const controller = new AbortController();
  const leave = (): void => {
    // Every answer closes at last.
    if (!response.writableEnded) controller.abort(new ClientGone('the caller did not wait for the answer'));
  };
  if (response.destroyed) leave();
  else response.once('close', leave);
  return controller.signal;
}

export function createDispatcher(parts: DispatchParts): Dispatcher {
  const { app, log, origins, security } = parts;
  let warnedOfProxy = false;

  function warnOfProxy({ request }: Exchange): void {
    if (warnedOfProxy || !claimsProxy(request)) return;
    if (parts.trusts(request.socket.remoteAddress ?? '', 0)) return;
    warnedOfProxy = true;
    log.warn({}, 'forwarded headers arrive from an address that TRUST_PROXY does not name: they are ignored');
  }

  function passageFor(route: Route, exchange: Exchange, params: Record<string, string>): Passage {
    const { request } = exchange;
    const envelope: Envelope = {
      cors: route.cors,
      servedOrigin: origins.served(route.cors, request.headers.origin, null),
      rate: [],
      security,
    };
    const context: Context = {
      route,
      params,
      headers: request.headers,
      url: request.url ?? '',
      isHead: request.method === 'HEAD',
      query: [],
      body: undefined,
      bearer: bearerOf(request.headers.authorization),
      principal: null,
      lookAgain: async () => null,
      filter: null,
      signer: null,
      site: null,
      located: null,
      language: chooseLanguage(request.headers['accept-language'], undefined),
      client: () => addressGroup(clientAddress(request, parts.trusts)),
      sender: () => ({
        ip: clientAddress(request, parts.trusts),
        userAgent: request.headers['user-agent'] ?? null,
      }),
      whileThere: () => whileThere(exchange.response),
      countAuthor: notCounted,
      countLogin: notCounted,
      showsPages: (keys) => parts.fillOf(request)?.showsPages(keys),
    };
    return { exchange, route, context, envelope, key: null };
  }

  async function problem(error: unknown, passage: Passage): Promise<Reply> {
    const { context, route } = passage;
    const known = toAppError(error);
    if (known.status >= 500) {
      const fields = { err: known.cause ?? known, route: route.path, requestId: passage.exchange.requestId };
      if (known.code === 'store-unavailable') log.warn(fields, 'the store is not available');
      else log.error(fields, 'a request failed');
    }
    const plain = problemReply(known, { language: context.language, publicUrl: app.config.publicUrl });
    if (!route.operation.presentProblem) return plain;
    try {
      return await checkInTime(app, route.operation.presentProblem(known, context, app));
    } catch (second) {
      log.error({ err: second, route: route.path }, 'the page of a problem could not be made');
      return plain;
    }
  }

  /**
   * The site of a reader's call, before any check has run: its pages may read a 405, which speaks its language,
   * and its preflights are answered.
   */
  async function meetSite({ context, envelope, exchange, route }: Passage): Promise<void> {
    if (route.caller !== 'public' && route.caller !== 'author') return;
    const { headers } = exchange.request;
    const { site, comment } = context.params;
    const id = comment === undefined ? site : (await app.deps.comments.find(comment))?.site;
    const found = id === undefined ? null : await app.deps.sites.find(id);
    if (found) {
      context.site = found;
      context.language = chooseLanguage(headers['accept-language'], found.locale);
    }
    if (headers.origin === undefined || route.cors !== 'reader') return;
    envelope.servedOrigin = origins.served(route.cors, headers.origin, found);
    if (comment !== undefined && !found && (await origins.isOfAnySite(headers.origin)))
      envelope.servedOrigin = headers.origin;
  }

  async function preflight(group: PathGroup, passage: Passage): Promise<Reply> {
    if (passage.exchange.request.headers.origin !== undefined) await checkInTime(app, meetSite(passage));
    const { cors, servedOrigin } = passage.envelope;
    const reply = noContent();
    reply.headers.push(
      'Allow',
      group.allow,
      ...preflightHeaders(group.allow, cors === 'any' || servedOrigin !== null),
    );
    return reply;
  }

  async function answer(group: PathGroup, passage: Passage, method: string): Promise<Reply> {
    try {
      if (method === 'OPTIONS') return await preflight(group, passage);
      if (passage.route.method !== method) {
        await checkInTime(app, meetSite(passage));
        throw new AppError('method-not-allowed', { headers: { Allow: group.allow } });
      }
      return await pass(parts, passage);
    } catch (error) {
      if (error instanceof ClientGone) throw error;
      return problem(error, passage);
    }
  }

  async function send(passage: Passage, reply: Reply, routeName: string): Promise<void> {
    const { exchange, envelope } = passage;
    // Where reads are counted, each of them has to come this way.
    const mayBeKept = reply.kind === 'shared' && envelope.rate.length === 0;
    if (mayBeKept) parts.fillOf(exchange.request)?.keep(reply.answer, routeName);
    const status = await respond(exchange, reply, envelope);
    const seconds = (performance.now() - exchange.begun) / 1000;
    const method = exchange.request.method ?? '';
    app.counts.observe({ route: routeName, method, status, seconds });
    // The route, never the address asked for: a query string may hold anything.
    log.debug(
      { requestId: exchange.requestId, method, route: routeName, status, ms: seconds * 1000 },
      'answered',
    );
  }

  async function run(passage: Passage, routeName: string, make: () => Promise<Reply>): Promise<void> {
    try {
      await send(passage, await make(), routeName);
    } catch (error) {
      if (!(error instanceof ClientGone))
        log.error({ err: error, route: routeName }, 'an answer was not sent');
      passage.exchange.response.destroy();
    }
  }

  return {
    dispatch(group, exchange, params) {
      warnOfProxy(exchange);
      const asked = exchange.request.method ?? 'GET';
      const method = asked === 'HEAD' ? 'GET' : asked;
      const route = group.routes.find((one) => one.method === method) ?? group.routes[0];
      if (!route) throw new Error(`${group.path} has no route`);
      const passage = passageFor(route, exchange, params);
      return run(passage, group.path, () => answer(group, passage, method));
    },
    refuse(exchange, error) {
      const passage = passageFor(NO_ROUTE, exchange, {});
      return run(passage, NO_ROUTE.path, () => problem(error, passage));
    },
  };
}

/** Stands for whatever no route takes. */
const NO_ROUTE: Route = {
  method: 'GET',
  path: '(none)',
  caller: 'public',
  limit: null,
  body: 'none',
  cors: 'none',
  operation: {
    name: 'none',
    summary: '',
    answers: {},
    handle: () => Promise.reject(new AppError('not-found')),
  },
};
