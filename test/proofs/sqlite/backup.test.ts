import {
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../src/storage/sqlite/driver.ts';
import type { Posted } from '../../support/api-client.ts';
import { createApi } from '../../support/api-client.ts';
import {
  ADMIN_TOKEN,
  createInstallation,
  type Installation,
  launch,
  type Service,
} from '../../support/built-service.ts';
import { readEvents } from '../../support/event-reader.ts';
import { jsonOf } from '../../support/http-client.ts';
import { isLongRun } from '../../support/long-run.ts';
import { until } from '../../support/until.ts';

/** Backups of the built program, taken beside a service that goes on taking comments, and put back. */

/** A user that is everywhere and owns nothing. */
const NOBODY = 65_534;

let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

async function gatehouse(args: string[], env: Record<string, string> = {}, nodeArgs: string[] = []) {
  const launched = launch(args, { ...installation.env, ...env }, { nodeArgs });
  const { code } = await launched.ended;
  return { code, stdout: launched.stdout(), stderr: launched.stderr() };
}

let comments = 0;
const newComment = () => {
  comments += 1;
  return {
    page: { url: 'https://kept.example/page' },
    author: { name: 'A reader', email: 'reader@readers.example' },
    body: `Comment ${comments} ${'x'.repeat(2000)}`,
  };
};

test('a backup beside a busy service holds what was acknowledged before it, and is put back whole', async () => {
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite('kept', { policy: { moderation: 'none' } });
  const post = async () => jsonOf<Posted>(await api.post('kept', newComment())).comment.id;
  const before = [await post(), await post(), await post()];

  const file = join(installation.dataDir, 'copy.backup');
  let isOver = false;
  const meanwhile: string[] = [];
  const busy = (async () => {
    while (!isOver) meanwhile.push(await post());
  })();
  const made = await gatehouse(['backup', file]);
  isOver = true;
  await busy;
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(statSync(file).mode & 0o077).toBe(0);
  expect(meanwhile.length).toBeGreaterThan(0);
  expect(await gatehouse(['backup', file])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is there already'),
  });
  expect(await gatehouse(['restore', file, '--yes'])).toMatchObject({
    code: 75,
    stderr: expect.stringContaining('stop the service'),
  });
  const after = await post();
  await service.stop();

  expect(await gatehouse(['restore', file, '--yes'])).toMatchObject({ code: 0, stderr: '' });
  const again = createApi(await installation.start());
  const statuses = async (ids: string[]) =>
    Promise.all(ids.map(async (id) => (await again.send({ path: `/v1/comments/${id}` })).status));
  expect(await statuses(before)).toEqual([200, 200, 200]);
  expect(await statuses([after])).toEqual([404]);
  expect((await again.post('kept', newComment())).status).toBe(201);
  expect((await gatehouse(['verify'])).code).toBe(75);
});

test('who comes back to restored data begins afresh, also once its log has outgrown what they had heard', async () => {
  const listen = (service: Service, lastEventId?: string) =>
    readEvents(Number(new URL(service.url).port), {
      headers: { authorization: `Bearer ${ADMIN_TOKEN}` },
      lastEventId,
    });
  let service = await installation.start();
  await createApi(service).createSite('kept', { policy: { moderation: 'none' } });
  /** Posts so many; gives the id that the last one's event had. */
  const heardOf = async (count: number, lastEventId?: string) => {
    const api = createApi(service);
    const reader = await listen(service, lastEventId);
    let last = '';
    for (let n = 0; n < count; n++) last = jsonOf<Posted>(await api.post('kept', newComment())).comment.id;
    const { id } = await reader.hears(
      'the last',
      ({ event, data }) => event === 'comment' && data.id === last,
    );
    reader.close();
    return { id, first: reader.events[0]?.event };
  };
  const begun = await heardOf(2);
  const file = join(installation.dataDir, 'copy.backup');
  expect((await gatehouse(['backup', file])).code).toBe(0);
  await service.stop();
  service = await installation.start();
  // Nothing was restored: an id stays good over the start.
  const gone = await heardOf(2, begun.id);
  expect(gone.first).toBe('comment');

  // The same backup twice: what came after the first restore is gone again.
  for (const former of [[begun, gone], [gone]]) {
    await service.stop();
    expect(await gatehouse(['restore', file, '--yes'])).toMatchObject({ code: 0, stderr: '' });
    service = await installation.start();
    const now = await heardOf(4);
    for (const { id } of former) expect((await heardOf(1, id)).first).toBe('reset');
    expect((await heardOf(1, now.id)).first).toBe('comment');
    gone.id = now.id;
  }
});

