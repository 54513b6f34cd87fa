import { join } from 'node:path';
import { createApi } from '../support/api-client.ts';
import type { Installation } from '../support/built-service.ts';
import { createInstallation, launch } from '../support/built-service.ts';
import type { Damaged } from '../support/corrupt.ts';
import { corrupt } from '../support/corrupt.ts';
import { storeUnderTest } from '../support/lane.ts';

/** `gatehouse verify`, as an operator runs it. */

const SITE = 'checked';
const COMMENTS = 3;
/** On MongoDB each start looks through the indexes, and waits for the fold to stand still. */
const isSqlite = storeUnderTest() === 'sqlite';

let installation: Installation;
let damaged: Damaged;

beforeAll(async () => {
  installation = createInstallation();
  const { MONGODB_URI: uri, DATA_DIR: folder = '' } = installation.env;
  damaged = { place: uri === undefined ? { file: join(folder, 'gatehouse.db') } : { uri } };
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite(SITE, { policy: { moderation: 'all' } });
  for (let i = 0; i < COMMENTS; i++) {
    await api.posted(SITE, {
      page: { url: `https://${SITE}.example/1` },
      author: { name: 'A reader', email: 'reader@readers.example' },
      body: `Comment ${i}`,
    });
  }
  await service.stop();
});
afterAll(() => installation.dispose());

async function verify(...args: string[]) {
  const { ended, stdout, stderr } = launch(['verify', ...args], installation.env);
  const { code } = await ended;
  return { code, stdout: stdout(), stderr: stderr() };
}

test('says that all is well, and ends with 0', async () => {
  expect(await verify()).toEqual({ code: 0, stdout: 'Everything is as the comments say.\n', stderr: '' });
  expect(await verify('--json')).toEqual({ code: 0, stdout: '{"differences":[],"count":0}\n', stderr: '' });
});

test('says what differs and ends with 1, mends it where told to, and then all is well', async () => {
  await corrupt(damaged, { counter: `s/${SITE}`, field: 'pending', by: 2 });
  const line = `counter s/${SITE} pending: 5, but should be 3`;
  const found = await verify();
  expect(found).toMatchObject({ code: 1, stderr: '' });
  expect(found.stdout).toBe(`${line}\n1 difference. --repair mends what is found.\n`);
  const difference = { what: 'counter', where: `s/${SITE} pending`, kept: 5, due: 3, repaired: false };
  const told = await verify('--json');
  expect({ code: told.code, json: JSON.parse(told.stdout) as unknown }).toEqual({
    code: 1,
    json: { differences: [difference], count: 1 },
  });
  const mended = await verify('--repair');
  expect(mended).toMatchObject({ code: 1, stdout: `${line}; mended\n1 difference, mended.\n` });
  expect(await verify()).toMatchObject({ code: 0 });
});

test('runs beside a service on MongoDB, and on SQLite says that none may run', async () => {
  const service = await installation.start();
  const { code, stdout, stderr } = await verify();
  if (isSqlite) {
    expect({ code, stdout }).toEqual({ code: 75, stdout: '' });
    expect(stderr).toContain('is in use by another Gatehouse process');
    expect(stderr).toContain('stop the service');
  } else {
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  }
  await service.stop();
});

test('explains itself, and refuses what it does not know', async () => {
  const help = await verify('--help');
  expect(help).toMatchObject({ code: 0, stderr: '' });
  expect(help.stdout).toContain('--repair');
  const wrong = await verify('--mend');
  expect(wrong).toMatchObject({ code: 64, stdout: '' });
  expect(wrong.stderr).toContain('gatehouse verify');
  expect(await verify('--file', '--repair')).toMatchObject({ code: 64, stdout: '' });
});

test('has SQLite look at its file, and knows of none on MongoDB', async () => {
  const { code, stdout, stderr } = await verify('--file');
  if (isSqlite)
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'SQLite finds the file sound.\n',
      stderr: '',
    });
  else {
    expect({ code, stdout }).toEqual({ code: 78, stdout: '' });
    expect(stderr).toMatch(/^gatehouse: MONGODB_URI: is set; /);
  }
});
