import { parseEmail } from '../../src/authors/email.ts';
import { createLinkSecret } from '../../src/staff/links.ts';
import type { Moderator } from '../../src/staff/moderator.ts';
import { createModerator } from '../../src/staff/moderators.ts';
import { ROOT } from '../../src/staff/principal.ts';
import type { Role } from '../../src/staff/token.ts';
import type { Answer, TestService } from './service.ts';

/** Moderators of a test: accounts, and browsers that are signed in. */
export const PASSWORD = 'a long enough password';

let people = 0;

export interface Person {
  account: Moderator;
  email: string;
}

/** An active account of all sites unless told otherwise; `password` null leaves it invited. */
export async function makePerson(
  { deps }: Pick<TestService, 'deps'>,
  rest: { name?: string; role?: Role; sites?: string[]; password?: string | null } = {},
): Promise<Person> {
  people += 1;
  const text = `person-${people}@staff.example`;
  const email = parseEmail(text);
  if (!email) throw new Error('no address');
  const { name = `Person ${people}`, role = 'moderator', sites = ['*'], password = PASSWORD } = rest;
  const id = deps.ids.next(deps.clock.now());
  const given = { id, name, email, role, sites, password, linkSecret: createLinkSecret() };
  return { account: await createModerator(deps, ROOT, given), email: text };
}

export function logIn(
  service: TestService,
  email: string,
  rest: Record<string, unknown> = {},
): Promise<Answer> {
  const body = { email, password: PASSWORD, ...rest };
  return service.call({ method: 'POST', path: '/v1/sessions', body });
}

/** What a browser would send back; throws where the answer sets no session. */
export function cookieOf({ headers, text }: Answer): string {
  const cookie = headers['set-cookie']?.find((one) => /^gatehouse_session=[\w-]+;/.test(one));
  if (cookie === undefined) throw new Error(`no session in ${text}`);
  return cookie.split(';')[0] ?? '';
}

/** The headers of a page of ours in a browser that is signed in. */
export async function signedIn(service: TestService, email: string): Promise<Record<string, string>> {
  return { cookie: cookieOf(await logIn(service, email)), 'x-requested-with': 'test' };
}
