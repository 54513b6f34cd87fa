import { MODERATOR_COMMANDS } from '../../src/cli/moderator.ts';
import { type Group, runGroup } from '../../src/cli/run-command.ts';
import { SITE_COMMANDS } from '../../src/cli/site.ts';
import { TOKEN_COMMANDS } from '../../src/cli/token.ts';
import { hashToken } from '../../src/keys.ts';
import { redeemLink } from '../../src/staff/links.ts';
import type { TestService } from '../support/service.ts';
import { startService } from '../support/service.ts';

/** The commands over a real store; what they print and how they end. test/proofs/commands.test.ts has the built program. */

const GROUPS: Record<string, Group> = {
  site: { name: 'site', about: 'Sites.', commands: SITE_COMMANDS },
  moderator: { name: 'moderator', about: 'Accounts.', commands: MODERATOR_COMMANDS },
  token: { name: 'token', about: 'Tokens.', commands: TOKEN_COMMANDS },
};

let service: TestService;
let opened = 0;
let out = '';
let err = '';

beforeAll(async () => {
  service = await startService();
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text);
    return true;
  });
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await service.stop();
});

const open = async () => {
  opened += 1;
  return { deps: service.deps, close: async () => undefined };
};

interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

async function gatehouse(...args: string[]): Promise<Ran> {
  const [name = '', ...rest] = args;
  [out, err] = ['', ''];
  const code = await runGroup(GROUPS[name] as Group, rest, open);
  return { code, stdout: out, stderr: err };
}

/** What a command that must succeed prints as JSON. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await gatehouse(...args, '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as T;
}

test('a site is made, shown, changed, listed and removed', async () => {
  const made = ['site', 'create', 'news', '--name', 'News', '--origin', 'https://news.example'];
  const site = await json(...made, '--origin', 'https://m.news.example', '--locale', 'fa');
  expect(site).toMatchObject({
    id: 'news',
    locale: 'fa',
    timeZone: 'UTC',
    origins: ['https://news.example', 'https://m.news.example'],
    version: 1,
  });
  const again = await gatehouse(...made);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining('already-exists') });
  const policy = '{ "closed": true }';
  expect(await json('site', 'set', 'news', '--name', 'خبر', '--policy', policy)).toMatchObject({
    name: 'خبر',
    policy: { closed: true },
    version: 2,
  });
  expect(await json('site', 'show', 'news')).toMatchObject({ name: 'خبر' });
  const line = 'news  خبر  fa  https://news.example, https://m.news.example\n';
  expect((await gatehouse('site', 'list')).stdout).toBe(line);
  const unsure = await gatehouse('site', 'delete', 'news');
  expect(unsure).toMatchObject({ code: 64, stderr: expect.stringContaining('--yes is needed') });
  expect(await json('site', 'delete', 'news', '--yes')).toEqual({ id: 'news', deleted: true });
  expect(await json('site', 'list')).toEqual([]);
  expect((await gatehouse('site', 'show', 'news')).code).toBe(66);
});

test('every item is listed, however many pages there are', async () => {
  for (let i = 0; i < 203; i++) await json('token', 'create', '--name', `T ${i}`, '--sites', 'paged');
  const all = await json<{ name: string; sites: string[] }[]>('token', 'list');
  const paged = all.filter(({ sites }) => sites[0] === 'paged').map(({ name }) => name);
  expect(paged).toEqual(Array.from({ length: 203 }, (_, i) => `T ${202 - i}`));
});

test('a value that is not right is named, with exit 65, and nothing is made', async () => {
  const { code, stderr, stdout } = await gatehouse('site', 'create', 'X Y', '--origin', 'nowhere');
  expect({ code, stdout }).toEqual({ code: 65, stdout: '' });
  expect(stderr.split('\n').map((line) => line.replace(/: .*\(/, ': ('))).toEqual([
    'gatehouse: (invalid)',
    'gatehouse: (required)',
    'gatehouse: (invalid-url)',
    '',
  ]);
  expect((await gatehouse('site', 'set', 'x', '--policy', '{')).code).toBe(65);
  expect((await gatehouse('moderator', 'create', '--name', 'M', '--email', 'nobody')).code).toBe(65);
  const past = ['--name', 'x', '--expires', '2020-01-01T00:00:00Z'];
  expect((await gatehouse('token', 'create', ...past)).code).toBe(65);
});

test('what is not understood is exit 64 with the usage of what was meant; the data is not opened for it', async () => {
  const before = opened;
  const wrong = [
    ...[
      ['site'],
      ['site', 'sing'],
      ['site', 'show'],
      ['site', 'show', 'a', 'b'],
      ['token', 'list', '--loud'],
    ],
    ['moderator', 'delete', 'a'],
  ];
  for (const args of wrong) {
    const { code, stdout, stderr } = await gatehouse(...args);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(stderr).toContain(`gatehouse ${args[0]} `);
  }
  const commands = Object.values(GROUPS).flatMap(({ name, commands }) =>
    commands.map((one) => [name, one.name]),
  );
  for (const args of [['site'], ...commands] as string[][]) {
    const { code, stdout, stderr } = await gatehouse(...args, '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`gatehouse ${args.join(' ')}`);
  }
  expect(opened).toBe(before);
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
  const tokenOf = (url: string) => new URL(url.trim()).searchParams.get('token') ?? '';
  const redeem = (url: string) =>
    redeemLink(service.deps, 'invitation', { token: tokenOf(url), password: 'a long enough password' });
  await expect(redeem(made.inviteUrl)).rejects.toMatchObject({ code: 'validation-failed' });
  await redeem(stdout);

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
  const listed = await json<{ id: string; name: string; state: string; sites: string[] }[]>(
    'moderator',
    'list',
  );
  expect(listed.map(({ name, state, sites }) => [name, state, sites])).toEqual([
    ['Otto', 'invited', ['news', 'blog']],
    ['Ada', 'active', ['*']],
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
  expect((await gatehouse('moderator', 'invite', otto)).code).toBe(66);
  const acts = await service.deps.audit.list({ sites: null, by: 'operator', limit: 3 });
  expect(acts.map(({ action, by }) => [action, by.kind])).toEqual([
    ['moderator-deleted', 'system'],
    ['moderator-reset', 'system'],
    ['moderator-enabled', 'system'],
  ]);
});

test('a token is shown once, its secret is never listed, and it is gone once deleted', async () => {
  const { stdout } = await gatehouse('token', 'create', '--name', 'once', '--sites', 'news');
  expect(stdout).toMatch(/^gh_[\w-]{43}\n$/);
  const secret = stdout.trim();
  const listed = await gatehouse('token', 'list');
  expect(listed.stdout).toContain(`…${secret.slice(-4)}`);
  expect(listed.stdout).not.toContain(secret);
  const found = await service.deps.tokens.findByHash(hashToken(secret));
  expect((await gatehouse('token', 'delete', found?.id ?? '', '--yes')).code).toBe(0);
  expect(await service.deps.tokens.findByHash(hashToken(secret))).toBeNull();
});
