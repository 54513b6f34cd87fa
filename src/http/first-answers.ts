import type { Core } from './core.ts';
import { groupByPath } from './dispatch.ts';
import { createFront } from './front.ts';
import type { Logger } from './logger.ts';
import { FIRST_ROUTES } from './routes/first-routes.ts';
import type { Listener } from './server.ts';

export interface FirstAnswersParts {
  core: Core;
  /** The way of every request, once it has been loaded; hurries the loading on. */
  whole(): Promise<Listener>;
  log: Logger;
}

/**
 * The way of requests while the service is being loaded: the first reads are answered at once, everything else
 * waits for the rest. Its body waits unread with it.
 */
export function createFirstAnswers({ core, whole, log }: FirstAnswersParts): Listener {
  const { dispatcher, exchangeOf } = core;
  return createFront({
    core,
    log,
    groups: groupByPath(FIRST_ROUTES),
    router(request, response) {
      whole().then(
        (listener) => listener(request, response),
        (error: unknown) => dispatcher.refuse(exchangeOf(request, response), error),
      );
    },
  });
}
