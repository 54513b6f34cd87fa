import { createApi } from '../../support/api-client.ts';
import type { Installation } from '../../support/built-service.ts';
import { createInstallation } from '../../support/built-service.ts';
import { expectJson } from '../../support/http-client.ts';

/** What staff do at one process counts at the other. */

let installation: Installation;
beforeAll(() => {
  installation = createInstallation();
});
afterAll(() => installation.dispose());

test('nobody goes by the name of a moderator whose account another process made a second ago', async () => {
  const [one, other] = [await installation.start(), await installation.start()];
  const [here, there] = [createApi(one), createApi(other)];
  await here.createSite('guarded', { policy: { moderation: 'none' } });
  const status = async (body: string): Promise<string> => {
    const page = { url: 'https://guarded.example/1' };
    const author = { name: 'Gerda Newmod', email: 'reader@readers.example' };
    return (await there.posted('guarded', { page, author, body })).comment.status;
  };
  expect(await status('Before')).toBe('approved');
  const account = {
    name: 'Gerda Newmod',
    email: 'gerda@staff.example',
    role: 'moderator',
    sites: ['guarded'],
  };
  expectJson(await here.asAdmin({ method: 'POST', path: '/v1/admin/moderators', body: account }), 201);
  // The contract's second is the measure here.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(await status('A second later')).toBe('pending');
});

test('the word of one process’s start log is taken by another, once by all of them', async () => {
  const fresh = createInstallation();
  try {
    const withoutToken = { env: { GATEHOUSE_ADMIN_TOKEN: undefined } };
    const services = [await fresh.start(withoutToken), await fresh.start(withoutToken)] as const;
    const [one, other] = services;
    const [ofOne, ofOther] = services.map((service) => {
      const { setupUrl } = service.logs().find(({ msg }) => msg === 'listening') ?? {};
      return new URL(String(setupUrl)).searchParams.get('token') ?? '';
    });
    const text = { path: `/setup?token=${ofOne}`, headers: { Accept: 'text/plain' } };
    const page = { path: `/setup?token=${ofOther}`, headers: { Accept: 'text/html' } };
    expect((await other.client.send({ ...text, headers: page.headers })).status).toBe(200);
    const handed = await Promise.all([one, other, one, other].map(({ client }) => client.send(text)));
    expect(handed.filter((answer) => answer.status === 200 && answer.text.includes('gh_'))).toHaveLength(1);
    expect((await one.client.send(page)).status).toBe(200);
    const admin = { name: 'Ada', email: 'ada@staff.example', password: 'a long enough password' };
    const setUp = (token: string | undefined) =>
      one.client.send({ method: 'POST', path: '/v1/setup', body: { ...admin, token } });
    // Good for longer than it says.
    const forged = ofOther?.replace(/^\d+/, (until) => String(Number(until) + 1));
    for (const bad of [ofOne, forged, `${ofOther}x`]) expect((await setUp(bad)).status).toBe(422);
    expect((await setUp(ofOther)).status).toBe(201);
    for (const { client } of services) expect((await client.send(page)).status).toBe(404);
  } finally {
    await fresh.dispose();
  }
});
