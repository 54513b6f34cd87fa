import { updateModerator } from '../../src/staff/moderators.ts';
import { ROOT } from '../../src/staff/principal.ts';
import { beginSession } from '../../src/staff/sessions.ts';
import type { Role } from '../../src/staff/token.ts';
import { createTokenSecret } from '../../src/staff/tokens.ts';
import { makePerson, signedIn } from './people.ts';
import type { TestService } from './service.ts';
import { ADMIN } from './service.ts';

/** Every kind of caller there is, by what a rule has to know of it. */
export interface Caller {
  /** Who stands behind it, as far as the service is to believe it. */
  is: 'nobody' | 'author' | 'moderator' | 'admin' | 'metrics';
  /** Whether `news`, the site of everything that is asked for, is among its sites. */
  inScope: boolean;
  /** Whether all sites are. */
  everywhere: boolean;
  /** A person, with an account of their own. */
  person: boolean;
  /** Known by a cookie alone, without the header that a call that writes wants. */
  unmeant: boolean;
  /** Of a page of another origin than ours and the site's: null for none. */
  origin: 'dashboard' | 'stranger' | null;
  headers: Record<string, string>;
}

export const METRICS_TOKEN = 'the-token-of-the-metrics';
const DASHBOARD = 'https://desk.example';
const STRANGER = 'https://evil.example';
const DAY = 24 * 3_600_000;

const NOBODY: Caller = {
  is: 'nobody',
  inScope: false,
  everywhere: false,
  person: false,
  unmeant: false,
  origin: null,
  headers: {},
};
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

async function token(service: TestService, role: Role, sites: string[]): Promise<Record<string, string>> {
  const body = { name: `${role} of ${sites}`, role, sites };
  const made = await service.call({ method: 'POST', path: '/v1/admin/tokens', headers: ADMIN, body });
  return bearer((made.json as { token: string }).token);
}

async function cookie(service: TestService, role: Role, sites: string[]): Promise<Record<string, string>> {
  return signedIn(service, (await makePerson(service, { role, sites })).email);
}

async function disabled(service: TestService): Promise<Record<string, string>> {
  const { email, account } = await makePerson(service, { role: 'admin' });
  const headers = await signedIn(service, email);
  await updateModerator(service.deps, ROOT, { id: account.id, patch: { state: 'disabled' } });
  return headers;
}

/** A session that began eight days ago and was used just now. */
async function expired(service: TestService): Promise<Record<string, string>> {
  const { account } = await makePerson(service, { role: 'admin' });
  const { secret, session } = beginSession(Date.now() - 8 * DAY);
  const used = { ...session, seenAt: Date.now() };
  const password = account.password ?? '';
  await service.deps.staff.signIn({ id: account.id, session: used, password, totpStep: null });
  return { cookie: `gatehouse_session=${secret}`, 'x-requested-with': 'test' };
}

/** The callers by name. `editToken` belongs to a comment of `news` that is visible. */
export async function everyCaller(service: TestService, editToken: string): Promise<Record<string, Caller>> {
  const moderator = { ...NOBODY, is: 'moderator', inScope: true } as const;
  const admin = { ...NOBODY, is: 'admin', inScope: true } as const;
  const person = { person: true, everywhere: true } as const;
  const { 'x-requested-with': _, ...bare } = await cookie(service, 'admin', ['*']);
  const adminCookie = await cookie(service, 'admin', ['*']);
  const adminToken = await token(service, 'admin', ['*']);
  return {
    nobody: NOBODY,
    'a stranger’s page': { ...NOBODY, origin: 'stranger', headers: { origin: STRANGER } },
    'an unknown token': { ...NOBODY, headers: bearer(createTokenSecret()) },
    'an edit token': { ...NOBODY, is: 'author', headers: bearer(editToken) },
    'the metrics’ token': { ...NOBODY, is: 'metrics', headers: bearer(METRICS_TOKEN) },
    'a moderator’s token': { ...moderator, headers: await token(service, 'moderator', ['news']) },
    'a moderator’s token of another site': {
      ...moderator,
      inScope: false,
      headers: await token(service, 'moderator', ['blog']),
    },
    'an admin’s token': { ...admin, headers: await token(service, 'admin', ['news']) },
    'an admin’s token of another site': {
      ...admin,
      inScope: false,
      headers: await token(service, 'admin', ['blog']),
    },
    'root’s token': { ...admin, everywhere: true, headers: ADMIN },
    'a moderator’s cookie': {
      ...moderator,
      person: true,
      headers: await cookie(service, 'moderator', ['news']),
    },
    'a moderator’s cookie of another site': {
      ...moderator,
      person: true,
      inScope: false,
      headers: await cookie(service, 'moderator', ['blog']),
    },
    'an admin’s cookie': { ...admin, ...person, headers: adminCookie },
    'a cookie without X-Requested-With': { ...admin, ...person, unmeant: true, headers: bare },
    'a disabled account’s cookie': { ...NOBODY, headers: await disabled(service) },
    'a cookie of a session that is over': { ...NOBODY, headers: await expired(service) },
    'a cookie from a dashboard elsewhere': {
      ...NOBODY,
      origin: 'dashboard',
      headers: { ...adminCookie, origin: DASHBOARD },
    },
    'a token from a dashboard elsewhere': {
      ...admin,
      everywhere: true,
      origin: 'dashboard',
      headers: { ...adminToken, origin: DASHBOARD },
    },
    'a token from a stranger’s page': {
      ...admin,
      everywhere: true,
      origin: 'stranger',
      headers: { ...adminToken, origin: STRANGER },
    },
  };
}
