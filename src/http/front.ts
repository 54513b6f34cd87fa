import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher, PathGroup } from './dispatch.ts';
import type { HotReads, KeptAnswer } from './hot-reads.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import type { Exchange } from './respond.ts';
import { sendShared } from './shared-answer.ts';

export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface FrontParts {
  hot: HotReads;
  dispatcher: Dispatcher;
  groups: PathGroup[];
  /** Finds the route of everything else. */
  router: Listener;
  exchangeOf(request: IncomingMessage, response: ServerResponse): Exchange;
  nextId(): string;
  metrics: Metrics;
  log: Logger;
}

/** What readers call all the time: these need no router to find their route. */
const READER_URL = /^\/v1\/sites\/([a-z0-9-]+)(\/comments|\/counts)?(?:\?|$)/;
const SITE_PATH = '/v1/sites/{site}';
/** A stream stays open for hours, and what the router makes for a request would stay with it. */
const STREAM_PATH = '/v1/moderation/events';
/** How often a read waits anew where what was being made for it changed meanwhile. */
const PATIENCE = 3;

/** The way ahead of Express: kept answers, and the routes that are asked for most. */
export function createFront(parts: FrontParts): Listener {
  const { hot, dispatcher, router, metrics, log } = parts;
  const byPath = new Map(parts.groups.map((group) => [group.path, group]));

  function make(request: IncomingMessage, response: ServerResponse): void {
    const { url = '' } = request;
    const stream = byPath.get(STREAM_PATH);
    if (stream && (url === STREAM_PATH || url.startsWith(`${STREAM_PATH}?`))) {
      void dispatcher.dispatch(stream, parts.exchangeOf(request, response), {});
      return;
    }
    const match = READER_URL.exec(url);
    const group = match ? byPath.get(SITE_PATH + (match[2] ?? '')) : undefined;
    const site = match?.[1];
    if (group && site !== undefined)
      void dispatcher.dispatch(group, parts.exchangeOf(request, response), { site });
    else router(request, response);
  }

  function sendKept(request: IncomingMessage, response: ServerResponse, kept: KeptAnswer): void {
    const { headers, method = 'GET' } = request;
    const sent = sendShared(response, kept.answer, {
      head: method === 'HEAD',
      origin: headers.origin,
      acceptEncoding: headers['accept-encoding'],
      ifNoneMatch: headers['if-none-match'],
      requestId: parts.nextId(),
    });
    const observe = (status: number): void => metrics.observe({ route: kept.route, method, status });
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
    if (request.method === 'GET' || request.method === 'HEAD') read(request, response, PATIENCE);
    else make(request, response);
  };
}
