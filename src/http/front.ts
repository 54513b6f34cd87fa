import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from './core.ts';
import type { PathGroup } from './dispatch.ts';
import type { KeptAnswer } from './hot-reads.ts';
import type { Logger } from './logger.ts';
import type { Listener } from './server.ts';
import { sendShared } from './shared-answer.ts';

export interface FrontParts {
  core: Pick<Core, 'hot' | 'dispatcher' | 'exchangeOf' | 'nextId' | 'counts'>;
  groups: readonly PathGroup[];
  /** Finds the route of everything else. */
  router: Listener;
  log: Logger;
}

/** What readers call all the time: these need no router to find their route. */
const READER_URL = /^\/v1\/sites\/([a-z0-9-]+)(\/comments|\/counts)?(?:\?|$)/;
const HEALTH_PATH = '/healthz';
const SITE_PATH = '/v1/sites/{site}';
/** A stream stays open for hours, and what the router makes for a request would stay with it. */
const STREAM_PATH = '/v1/moderation/events';
/** How often a read waits anew where what was being made for it changed meanwhile. */
const PATIENCE = 3;

/** Whether a request would only read. */
const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

interface FoundGroup {
  group: PathGroup;
  params: Record<string, string>;
}

/** The group of a request that needs no router to find it, with what its path says. */
function findGroup(
  byPath: ReadonlyMap<string, PathGroup>,
  { url = '', method = '' }: IncomingMessage,
): FoundGroup | null {
  const [, site, what = ''] = READER_URL.exec(url) ?? [];
  const group = byPath.get(site === undefined ? url : SITE_PATH + what);
  if (!group || (site === undefined && url !== HEALTH_PATH)) return null;
  const asked = method === 'HEAD' ? 'GET' : method;
  if (!group.routes.some((route) => route.method === asked)) return null;
  return { group, params: site === undefined ? {} : { site } };
}

/** The way ahead of Express: kept answers, and the routes that are asked for most. */
export function createFront(parts: FrontParts): Listener {
  const { router, log, core } = parts;
  const { hot, dispatcher, counts } = core;
  const byPath = new Map(parts.groups.map((group) => [group.path, group]));

  function make(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    const stream = byPath.get(STREAM_PATH);
    if (stream && (url === STREAM_PATH || url.startsWith(`${STREAM_PATH}?`))) {
      void dispatcher.dispatch(stream, core.exchangeOf(request, response), {});
      return;
    }
    const found = findGroup(byPath, request);
    if (found) void dispatcher.dispatch(found.group, core.exchangeOf(request, response), found.params);
    else router(request, response);
  }

  function sendKept(request: IncomingMessage, response: ServerResponse, kept: KeptAnswer): void {
    const { headers, method = 'GET' } = request;
    const sent = sendShared(response, kept.answer, {
      head: method === 'HEAD',
      origin: headers.origin,
      acceptEncoding: headers['accept-encoding'],
      ifNoneMatch: headers['if-none-match'],
      requestId: core.nextId(),
    });
    const observe = (status: number): void => counts.observe({ route: kept.route, method, status });
    if (typeof sent === 'number') {
      observe(sent);
      return;
    }
    sent.then(observe, (error: unknown) => {
      log.error({ err: error, route: kept.route }, 'an answer was not sent');
      response.destroy();
    });
  }

  function makeRead(request: IncomingMessage, response: ServerResponse): void {
    hot.begin(request, response);
    make(request, response);
  }

  /** From kept bytes, from those that another request is having made, or made now. */
  function read(request: IncomingMessage, response: ServerResponse, patience: number): void {
    const { url = '' } = request;
    const kept = hot.find(url);
    if (kept) {
      sendKept(request, response, kept);
      return;
    }
    const coming = patience > 0 ? hot.coming(url) : undefined;
    if (!coming) {
      makeRead(request, response);
      return;
    }
    void coming.then((outcome) => {
      // Whoever has left meanwhile is answered no more.
      if (response.destroyed) return;
      if (outcome === 'changed') read(request, response, patience - 1);
      else if (outcome === 'none') makeRead(request, response);
      else sendKept(request, response, outcome);
    });
  }

  return (request, response) => {
    if (isRead(request)) read(request, response, PATIENCE);
    else make(request, response);
  };
}
