import type { Installation, Service } from '../support/built-service.ts';
import { ADMIN_TOKEN, createInstallation, launch } from '../support/built-service.ts';
import { storeUnderTest } from '../support/lane.ts';
import { until } from '../support/until.ts';

/** The commands of the built program, on the lane's store. Nobody sits at a terminal here. */

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

async function gatehouse(...args: string[]): Promise<Ran> {
  const launched = launch(args, installation.env);
  const { code } = await launched.ended;
  return { code, stdout: launched.stdout(), stderr: launched.stderr() };
}

/** What a command that must succeed prints as JSON. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await gatehouse(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

type Listed = { id: string; name: string; email: string; state: string }[];

test('a site is made, shown, changed, listed and removed', async () => {
  const made = [
    'site',
    'create',
    'news',
    '--name',
    'News',
    '--origin',
    'https://news.example',
    '--locale',
    'fa',
  ];
  expect(await json(...made)).toMatchObject({ id: 'news', locale: 'fa', timeZone: 'UTC', version: 1 });
  const again = await gatehouse(...made);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already-exists') });
  const policy = '{ "closed": true }';
  expect(await json('site', 'set', 'news', '--name', 'خبر', '--policy', policy)).toMatchObject({
    name: 'خبر',
    policy: { closed: true },
    version: 2,
  });
  expect(await json('site', 'show', 'news')).toMatchObject({ name: 'خبر' });
  expect((await gatehouse('site', 'list')).stdout).toBe('news  خبر  fa  https://news.example\n');
  const unsure = await gatehouse('site', 'delete', 'news');
  expect(unsure).toMatchObject({ code: 64, stderr: expect.stringContaining('--yes is needed') });
  expect(await json('site', 'delete', 'news', '--yes')).toEqual({ id: 'news', deleted: true });
  expect(await json('site', 'list')).toEqual([]);
  expect((await gatehouse('site', 'show', 'news')).code).toBe(66);
}, 60_000);

test('a value that is not right is named, with exit 65', async () => {
  const { code, stderr, stdout } = await gatehouse(
    'site',
    'create',
    'X Y',
    '--origin',
    'nowhere',
    '--policy',
    '{}',
  );
  expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
  expect(stderr.split('\n').map((line) => line.replace(/:.*\(/, ': ('))).toEqual([
    'gatehouse: (invalid)',
    'gatehouse: (required)',
    'gatehouse: (invalid-url)',
    '',
  ]);
  expect((await gatehouse('site', 'set', 'x', '--policy', '{')).code).toBe(65);
  expect((await gatehouse('moderator', 'create', '--name', 'M', '--email', 'nobody')).code).toBe(65);
}, 60_000);

test('what is not understood is exit 64 with the usage of what was meant', async () => {
  const wrong = [
    ['site'],
    ['site', 'sing'],
    ['site', 'show'],
    ['site', 'show', 'a', 'b'],
    ['token', 'list', '--loud'],
  ];
  for (const args of wrong) {
    const { code, stdout, stderr } = await gatehouse(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(`gatehouse ${args[0]} `);
  }
  for (const args of [
    ['--help'],
    ['moderator', '--help'],
    ['moderator', 'reset', '--help'],
    ['site', 'set', '-h'],
  ]) {
    const { code, stdout, stderr } = await gatehouse(...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('gatehouse');
  }
}, 60_000);

test('settings that can’t be used are exit 78', async () => {
  const { ended, stderr } = launch(['site', 'list'], { ...installation.env, PORT: 'x' });
  expect(await ended).toEqual({ code: 78, signal: null });
  expect(stderr()).toContain('PORT');
});

test('accounts are made, invited, disabled, enabled, reset and deleted; the last admin stays', async () => {
  const given = ['--email', 'Ada@staff.example', '--role', 'admin'];
  const made = await json<{ id: string; inviteUrl: string }>(
    'moderator',
    'create',
    '--name',
    'Ada',
    ...given,
  );
  expect(made).toMatchObject({ email: 'Ada@staff.example', state: 'invited', sites: ['*'] });
  const { stdout } = await gatehouse('moderator', 'invite', 'ada@STAFF.example');
  expect(stdout).toMatch(/^https:\/\/comments\.example\/invitation\?token=[\w-]{43}\n$/);

  // There is an account, so no start offers to make the first one.
  const service = await installation.start({ env: { GATEHOUSE_ADMIN_TOKEN: undefined } });
  expect(service.logs().find(({ msg }) => msg === 'listening')).not.toHaveProperty('setupUrl');
  const token = new URL(stdout.trim()).searchParams.get('token');
  const password = 'a long enough password';
  const send = (path: string, body: unknown) => service.client.send({ method: 'POST', path, body });
  const old = new URL(made.inviteUrl).searchParams.get('token');
  expect((await send('/v1/invitations', { token: old, password })).status).toBe(422);
  expect((await send('/v1/invitations', { token, password })).status).toBe(201);
  await service.stop();

  const refused = await gatehouse('moderator', 'disable', made.id, '--yes');
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('last active admin') });
  await json(
    'moderator',
    'create',
    '--name',
    'Otto',
    '--email',
    'otto@staff.example',
    '--sites',
    'news,blog',
  );
  const listed = await json<Listed>('moderator', 'list');
  expect(listed.map(({ name, state }) => [name, state])).toEqual([
    ['Otto', 'invited'],
    ['Ada', 'active'],
  ]);
  const otto = listed[0]?.id ?? '';
  expect(await json('moderator', 'disable', otto, '--yes')).toMatchObject({ state: 'disabled' });
  expect(await json('moderator', 'enable', otto)).toMatchObject({ state: 'invited' });
  expect(await json('moderator', 'reset', 'ada@staff.example')).toMatchObject({
    resetUrl: expect.stringMatching(/^https:\/\/comments\.example\/reset\?token=/),
  });
  expect((await gatehouse('moderator', 'reset', otto)).code).toBe(1);
  expect(await json('moderator', 'delete', 'otto@staff.example', '--yes')).toEqual({
    id: otto,
    deleted: true,
  });
  expect((await gatehouse('moderator', 'show', otto)).code).toBe(64);
  expect((await gatehouse('moderator', 'invite', otto)).code).toBe(66);
}, 120_000);

describe('beside a running service', () => {
  let service: Service;
  beforeAll(async () => {
    service = await installation.start();
  });
  afterAll(() => service.stop());

  test(storeUnderTest() === 'sqlite'
    ? 'a command on the same data folder is exit 75, and says what to do'
    : 'a token made by a command opens the service, and removed by one it does not', async () => {
    const made = await gatehouse('token', 'create', '--name', 'desk', '--role', 'admin');
    if (storeUnderTest() === 'sqlite') {
      expect(made).toMatchObject({
        code: 75,
        stdout: '',
        stderr: expect.stringContaining('stop the service'),
      });
      return;
    }
    const ask = (token: string) =>
      service.client.send({ path: '/v1/me', headers: { Authorization: `Bearer ${token}` } });
    const token = made.stdout.trim();
    const { status, text } = await ask(token);
    expect(status).toBe(200);
    const { id } = JSON.parse(text) as { id: string };
    expect((await gatehouse('token', 'delete', id, '--yes')).code).toBe(0);
    await until('the token to be gone', async () => (await ask(token)).status === 401);
    expect((await ask(ADMIN_TOKEN)).status).toBe(200);
  }, 60_000);
});

test('a token is shown once, and its secret is never listed', async () => {
  const { stdout } = await gatehouse('token', 'create', '--name', 'once', '--sites', 'news');
  expect(stdout).toMatch(/^gh_[\w-]{43}\n$/);
  const listed = await gatehouse('token', 'list');
  expect(listed.stdout).toContain(`…${stdout.trim().slice(-4)}`);
  expect(listed.stdout).not.toContain(stdout.trim());
  const past = ['--name', 'x', '--expires', '2020-01-01T00:00:00Z'];
  expect((await gatehouse('token', 'create', ...past)).code).toBe(65);
}, 60_000);
