import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/clock.ts';
import { createFileSpool } from '../../../src/file-spool.ts';
import { createIdSource } from '../../../src/ids.ts';
import { createImporter, type Importer } from '../../../src/moving/importer.ts';
import { openFileNames } from '../../../src/storage/sqlite/names-file.ts';
import { openRehearsal } from '../../../src/storage/sqlite/rehearsal-file.ts';
import { freshId, tick } from '../../support/builders.ts';
import { IMPORT_KEYS, newImport } from '../../support/imports.ts';
import { type OpenedStore, openStore } from '../../support/stores.ts';
import { until } from '../../support/until.ts';

const LIMIT = 1_000_000;
const TWO_HOURS = 7200;

let store: OpenedStore;
let folder: string;
let importer: Importer | undefined;

beforeEach(async () => {
  store = await openStore();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-spool-'));
});
afterEach(async () => {
  await importer?.stop();
  await store.dispose();
  rmSync(folder, { recursive: true });
});

function create({ isAlone }: { isAlone: boolean }): Importer {
  const deps = { ...store.storage, keys: IMPORT_KEYS, ids: createIdSource(), clock: systemClock };
  const report = (error: unknown): void => {
    throw error;
  };
  importer = createImporter({
    readSettings: async () => null,
    deps,
    spool: createFileSpool({ folder, limit: LIMIT, rehearse: openRehearsal, openNames: openFileNames }),
    isAlone,
    report,
  });
  return importer;
}

/** A file in the spool, last written to so many seconds ago. */
function leave(id: string, ago = 0): string {
  writeFileSync(join(folder, id), '{}');
  const at = Date.now() / 1000 - ago;
  utimesSync(join(folder, id), at, at);
  return id;
}

/** Of an import that another process is at, or that is at its end. */
async function leaveFileOf(state: 'writing' | 'done'): Promise<string> {
  const one = {
    ...newImport({ site: 'news', format: 'generic', file: '{}' }),
    heldUntil: Date.now() + 60_000,
  };
  const { imports } = store.storage;
  await imports.begin(one);
  const progress = { ...one, state };
  await imports.write(one.id, one.holder, { comments: [], progress, heldUntil: one.heldUntil });
  return leave(one.id, TWO_HOURS);
}

test('files that no import was begun with, or is done with, go at the start; others stay', async () => {
  const waiting = await leaveFileOf('writing');
  await leaveFileOf('done');
  leave(freshId(tick()));
  writeFileSync(join(folder, 'notes'), 'Somebody else’s');
  create({ isAlone: true }).start();
  await until('the files to be removed', () => readdirSync(folder).length === 2);
  expect(readdirSync(folder).sort()).toEqual(['notes', waiting].sort());
});

test('beside other processes a file that was written to within the hour may be on its way in, and stays', async () => {
  const fresh = leave(freshId(tick()));
  leave(freshId(tick()), TWO_HOURS);
  create({ isAlone: false }).start();
  await until('the file to be removed', () => readdirSync(folder).length === 1);
  expect(readdirSync(folder)).toEqual([fresh]);
});

/** An import that was cut off before its first part, and whose file is nowhere. */
async function cutOff(): Promise<string> {
  const one = newImport({ site: 'news', format: 'generic', file: '{}' });
  await store.storage.imports.begin(one);
  return one.id;
}

test('an import whose file is gone, as after a restore, has failed, and says so', async () => {
  const id = await cutOff();
  const { imports } = store.storage;
  create({ isAlone: true }).start();
  await until('the import to be at its end', async () => (await imports.find(id))?.state === 'failed');
  expect(await imports.find(id)).toMatchObject({
    failure: { line: null, reason: expect.stringContaining('gone') },
    finishedAt: expect.any(Number),
  });
  expect(await imports.unfinished()).toEqual([]);
});

test('beside other processes an import without a file here is left to the one that has it', async () => {
  const id = await cutOff();
  const service = create({ isAlone: false });
  service.start();
  await service.stop();
  expect(await store.storage.imports.find(id)).toMatchObject({ finishedAt: null });
});

test('a file that is coming in while it is looked stays', async () => {
  const service = create({ isAlone: true });
  async function* slowly(): AsyncGenerator<Buffer> {
    yield Buffer.from('{}');
    leave(freshId(tick()));
    service.start();
    await until('the other file to be removed', () => readdirSync(folder).length === 1);
    // The look is over then.
    await service.stop();
    yield Buffer.from('\n');
  }
  const taken = await service.take(slowly());
  expect(readdirSync(folder)).toEqual([taken.id]);
});