test('what can’t be restored is refused before anything is touched', async () => {
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite('kept', { policy: { moderation: 'none' } });
  const { comment } = jsonOf<Posted>(await api.post('kept', newComment()));
  const file = join(installation.dataDir, 'copy.backup');
  expect((await gatehouse(['backup', file])).code).toBe(0);
  await service.stop();

  const data = join(installation.dataDir, 'gatehouse.db');
  const bytes = readFileSync(data);
  const foreign = join(installation.dataDir, 'foreign');
  writeFileSync(foreign, 'SQLite it is not');
  const damaged = join(installation.dataDir, 'damaged');
  writeFileSync(damaged, readFileSync(file));
  truncateSync(damaged, Math.floor(statSync(file).size / 2));
  const between = join(installation.dataDir, 'between');
  copyFileSync(file, between);
  const earlier = openDatabase(between);
  earlier.exec('DROP INDEX thread');
  earlier.close();
  const refused = async (args: string[], env: Record<string, string> = {}) => {
    const { code, stderr } = await gatehouse(['restore', ...args], env);
    expect(stderr.length).toBeGreaterThan(0);
    return code;
  };
  expect(await refused([file])).toBe(64);
  expect(
    await refused([file, '--yes'], { GATEHOUSE_SECRET: 'another secret of at least thirty-two bytes' }),
  ).toBe(78);
  expect(await refused([foreign, '--yes'])).toBe(78);
  expect(await refused([damaged, '--yes'])).toBe(78);
  expect(await refused([between, '--yes'])).toBe(78);
  expect(await refused([join(installation.dataDir, 'nowhere'), '--yes'])).toBe(66);
  expect(readFileSync(data).equals(bytes)).toBe(true);
  expect(existsSync(`${data}.before-restore`)).toBe(false);
  const again = createApi(await installation.start());
  expect((await again.send({ path: `/v1/comments/${comment.id}` })).status).toBe(200);
});

test('a backup comes to another machine, where nothing is but the secret, and is its folder’s owner’s', async () => {
  const made = ['site', 'create', 'kept', '--name', 'Kept', '--origin', 'https://kept.example'];
  const secret = { GATEHOUSE_SECRET: 'a secret that was kept apart from the backup' };
  expect(await gatehouse(made, secret)).toMatchObject({ code: 0 });
  const file = join(installation.dataDir, 'copy.backup');
  expect((await gatehouse(['backup', file], secret)).code).toBe(0);

  const elsewhere = join(installation.dataDir, 'elsewhere');
  const there = { ...secret, DATA_DIR: elsewhere };
  const listed = ['site', 'list', '--json'];
  expect(await gatehouse(listed, there)).toMatchObject({
    code: 78,
    stderr: expect.stringContaining(`${elsewhere} holds no data of Gatehouse`),
  });
  expect(existsSync(elsewhere)).toBe(false);
  if (process.getuid?.() === 0) {
    // As root puts it back for a service that is not root.
    mkdirSync(elsewhere);
    chownSync(elsewhere, NOBODY, NOBODY);
  }
  expect(await gatehouse(['restore', file, '--yes'], there)).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse((await gatehouse(listed, there)).stdout)).toMatchObject([{ id: 'kept' }]);
  const owners = readdirSync(elsewhere).map((name) => statSync(join(elsewhere, name)).uid);
  expect(new Set(owners)).toEqual(new Set([statSync(elsewhere).uid]));
});

test('of a data folder that was copied as a whole what stands in its log is put back, too', async () => {
  const service = await installation.start();
  const api = createApi(service);
  await api.createSite('kept', { policy: { moderation: 'none' } });
  const { comment } = jsonOf<Posted>(await api.post('kept', newComment()));
  await service.kill9();
  const copied = join(installation.dataDir, 'copied');
  mkdirSync(copied);
  for (const name of ['gatehouse.db', 'gatehouse.db-wal'])
    copyFileSync(join(installation.dataDir, name), join(copied, name));
  expect(statSync(join(copied, 'gatehouse.db-wal')).size).toBeGreaterThan(0);

  expect(await gatehouse(['restore', join(copied, 'gatehouse.db'), '--yes'])).toMatchObject({ code: 0 });
  const again = createApi(await installation.start());
  expect((await again.send({ path: `/v1/comments/${comment.id}` })).status).toBe(200);
});

test('a backup or an export that is ended by a signal leaves nothing behind', async () => {
  const made = ['site', 'create', 'kept', '--name', 'Kept', '--origin', 'https://kept.example'];
  expect(await gatehouse(made)).toMatchObject({ code: 0 });
  const at = (name: string): string => join(installation.dataDir, name);
  const page = { url: 'https://kept.example/page' };
  const lines = Array.from({ length: 20_000 }, (_, id) =>
    JSON.stringify({
      id: String(id),
      page,
      text: `${id} ${'x'.repeat(1000)}`,
      createdAt: '2020-01-01T00:00:00Z',
    }),
  );
  writeFileSync(at('in.jsonl'), lines.join('\n'));
  expect((await gatehouse(['import', '--site', 'kept', '--format', 'generic', at('in.jsonl')])).code).toBe(0);
  for (const args of [
    ['backup', at('out')],
    ['export', '--site', 'kept', at('out')],
  ]) {
    const launched = launch(args, installation.env);
    await until('a part of the file', () =>
      readdirSync(installation.dataDir).some((name) => name.startsWith('out.')),
    );
    launched.child.kill('SIGINT');
    expect(await launched.ended).toEqual({ code: null, signal: 'SIGINT' });
    expect(readdirSync(installation.dataDir).filter((name) => name.startsWith('out'))).toEqual([]);
  }
});

