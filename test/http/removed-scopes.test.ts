import { ADMIN, makeSite, startService, type TestService } from '../support/service.ts';
import { until } from '../support/until.ts';

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

test('what was done on a site that went is in no audit of a new one of its name, but for callers of all sites', async () => {
  for (const site of ['again', 'beside']) await makeSite(service.deps, site);
  const list = async (query: string, headers: Record<string, string>) => {
    const answer = await service.call({ path: `/v1/moderation/audit${query}`, headers });
    return (answer.json as { items: { action: string; site: string; note: string | null }[] }).items;
  };
  const words = (site: string, hold: string) =>
    admin('PUT', `sites/${site}/wordlist`, { hold: [hold], reject: [] });
  await words('beside', 'first');
  for (let times = 0; times < 2; times++) {
    expect((await words('again', 'former')).status).toBe(200);
    await anew('again');
    // What is done in the very millisecond of the removal counts as done before it.
    const removed = Date.now();
    await until('a later millisecond', () => Date.now() > removed);
  }
  await words('again', 'new');
  const both = await tokenFor(['again', 'beside']);
  const seen = (await list('?action=wordlist-changed', both)).map(({ site }) => site);
  expect(seen).toEqual(['again', 'beside']);
  expect((await list('?site=again&action=wordlist-changed', both)).length).toBe(1);
  expect(await list('?site=again&action=site-deleted', both)).toEqual([]);
  expect((await list('?site=again&action=wordlist-changed', ADMIN)).length).toBe(3);
  expect((await list('?limit=1', both)).length).toBe(1);
});
