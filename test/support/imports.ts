import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/clock.ts';
import { readSettings } from '../../src/http/schemas/site.ts';
import { createIdSource } from '../../src/ids.ts';
import { createKeyring, type Keyring } from '../../src/keys.ts';
import type { ImportFormat } from '../../src/moving/formats.ts';
import { type Import, noResult } from '../../src/moving/import.ts';
import type { ImportStore } from '../../src/moving/import-store.ts';
import { runImport } from '../../src/moving/run-import.ts';
import { openFileNames } from '../../src/storage/sqlite/names-file.ts';
import { openRehearsal } from '../../src/storage/sqlite/rehearsal-file.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { freshId, MODERATOR, tick } from './builders.ts';

/** The keys of the installation that imports in stores' tests go into. */
export const IMPORT_KEYS = createKeyring(Buffer.alloc(32, 7));

export interface ImportFile {
  site: string;
  format: ImportFormat;
  file: Buffer | string;
  dryRun?: boolean;
  opensSeals?: boolean;
}

/** An import that has just begun; its worker is `first`. */
export function newImport({ site, format, file, dryRun = false, opensSeals = true }: ImportFile): Import {
  return {
    id: freshId(tick()),
    site,
    format,
    dryRun,
    opensSeals,
    by: MODERATOR,
    startedAt: tick(),
    finishedAt: null,
    state: 'checking',
    bytes: file.length,
    read: 0,
    handled: 0,
    holder: 'first',
    heldUntil: 0,
    pending: [],
    result: noResult(),
    failure: null,
    faults: 0,
  };
}

export interface Running {
  storage: Storage;
  file: Buffer | string;
  /** In place of the store's own. */
  imports?: ImportStore;
  keys?: Keyring;
  mostInPart?: number;
}

/** Sees an import that has begun to its end. */
export function goOn(one: Import, running: Running) {
  const { storage, file, imports = storage.imports, keys = IMPORT_KEYS, mostInPart } = running;
  const spool = {
    async *read() {
      yield Buffer.from(file);
    },
    rehearse: () => openRehearsal(join(tmpdir(), `gatehouse-${process.pid}-${one.id}.rehearsal`)),
    names: () => openFileNames(join(tmpdir(), `gatehouse-${process.pid}-${one.id}.names`)),
  };
  const deps = { ...storage, imports, keys, ids: createIdSource(), clock: systemClock };
  return runImport({
    deps,
    spool,
    readSettings: async (value) => readSettings(value),
    one: structuredClone(one),
    isStopped: () => false,
    mostInPart,
  });
}

/** Brings a whole file into a site. */
export async function importFile(storage: Storage, given: ImportFile, keys?: Keyring): Promise<Import> {
  const one = newImport(given);
  await storage.imports.begin(one);
  return goOn(one, { storage, file: given.file, keys });
}
