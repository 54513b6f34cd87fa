import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { runExport } from '../../src/cli/export.ts';
import { createErasureFile } from '../../src/erasure-file.ts';
import { createFileSpool } from '../../src/file-spool.ts';
import type { ErasureRecord } from '../../src/moving/erasure-journal.ts';
import { openFileNames } from '../../src/storage/sqlite/names-file.ts';
import { openSqlite } from '../../src/storage/sqlite/open.ts';
import { openRehearsal } from '../../src/storage/sqlite/rehearsal-file.ts';
import { freshId, freshSite, page, post, site } from '../support/builders.ts';
import { unlessMissing } from '../support/not-run.ts';
import { commentBody, makeSite, startService } from '../support/service.ts';
import { mountSmallDisk, type SmallDisk, smallDiskMissing } from '../support/tmpfs.ts';

/**
 * A disk that has room for a part of what is written takes that part, and the system's call counts it as done: the
 * error comes with the next call, which whoever writes the end of a file never makes.
 */

const GATEHOUSE = join(__dirname, '../../dist/gatehouse.cjs');
const PAGE = 4096;
const testOnDisk = unlessMissing({ missing: smallDiskMissing() });

let disk: SmallDisk;
beforeAll(() => {
  if (smallDiskMissing() === null) disk = mountSmallDisk(1);
});
afterAll(() => disk?.unmount());

const at = (name: string): string => join(disk.folder, name);

/** Fills the disk but for one page. */
function leaveOnePage(): void {
  disk.fill();
  truncateSync(at('filler'), statSync(at('filler')).size - PAGE);
}

testOnDisk('a record of an erasure that has only half gone in is none', async () => {
  const file = at('erasures.jsonl');
  const first: ErasureRecord = { kind: 'end', id: 'x'.repeat(PAGE - 60), at: 1 };
  const journal = createErasureFile(file);
  await journal.append(first);
  disk.fill();
  const second: ErasureRecord = { kind: 'end', id: 'y'.repeat(100), at: 2 };
  await expect(journal.append(second)).rejects.toMatchObject({ code: 'store-unavailable' });
  disk.empty();
  await journal.append(second);
  const read: ErasureRecord[] = [];
  for await (const record of journal.records()) read.push(record);
  expect(read).toEqual([first, second]);
});

const spoolIn = (folder: string) =>
  createFileSpool({ folder, limit: PAGE * 4, rehearse: openRehearsal, openNames: openFileNames });

async function* tooLongForAPage() {
  yield Buffer.alloc(PAGE + 10, 'x');
}

test('an import is refused for now where its file can lie nowhere, as in a folder that can’t be written to', async () => {
  const spool = spoolIn(join(__filename, 'imports'));
  await expect(spool.take(freshId(Date.now()), tooLongForAPage())).rejects.toMatchObject({
    code: 'store-unavailable',
  });
});

testOnDisk('of the file of an import that has only half gone in nothing is kept', async () => {
  const spool = spoolIn(at('imports'));
  const id = freshId(Date.now());
  leaveOnePage();
  await expect(spool.take(id, tooLongForAPage())).rejects.toMatchObject({ code: 'store-unavailable' });
  expect(await spool.has(id)).toBe(false);
  disk.empty();
});

testOnDisk('an export whose end has only half gone in has failed, and leaves no file', async () => {
  const service = await startService();
  await makeSite(service.deps, 'news');
  const body = commentBody({ body: 'x'.repeat(PAGE * 2) });
  expect((await service.call({ method: 'POST', path: '/v1/sites/news/comments', body })).status).toBe(201);
  leaveOnePage();
  const file = at('export.jsonl');
  const open = async () => ({
    deps: service.deps,
    record: async () => undefined,
    close: async () => undefined,
  });
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect(await runExport(['--site', 'news', file], open)).toBe(EXIT.output);
  expect(said).toHaveBeenCalledWith(expect.stringContaining('ENOSPC'));
  said.mockRestore();
  expect(existsSync(file)).toBe(false);
  disk.empty();
  await service.stop();
});

testOnDisk('a command that prints into a file has failed where only half of it has gone in', () => {
  const file = at('printed');
  writeFileSync(file, 'x'.repeat(PAGE - 10));
  disk.fill();
  const printed = openSync(file, 'a');
  const { status, stderr } = spawnSync(process.execPath, [GATEHOUSE, '--help'], {
    stdio: ['ignore', printed, 'pipe'],
    encoding: 'utf8',
  });
  closeSync(printed);
  expect({ status, stderr }).toEqual({
    status: EXIT.output,
    stderr: expect.stringMatching(/^gatehouse: .*ENOSPC.*\n$/),
  });
  disk.empty();
});

testOnDisk(
  'what is acknowledged stays in the log where the file has no room at closing, and nothing fails',
  async () => {
    const larger = mountSmallDisk(8);
    const dataDir = join(larger.folder, 'data');
    const storage = await openSqlite({ dataDir, inline: true });
    const name = freshSite();
    await storage.sites.create(site(name));
    const where = page(name, 'https://a.example/1');
    const comments = await Promise.all(Array.from({ length: 50 }, () => post(storage, where)));
    larger.fill();
    await storage.close();
    larger.empty();
    const again = await openSqlite({ dataDir, inline: true });
    expect(await again.comments.findMany(comments.map(({ id }) => id))).toHaveLength(comments.length);
    await again.close();
    larger.unmount();
  },
);

testOnDisk('a backup, a restore and a command that find no room end alike, and go once there is room', () => {
  const gatehouse = (args: string[], DATA_DIR: string) =>
    spawnSync(process.execPath, [GATEHOUSE, ...args], {
      env: { PATH: process.env.PATH, DATA_DIR, GATEHOUSE_SECRET: 's'.repeat(32) },
      encoding: 'utf8',
    });
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-data-'));
  const origin = ['--origin', 'https://news.example'];
  const made = gatehouse(['site', 'create', 'news', '--name', 'News', ...origin], dataDir);
  expect(made).toMatchObject({ status: EXIT.done, stderr: '' });
  const backup = join(dataDir, 'backup.db');
  expect(gatehouse(['backup', backup], dataDir)).toMatchObject({ status: EXIT.done });

  const commands: [args: string[], dataDir: string][] = [
    [['backup', at('backup.db')], dataDir],
    [['restore', backup, '--yes'], at('data')],
    [['site', 'create', 'news', '--name', 'News', ...origin], at('new')],
  ];
  disk.fill();
  for (const [args, folder] of commands) {
    const { status, stderr } = gatehouse(args, folder);
    expect({ args, status, stderr }).toMatchObject({
      status: EXIT.output,
      stderr: expect.stringMatching(/no space|disk is full/),
    });
  }
  disk.empty();
  expect(gatehouse(['backup', at('backup.db')], dataDir)).toMatchObject({ status: EXIT.done, stderr: '' });
  rmSync(dataDir, { recursive: true, force: true });
});