test('of two that write one backup, or one export, at once the first has it, whole', async () => {
  const made = ['site', 'create', 'kept', '--name', 'Kept', '--origin', 'https://kept.example'];
  expect(await gatehouse(made)).toMatchObject({ code: 0 });
  const at = (name: string): string => join(installation.dataDir, name);
  const exported = ['export', '--site', 'kept'];
  for (const args of [['backup'], exported]) {
    const file = at(`${args[0]}.out`);
    const both = await Promise.all([gatehouse([...args, file]), gatehouse([...args, file])]);
    expect(both.filter(({ code }) => code === 0)).toHaveLength(1);
    expect(
      readdirSync(installation.dataDir).filter((name) => name.startsWith(`${args[0]}.out`)),
    ).toHaveLength(1);
  }
  expect(readFileSync(at('export.out'), 'utf8')).toBe((await gatehouse(exported)).stdout);
  expect((await gatehouse(['restore', at('backup.out'), '--yes'])).code).toBe(0);
});

test('a file system without hard links takes a backup and an export, and has a backup put back', async () => {
  const made = ['site', 'create', 'kept', '--name', 'Kept', '--origin', 'https://kept.example'];
  expect(await gatehouse(made)).toMatchObject({ code: 0 });
  const at = (name: string): string => join(installation.dataDir, name);
  const nodeArgs = ['--require', join(__dirname, '../../support/no-links.cjs')];
  const exported = ['export', '--site', 'kept'];
  for (const args of [['backup'], exported]) {
    const one = [...args, at(`${args[0]}.out`)];
    const both = await Promise.all([gatehouse(one, {}, nodeArgs), gatehouse(one, {}, nodeArgs)]);
    expect(both.filter(({ code }) => code === 0)).toHaveLength(1);
    const left = readdirSync(installation.dataDir).filter((name) => name.startsWith(`${args[0]}.out`));
    expect(left).toEqual([`${args[0]}.out`]);
    expect(statSync(at(`${args[0]}.out`)).mode & 0o077).toBe(0);
  }
  expect(readFileSync(at('export.out'), 'utf8')).toBe((await gatehouse(exported)).stdout);
  // The second puts the data of before back.
  for (const name of ['backup.out', 'gatehouse.db.before-restore'])
    expect(await gatehouse(['restore', at(name), '--yes'], {}, nodeArgs)).toMatchObject({ code: 0 });
  expect((await gatehouse(['verify'])).code).toBe(0);
});

test('a restore that is killed leaves the data of before or that of the backup, and can be done again', async () => {
  const at = (name: string): string => join(installation.dataDir, name);
  const bring = async (id: string): Promise<void> => {
    const page = { url: 'https://kept.example/page' };
    writeFileSync(at('in.jsonl'), JSON.stringify({ id, page, text: id, createdAt: '2020-01-01T00:00:00Z' }));
    const taken = await gatehouse(['import', '--site', 'kept', '--format', 'generic', at('in.jsonl')]);
    expect(taken).toMatchObject({ code: 0 });
  };
  const held = async (): Promise<string> => {
    const { code, stdout, stderr } = await gatehouse(['export', '--site', 'kept']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('comments') });
    return stdout;
  };
  const made = ['site', 'create', 'kept', '--name', 'Kept', '--origin', 'https://kept.example'];
  expect(await gatehouse(made)).toMatchObject({ code: 0 });
  await bring('first');
  expect(await gatehouse(['backup', at('copy.backup')])).toMatchObject({ code: 0 });
  const ofBackup = await held();
  await bring('second');
  const before = await held();
  expect(before).not.toBe(ofBackup);
  copyFileSync(at('gatehouse.db'), at('before'));

  const restore = ['restore', at('copy.backup'), '--yes'];
  const nodeArgs = ['--require', join(__dirname, '../../support/kill-at-file.cjs')];
  const found = new Set<string>();
  // The first steps only make room; between the last two the one file takes the other's place.
  for (let n = isLongRun ? 1 : 10; ; n++) {
    for (const rest of ['-wal', '-shm']) rmSync(at(`gatehouse.db${rest}`), { force: true });
    copyFileSync(at('before'), at('gatehouse.db'));
    const env = { ...installation.env, PROOF_KILL_AT_FILE: String(n) };
    const killed = launch(restore, env, { nodeArgs });
    const { signal } = await killed.ended;
    const now = await held();
    expect([before, ofBackup]).toContain(now);
    found.add(now);
    expect(await gatehouse(restore)).toMatchObject({ code: 0 });
    expect(await held()).toBe(ofBackup);
    if (signal === null) break;
  }
  expect(found).toEqual(new Set([before, ofBackup]));
});
