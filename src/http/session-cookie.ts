import { parseCookie, stringifySetCookie } from 'cookie';
import { LONGEST_SESSION } from '../staff/moderator.ts';
import type { RawHeaders } from './raw-headers.ts';

const NAME = 'gatehouse_session';

/** What the session cookie carries; null without one. */
export function sessionOf(header: string | undefined): string | null {
  return (header !== undefined && parseCookie(header)[NAME]) || null;
}

function setCookie(value: string, maxAge: number, https: boolean): RawHeaders {
  const attributes = { httpOnly: true, sameSite: 'lax', path: '/', secure: https, maxAge } as const;
  return ['Set-Cookie', stringifySetCookie({ name: NAME, value, ...attributes })];
}

/** Hands a session to the browser. How long it is good is for the service to say; the cookie lasts as long as it may. */
export function sessionCookie(secret: string, https: boolean): RawHeaders {
  return setCookie(secret, LONGEST_SESSION / 1000, https);
}

/** Takes it back. */
export function noSessionCookie(https: boolean): RawHeaders {
  return setCookie('', 0, https);
}
