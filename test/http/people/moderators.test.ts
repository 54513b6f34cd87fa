import { logIn, makePerson, PASSWORD, signedIn } from '../../support/people.ts';
import type { TestService } from '../../support/service.ts';
import { ADMIN, makeSite, startService } from '../../support/service.ts';

let service: TestService;
type Headers = Record<string, string>;
type Account = {
  id: string;
  name: string;
  email: string;
  version: number;
  state: string;
  inviteUrl?: string;
};

beforeAll(async () => {
  service = await startService();
  for (const id of ['news', 'blog']) await makeSite(service.deps, id);
});
afterAll(() => service.stop());

const ROOM = '/v1/admin/moderators';
const call = (method: string, path: string, headers: Headers, body?: unknown) =>
  service.call({ method, path, headers, body });
const codeOf = ({ status, json }: { status: number; json: unknown }) => [
  status,
  (json as { code: string }).code,
];
let made = 0;
const given = (rest: object = {}) => {
  made += 1;
  return { name: `M ${made}`, email: `m${made}@desk.example`, role: 'moderator', sites: ['news'], ...rest };
};
async function create(rest: object = {}, headers: Headers = ADMIN): Promise<Account> {
  const { status, json } = await call('POST', ROOM, headers, given(rest));
  expect(status).toBe(201);
  return json as Account;
}
const patch = (id: string, body: object, headers: Headers = ADMIN) =>
  call('PATCH', `${ROOM}/${id}`, headers, body);
const limitedAdmin = async (): Promise<Headers> => {
  const { email } = await makePerson(service, { role: 'admin', sites: ['news'] });
  return signedIn(service, email);
};

describe('making an account', () => {
  it('with a password makes it active at once, and carries neither link nor password', async () => {
    const body = given({ password: PASSWORD, name: ' نگار ', email: 'Negar@Desk.example' });
    const answer = await call('POST', ROOM, ADMIN, body);
    const account = answer.json as Account;
    expect(answer.status).toBe(201);
    expect(answer.headers.location).toBe(`${ROOM}/${account.id}`);
    expect(account).toEqual({
      id: expect.any(String),
      name: 'نگار',
      email: 'Negar@Desk.example',
      role: 'moderator',
      sites: ['news'],
      state: 'active',
      totp: false,
      createdAt: expect.any(String),
      lastSeenAt: null,
      version: 1,
    });
    expect((await logIn(service, 'negar@desk.example')).status).toBe(201);
    const seen = (await call('GET', `${ROOM}/${account.id}`, ADMIN)).json as { lastSeenAt: string };
    expect(Date.parse(seen.lastSeenAt)).toBeGreaterThan(0);
  });

  it('names every bad field; a name holds no address, since histories show it', async () => {
    const body = {
      name: 'Otto <otto@desk.example>',
      email: 'nobody',
      role: 'root',
      sites: [],
      password: 'short',
    };
    const { status, json } = await call('POST', ROOM, ADMIN, body);
    const errors = (json as { errors: { pointer: string; code: string }[] }).errors;
    expect([status, errors.map(({ pointer, code }) => `${pointer} ${code}`)]).toEqual([
      422,
      ['/name invalid', '/email invalid-email', '/role invalid', '/sites required', '/password too-short'],
    ]);
  });

  it('with an address that has one is 409, however it is spelt', async () => {
    const { email } = await create();
    expect(codeOf(await call('POST', ROOM, ADMIN, given({ email: email.toUpperCase() })))).toEqual([
      409,
      'already-exists',
    ]);
    const other = await create();
    expect(codeOf(await patch(other.id, { email }))).toEqual([409, 'already-exists']);
  });

  it('for sites beyond one’s own is 403', async () => {
    const headers = await limitedAdmin();
    for (const sites of [['blog'], ['news', 'blog'], ['*']])
      expect(codeOf(await call('POST', ROOM, headers, given({ sites })))).toEqual([403, 'forbidden']);
    const own = await create({}, headers);
    expect(codeOf(await patch(own.id, { sites: ['*'] }, headers))).toEqual([403, 'forbidden']);
  });

  it('again under its Idempotency-Key makes no second one and carries the same link', async () => {
    const [body, headers] = [given(), { ...ADMIN, 'idempotency-key': 'account-1' }];
    const first = await call('POST', ROOM, headers, body);
    const second = await call('POST', ROOM, headers, body);
    expect([second.status, second.headers['idempotent-replayed'], second.text]).toEqual([
      201,
      'true',
      first.text,
    ]);
    expect((first.json as Account).inviteUrl).toMatch(
      /^https:\/\/comments\.example\/invitation\?token=[\w-]{43}$/,
    );
    const again = await call('POST', ROOM, headers, { ...body, name: 'Other' });
    expect(codeOf(again)).toEqual([422, 'idempotency-key-reused']);
  });
});

