import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
});

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
});

test('a setting that can’t be used is exit 78, a store that does not answer exit 69', async () => {
  const settings = await gatehouse(['site', 'list'], { PORT: 'x' });
  expect(settings).toMatchObject({ code: 78, stderr: expect.stringContaining('PORT') });
  const away = { MONGODB_URI: 'mongodb://127.0.0.1:1/none', GATEHOUSE_SECRET: 'x'.repeat(40) };
  expect((await gatehouse(['site', 'list'], away)).code).toBe(69);
});

test('a connection string that the driver can’t use is exit 78 with what is wrong there, and nothing else', async () => {
  const wrong = {
    'mongodb://reader:c4nary@db/gatehouse?retryWrite=true': 'option retrywrite is not supported',
    'mongodb://reader:c4n@ry@db/gatehouse': 'Invalid connection string',
    'mongodb://reader:c4nary@db:99999/gatehouse': 'db:99999',
    'mongodb://reader:c4nary@db/gatehouse?tls=true&tlsCAFile=/nowhere/ca.pem': '/nowhere/ca.pem',
  };
  for (const [uri, why] of Object.entries(wrong)) {
    const env = { MONGODB_URI: uri, GATEHOUSE_SECRET: 'x'.repeat(40) };
    const refused = { code: 78, stderr: expect.stringMatching(/^gatehouse: MONGODB_URI: .+\n$/) };
    for (const args of [['site', 'list'], ['serve']]) {
      const ran = await gatehouse(args, env);
      expect(ran).toMatchObject(refused);
      expect(ran.stderr).toContain(why);
      expect(ran.stdout + ran.stderr).not.toMatch(/c4n/);
    }
  }
});

test('a backup and a restore are refused where the data is in MongoDB, each with what does the same there', async () => {
  const env = { MONGODB_URI: 'mongodb://127.0.0.1:1/none', GATEHOUSE_SECRET: 'x'.repeat(40) };
  const file = join(installation.dataDir, 'saved.db');
  expect(await gatehouse(['backup', file], env)).toMatchObject({
    code: 78,
    stderr: expect.stringContaining('mongodump'),
  });
  writeFileSync(file, '');
  const { code, stderr } = await gatehouse(['restore', file, '--yes'], env);
  expect(code).toBe(78);
  expect(stderr).toContain('mongorestore');
  expect(stderr).not.toContain('mongodump');
});

const GATEHOUSE = join(__dirname, '../../dist/gatehouse.cjs');
const onLinux = existsSync('/dev/full') ? test : test.skip;

onLinux(
  'what a command prints onto a full disk is told to be lost, with exit 74',
  () => {
    const full = openSync('/dev/full', 'w');
    for (const args of [['--help'], ['token', 'create', '--name', 'lost'], ['verify']]) {
      const { status, stderr } = spawnSync(process.execPath, [GATEHOUSE, ...args], {
        env: installation.env,
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({
        status: 74,
        stderr: expect.stringMatching(/^gatehouse: .*ENOSPC.*\n$/),
      });
    }
    closeSync(full);
  },
  120_000,
);

onLinux(
  'a question at a terminal that is answered by Ctrl-C or Ctrl-D is answered by no',
  async () => {
    const made = ['moderator', 'create', '--name', 'Bo', '--email', 'bo@staff.example'];
    expect((await gatehouse(made)).code).toBe(0);
    const command = `'${process.execPath}' '${GATEHOUSE}' moderator delete bo@staff.example`;
    for (const key of ['\x03', '\x04']) {
      // script(1) gives it a terminal.
      const desk = spawn('script', ['-qefc', command, '/dev/null'], { env: installation.env });
      let shown = '';
      desk.stdout.on('data', (text) => {
        shown += String(text);
      });
      const ended = once(desk, 'close');
      await until('the question', () => shown.includes('[y/N]'));
      desk.stdin.write(key);
      const [status] = await ended;
      expect({ key, status, trace: /\n {4}at /.test(shown) }).toEqual({ key, status: 1, trace: false });
    }
    expect((await gatehouse(['moderator', 'list'])).stdout).toContain('bo@staff.example');
  },
  120_000,
);
