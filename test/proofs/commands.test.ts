import { ADMIN_TOKEN, createInstallation, type Installation, launch } from '../support/built-service.ts';
import { storeUnderTest } from '../support/lane.ts';
import { until } from '../support/until.ts';

/** Commands of the built program on the lane's store, without and beside a service. */

let installation: Installation;
beforeAll(() => {
  installation = createInstallation({ env: { PUBLIC_URL: 'https://comments.example' } });
});
afterAll(() => installation.dispose());

interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

async function gatehouse(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  const launched = launch(args, { ...installation.env, ...env });
  const { code } = await launched.ended;
  return { code, stdout: launched.stdout(), stderr: launched.stderr() };
}

test('the first admin is made by a command and enters by its link; no start offers to make another', async () => {
  const args = ['moderator', 'create', '--name', 'Ada', '--email', 'ada@staff.example', '--role', 'admin'];
  const { code, stdout, stderr } = await gatehouse(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const service = await installation.start({ env: { GATEHOUSE_ADMIN_TOKEN: undefined } });
  expect(service.logs().find(({ msg }) => msg === 'listening')).not.toHaveProperty('setupUrl');
  const token = new URL(stdout.trim()).searchParams.get('token');
  const body = { token, password: 'a long enough password' };
  const entered = await service.client.send({ method: 'POST', path: '/v1/invitations', body });
  expect(entered.status).toBe(201);
  await service.stop();
}, 120_000);

test('beside a running service: on SQLite exit 75 with what to do, on MongoDB it works', async () => {
  const service = await installation.start();
  const made = await gatehouse(['token', 'create', '--name', 'desk', '--role', 'admin']);
  if (storeUnderTest() === 'sqlite') {
    expect(made).toMatchObject({ code: 75, stdout: '', stderr: expect.stringContaining('stop the service') });
  } else {
    const ask = (token: string) =>
      service.client.send({ path: '/v1/me', headers: { Authorization: `Bearer ${token}` } });
    const { status, text } = await ask(made.stdout.trim());
    expect(status).toBe(200);
    const { id } = JSON.parse(text) as { id: string };
    expect((await gatehouse(['token', 'delete', id, '--yes'])).code).toBe(0);
    await until('the token to be gone', async () => (await ask(made.stdout.trim())).status === 401);
    expect((await ask(ADMIN_TOKEN)).status).toBe(200);
  }
  await service.stop();
}, 120_000);

test('a setting that can’t be used is exit 78, a store that does not answer exit 69', async () => {
  const settings = await gatehouse(['site', 'list'], { PORT: 'x' });
  expect(settings).toMatchObject({ code: 78, stderr: expect.stringContaining('PORT') });
  const away = { MONGODB_URI: 'mongodb://127.0.0.1:1/none', GATEHOUSE_SECRET: 'x'.repeat(40) };
  expect((await gatehouse(['site', 'list'], away)).code).toBe(69);
}, 120_000);
