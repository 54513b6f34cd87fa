import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBackup } from '../../src/cli/backup.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { runExport } from '../../src/cli/export.ts';
import { runImport } from '../../src/cli/import.ts';
import { privacyCommands } from '../../src/cli/privacy.ts';
import { runGroup } from '../../src/cli/run-command.ts';
import { readErasures } from '../../src/erasure-file.ts';
import type { ErasureRecord } from '../../src/moving/erasure-journal.ts';
import type { TestService } from '../support/service.ts';
import { startService } from '../support/service.ts';

/** Files that commands are given: what they can't work on is said in a line before any data is opened. */

let service: TestService;
let folder: string;
let there: string;
let err = '';

beforeAll(async () => {
  service = await startService();
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-files-'));
  there = join(folder, 'there');
  writeFileSync(there, '');
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text);
    return true;
  });
});
afterAll(async () => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
  await service.stop();
});

const notOpened = (): never => {
  throw new Error('the data was opened');
};
async function* noErasures(): AsyncGenerator<ErasureRecord> {
  yield* [];
}
const privacy = { name: 'privacy', about: 'Persons.', commands: privacyCommands(noErasures) };
const files = { name: 'privacy', about: 'Persons.', commands: privacyCommands(readErasures) };

const COMMANDS = {
  backup: (file: string) => runBackup('backup', [file], notOpened),
  restore: (file: string) => runBackup('restore', [file, '--yes'], notOpened),
  export: (file: string) => runExport(['--site', 'news', file], notOpened),
  import: (file: string) => runImport(['--site', 'news', '--format', 'generic', file], notOpened),
  replay: (file: string) =>
    runGroup(privacy, ['replay', '--file', file], async () => ({
      deps: service.deps,
      close: async () => undefined,
    })),
} as const;

const PATHS = {
  'a file that is there': () => there,
  'a file that is not there': () => join(folder, 'missing'),
  'a folder': () => folder,
  'a file in a folder that is not there': () => join(folder, 'nowhere', 'file'),
} as const;

test.each([
  ['backup', 'a file that is there', 1],
  ['backup', 'a folder', 1],
  ['backup', 'a file in a folder that is not there', 66],
  ['export', 'a file that is there', 1],
  ['export', 'a folder', 1],
  ['export', 'a file in a folder that is not there', 66],
  ['restore', 'a file that is not there', 66],
  ['restore', 'a folder', 66],
  ['import', 'a file that is not there', 66],
  ['import', 'a folder', 66],
  ['replay', 'a file that is not there', 66],
  ['replay', 'a folder', 66],
] as const)('%s with %s ends with a line and %i', async (command, path, code) => {
  err = '';
  const file = PATHS[path]();
  expect(await COMMANDS[command](file)).toBe(code);
  expect(err).toMatch(/^gatehouse: .+\n$/);
  expect(err).toContain(folder);
});

test.each(['backup', 'restore'] as const)(
  '%s goes through no pipe, and makes no file named so',
  async (command) => {
    err = '';
    expect(await COMMANDS[command]('-')).toBe(EXIT.usage);
    expect(err).toMatch(/^FILE has to be a file/);
  },
);

test('erasures are repeated out of a file that has some; one that has none is named', async () => {
  const opened = async () => ({ deps: service.deps, close: async () => undefined });
  const other = join(folder, 'export.jsonl');
  writeFileSync(other, '{"type":"export","format":"generic","version":1}\nno JSON\n{"id":"17","text":"…"}\n');
  for (const args of [[], ['--file', there], ['--file', other]]) {
    err = '';
    expect(await runGroup(files, ['replay', ...args], opened)).toBe(66);
    expect(err).toMatch(/^gatehouse: .*records no erasure.*\n$/);
  }
  const journal = join(folder, 'erasures.jsonl');
  writeFileSync(
    journal,
    '{"kind":"person","id":"1","at":1,"mode":"delete","people":[]}\n{"kind":"end","id":"1","at":2}',
  );
  expect(await runGroup(files, ['replay', '--file', journal], opened)).toBe(0);
});