describe('admins of some sites', () => {
  it('see and change only those whose sites they have all', async () => {
    const headers = await limitedAdmin();
    const mine = await create();
    const others = [
      await create({ sites: ['blog'] }),
      await create({ sites: ['news', 'blog'] }),
      await create({ sites: ['*'] }),
    ];
    const { items, total } = (await call('GET', `${ROOM}?limit=200`, headers)).json as {
      items: Account[];
      total: number;
    };
    expect(items.map(({ id }) => id)).toContain(mine.id);
    expect(total).toBe(items.length);
    for (const { id } of others) {
      expect(items.some((item) => item.id === id)).toBe(false);
      for (const [method, path, body] of [
        ['GET', ''],
        ['PATCH', '', {}],
        ['DELETE', ''],
        ['POST', '/invite'],
      ] as const)
        expect(codeOf(await call(method, `${ROOM}/${id}${path}`, headers, body))).toEqual([404, 'not-found']);
    }
    expect((await patch(mine.id, { name: 'Renamed' }, headers)).status).toBe(200);
  });
});

describe('the list', () => {
  it('is walked by its cursor, newest first, each once', async () => {
    const newest = [await create(), await create(), await create()].reverse();
    const seen: Account[] = [];
    let path = `${ROOM}?limit=2`;
    let total = 0;
    for (;;) {
      const page = (await call('GET', path, ADMIN)).json as {
        items: Account[];
        total: number;
        nextCursor: string;
      };
      seen.push(...page.items);
      total = page.total;
      if (page.nextCursor === null) break;
      path = `${ROOM}?limit=2&cursor=${page.nextCursor}`;
    }
    expect(seen.slice(0, 3).map(({ id }) => id)).toEqual(newest.map(({ id }) => id));
    expect(new Set(seen.map(({ id }) => id)).size).toBe(total);
    expect((await call('GET', `${ROOM}?limit=201`, ADMIN)).status).toBe(422);
    expect((await call('GET', `/v1/admin/tokens?${path.split('?')[1]}`, ADMIN)).status).toBe(422);
  });
});

