import express from 'express';
import { AppError } from '../errors.ts';
import type { Core } from './core.ts';
import type { PathGroup } from './dispatch.ts';
import type { Listener } from './server.ts';

/** Finds the route of a request among the groups of the table, by Express. */
export function createRouter(
  groups: readonly PathGroup[],
  { dispatcher, exchangeOf }: Pick<Core, 'dispatcher' | 'exchangeOf'>,
): Listener {
  const paths = express.Router({ caseSensitive: true });
  for (const group of groups) {
    paths.all(group.path.replace(/\{(\w+)\}/g, ':$1'), (request, response) => {
      const params = request.params as Record<string, string>;
      void dispatcher.dispatch(group, exchangeOf(request, response), params);
    });
  }
  const router = express();
  router.disable('x-powered-by').disable('etag').set('query parser', false);
  router.use(paths);
  router.use((request, response) => {
    void dispatcher.refuse(exchangeOf(request, response), new AppError('not-found'));
  });
  const onRouterError: express.ErrorRequestHandler = (error: unknown, request, response, _next) => {
    // Express refuses escapes in a path that can't be decoded; nothing else of ours runs inside it.
    const isEscape = error instanceof URIError;
    void dispatcher.refuse(
      exchangeOf(request, response),
      isEscape ? new AppError('malformed-url', { cause: error }) : error,
    );
  };
  router.use(onRouterError);
  return router;
}
