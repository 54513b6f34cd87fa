import { askedOf } from '../filters/of-site.ts';
import { inTime } from '../requests/in-time.ts';
import type { Patience } from './http-config.ts';
import type { App, Context } from './route.ts';

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

/**
 * How long the outside filters of the call's site may take together, which are asked side by side. Of a store that does
 * not answer it is not known, and then none is asked either.
 */
async function filtersTime({ deps }: Pick<App, 'deps'>, { site, located }: Context): Promise<number> {
  const id = site?.id ?? located?.site.id;
  if (id === undefined) return 0;
  const asked = await askedOf(deps, id);
  return Math.max(0, ...asked.map(({ mode, deadlineMs }) => (mode === 'sync' ? deadlineMs : 0)));
}

/** What a route does, likewise: with the time of outside filters beside, and without end where its work may grow. */
export function workInTime<T>(
  app: Pick<App, 'config' | 'deps'>,
  context: Context,
  work: Promise<T>,
): Promise<T> {
  const { caller, operation } = context.route;
  const { patience } = operation;
  if (caller === 'admin' || patience === 'whole') return work;
  return inTime(patienceOf(app).work, work, patience === 'filters' ? filtersTime(app, context) : undefined);
}
