import { DEADLINE } from '../filters/filter.ts';
import { inTime } from '../requests/in-time.ts';
import type { Patience } from './http-config.ts';
import type { App, Route } from './route.ts';

/**
 * An answer takes a dozen commands, one after the other, and each may take half a minute of a server that neither
 * answers nor is known to be away. Whoever asks has long gone then, or has asked again.
 */
const USUAL: Patience = { checks: 10_000, work: 20_000 };

const patienceOf = ({ config }: Pick<App, 'config'>): Patience => ({ ...USUAL, ...config.patience });

/** What is found out before anything is done. Rejects with `store-unavailable` where the store takes too long. */
export function checkInTime<T>(app: Pick<App, 'config'>, checks: Promise<T>): Promise<T> {
  return inTime(patienceOf(app).checks, checks);
}

/** What a route does, likewise: with the time of outside filters beside, and without end where its work may grow. */
export function workInTime<T>(
  app: Pick<App, 'config'>,
  { caller, operation: { patience } }: Route,
  work: Promise<T>,
): Promise<T> {
  if (caller === 'admin' || patience === 'whole') return work;
  return inTime(patienceOf(app).work + (patience === 'filters' ? DEADLINE.most : 0), work);
}