describe('changing an account', () => {
  it('with a version that no longer stands is 409 with the one that does', async () => {
    const { id } = await create();
    expect((await patch(id, { name: 'Two', version: 1 })).json).toMatchObject({ name: 'Two', version: 2 });
    const stale = await patch(id, { name: 'Three', version: 1 });
    expect([stale.status, stale.json]).toEqual([
      409,
      expect.objectContaining({ code: 'conflict', current: { version: 2 } }),
    ]);
    expect((await patch(id, { role: 'admin' })).json).toMatchObject({
      name: 'Two',
      role: 'admin',
      version: 3,
    });
    expect((await patch(id, { name: null })).status).toBe(422);
  });

  it('shows at its owner’s next call', async () => {
    const { account, email } = await makePerson(service);
    const headers = await signedIn(service, email);
    const queue = () => call('GET', '/v1/moderation/queue?site=blog', headers);
    expect((await queue()).status).toBe(200);
    await patch(account.id, { sites: ['news'] });
    expect((await queue()).status).not.toBe(200);
    expect((await call('GET', ROOM, headers)).status).toBe(403);
    await patch(account.id, { role: 'admin' });
    expect((await call('GET', ROOM, headers)).status).toBe(200);
  });

  it('disables and enables; sessions don’t come back', async () => {
    const { account, email } = await makePerson(service);
    const headers = await signedIn(service, email);
    expect((await patch(account.id, { state: 'disabled' })).json).toMatchObject({ state: 'disabled' });
    expect((await logIn(service, email)).status).toBe(401);
    expect((await patch(account.id, { state: 'active' })).json).toMatchObject({ state: 'active' });
    expect((await call('GET', '/v1/me', headers)).status).toBe(401);
    expect((await logIn(service, email)).status).toBe(201);
    expect((await patch(account.id, { state: 'invited' })).status).toBe(422);
  });

  it('never takes the last active admin away', async () => {
    const alone = await startService();
    const boss = await makePerson(alone, { role: 'admin' });
    await makePerson(alone, { role: 'admin', password: null });
    const path = `${ROOM}/${boss.account.id}`;
    const tries = [
      await alone.call({ method: 'PATCH', path, headers: ADMIN, body: { state: 'disabled' } }),
      await alone.call({ method: 'PATCH', path, headers: ADMIN, body: { role: 'moderator' } }),
      await alone.call({ method: 'DELETE', path, headers: ADMIN }),
    ];
    for (const { status, json } of tries)
      expect([status, json]).toEqual([
        409,
        expect.objectContaining({
          code: 'conflict',
          reason: 'last-admin',
          detail: expect.stringContaining('last active admin'),
        }),
      ]);
    const second = await makePerson(alone, { role: 'admin' });
    expect((await alone.call({ method: 'DELETE', path, headers: ADMIN })).status).toBe(204);
    expect((await logIn(alone, second.email)).status).toBe(201);
    expect((await logIn(alone, boss.email)).status).toBe(401);
    await alone.stop();
  });

  it('is gone once deleted', async () => {
    const { id } = await create();
    expect((await call('DELETE', `${ROOM}/${id}`, ADMIN)).status).toBe(204);
    expect((await call('DELETE', `${ROOM}/${id}`, ADMIN)).status).toBe(404);
    expect((await call('GET', `${ROOM}/${id}`, ADMIN)).status).toBe(404);
  });
});

it('what is done to accounts, tokens and sites stands in the audit, by whom, without an address', async () => {
  const boss = await makePerson(service, { role: 'admin', name: 'Boss' });
  const headers = await signedIn(service, boss.email);
  const { id, email } = await create({ name: 'Audited' }, headers);
  await patch(id, { name: 'Renamed', role: 'admin' }, headers);
  await call('POST', `${ROOM}/${id}/invite`, headers);
  await patch(id, { state: 'disabled' }, headers);
  await patch(id, { state: 'active' }, headers);
  await call('DELETE', `${ROOM}/${id}`, headers);
  const token = await call('POST', '/v1/admin/tokens', headers, {
    name: 'T',
    role: 'moderator',
    sites: ['*'],
  });
  await call('DELETE', `/v1/admin/tokens/${(token.json as { id: string }).id}`, headers);
  await call('POST', '/v1/admin/sites', headers, {
    id: 'made',
    name: 'Made',
    origins: ['https://made.example'],
  });
  await call('PATCH', '/v1/admin/sites/made', headers, { name: 'Again', policy: { closed: true } });
  await call('DELETE', '/v1/admin/sites/made?confirm=made', headers);
  const next = 'another long password';
  await call('PATCH', '/v1/me', headers, { password: { current: PASSWORD, next } });

  const entries = await service.deps.audit.list({ sites: null, by: boss.account.id, limit: 50 });
  expect(
    entries
      .map(({ action, site, note }) => [action, site, note?.replace(/\([^)]+\)/, '()') ?? null])
      .reverse(),
  ).toEqual([
    ['moderator-created', 'news', 'Audited ()'],
    ['moderator-changed', 'news', 'Renamed (): name, role'],
    ['moderator-invited', 'news', 'Renamed ()'],
    ['moderator-disabled', 'news', 'Renamed ()'],
    ['moderator-enabled', 'news', 'Renamed ()'],
    ['moderator-deleted', 'news', 'Renamed ()'],
    ['token-created', null, 'T ()'],
    ['token-deleted', null, 'T ()'],
    ['site-created', 'made', 'Made'],
    ['site-updated', 'made', 'name, policy.closed'],
    ['site-deleted', 'made', 'Again'],
    ['password-changed', null, null],
  ]);
  const by = { kind: 'moderator', id: boss.account.id, name: 'Boss' };
  for (const entry of entries) expect(entry.by).toEqual(by);
  expect(JSON.stringify(entries)).not.toContain(email);
});
