import { AppError } from '../errors.ts';
import type { Principal } from '../staff/principal.ts';
import { may } from '../staff/principal.ts';
import type { Origins } from './origins.ts';
import type { Exchange } from './respond.ts';
import type { Context, Route } from './route.ts';
import { sessionOf } from './session-cookie.ts';

/** What a caller brings: a bearer token, or the secret of a session. */
export type Brought = { bearer: string } | { session: string };

/** Who knows callers by what they bring. */
export interface Doorkeeper {
  /** Whose it is; null for nobody's. */
  authenticate(brought: Brought): Promise<Principal | null>;
  /** The same without a note that it was used. */
  lookUp(brought: Brought): Promise<Principal | null>;
  origins: Origins;
}

/** A request at the door. */
interface Arrival {
  exchange: Exchange;
  route: Route;
  context: Context;
}

/** A page of ours that brings nothing at all may be one in a browser that keeps no cookies. */
const unauthenticated = (brought: Brought | null, { headers }: Context): AppError =>
  new AppError('unauthenticated', {
    headers: { 'WWW-Authenticate': 'Bearer' },
    ...(brought === null && headers['x-requested-with'] !== undefined && { extra: { reason: 'no-cookie' } }),
  });

/** A bearer token, else a session's cookie, which counts for pages of our own origin only. */
function broughtBy({ origins }: Doorkeeper, { context, exchange }: Arrival): Brought | null {
  if (context.bearer !== null) return { bearer: context.bearer };
  const { cookie, origin } = exchange.request.headers;
  const session = origins.isForeign(origin) ? null : sessionOf(cookie);
  return session === null ? null : { session };
}

/**
 * Tabs of one browser share its cookie: one that was opened for somebody else's account names it, and is nobody here
 * since another one signed in beside it.
 */
const isSomebodyElse = ({ session, id }: Principal, { headers }: Context): boolean =>
  session !== null && (headers['gatehouse-account'] ?? id) !== id;

/** 401 and 403: who calls, and whether such a caller may. */
export async function identify(door: Doorkeeper, arrival: Arrival): Promise<void> {
  const { route, context } = arrival;
  const { caller, method } = route;
  if (caller !== 'moderator' && caller !== 'admin') return;
  const brought = broughtBy(door, arrival);
  const found = brought && (await door.authenticate(brought));
  if (!found || isSomebodyElse(found, context)) throw unauthenticated(brought, context);
  context.principal = found;
  const permission = caller === 'admin' ? 'administer' : 'moderate';
  if (!may(context.principal, permission)) throw new AppError('forbidden');
  context.lookAgain = async () => {
    const now = await door.lookUp(brought);
    return now && may(now, permission) ? now : null;
  };
  // A header that a form or a link of somebody else's page can't send: browsers add cookies by themselves.
  const isMeant = method === 'GET' || context.headers['x-requested-with'] !== undefined;
  if (context.principal.session !== null && !isMeant) throw new AppError('forbidden');
}
