import { ADMIN, makeSite, startService, type TestService } from '../support/service.ts';

/** What becomes of those whose site goes, when somebody makes one of the same id. */

let service: TestService;
beforeAll(async () => {
  service = await startService();
});
afterAll(() => service.stop());

const admin = (method: string, path: string, body?: unknown) =>
  service.call({ method, path: `/v1/admin/${path}`, headers: ADMIN, body });

async function tokenFor(sites: string[]): Promise<{ Authorization: string }> {
  const made = await admin('POST', 'tokens', { name: 'former', role: 'moderator', sites });
  expect(made.status).toBe(201);
  return { Authorization: `Bearer ${(made.json as { token: string }).token}` };
}

/** The site goes, and is made anew. */
async function anew(site: string): Promise<void> {
  expect((await admin('DELETE', `sites/${site}?confirm=${site}`)).status).toBe(204);
  await makeSite(service.deps, site);
}

test('a token of a removed site alone opens nothing of a new one of its name; one of two keeps the other', async () => {
  for (const site of ['gone', 'kept']) await makeSite(service.deps, site);
  const [former, both] = [await tokenFor(['gone']), await tokenFor(['gone', 'kept'])];
  const queue = (site: string, headers: { Authorization: string }) =>
    service.call({ path: `/v1/moderation/queue?site=${site}`, headers });
  expect((await queue('gone', former)).status).toBe(200);
  await anew('gone');
  expect((await queue('gone', former)).status).toBe(401);
  expect((await queue('gone', both)).status).toBe(404);
  expect((await queue('kept', both)).status).toBe(200);
});

test('a moderator whose only site went may sign in still, and sees nothing', async () => {
  await makeSite(service.deps, 'only');
  const account = { email: 'mina@desk.example', password: 'correct horse battery staple' };
  const given = { ...account, name: 'Mina', role: 'admin', sites: ['only'] };
  expect((await admin('POST', 'moderators', given)).status).toBe(201);
  await anew('only');
  const signedIn = await service.call({ method: 'POST', path: '/v1/sessions', body: account });
  expect(signedIn.status).toBe(201);
  const headers = { cookie: String(signedIn.headers['set-cookie']).split(';')[0] ?? '' };
  const get = (path: string) => service.call({ path: `/v1/${path}`, headers });
  expect((await get('me')).json).toMatchObject({ sites: [] });
  expect((await get('moderation/queue?site=only')).status).toBe(404);
  expect((await get('moderation/queue?q=word&status=all')).json).toMatchObject({ items: [], total: 0 });
  expect((await get('moderation/counts')).json).toMatchObject({ pending: 0, approved: 0 });
  expect((await get('moderation/stats')).json).toMatchObject({ moderators: [] });
  const lists = ['queue', 'queue?status=reported', 'queue?claimed=mine', 'sites', 'authors', 'audit'].map(
    (list) => `moderation/${list}`,
  );
  const admins = ['sites', 'tokens', 'moderators', 'webhooks', 'filters'].map((list) => `admin/${list}`);
  for (const list of [...lists, ...admins]) {
    const { status, json } = await get(list);
    expect([list, status, (json as { items?: unknown[] }).items]).toEqual([list, 200, []]);
  }
});
