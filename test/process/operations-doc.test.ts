import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Setting } from '../../config/settings.ts';
import { SETTINGS } from '../../config/settings.ts';
import { FILE_NAMES } from '../../src/config-files.ts';

const PAGE = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');

/** The cells of the table under `## Settings`, without its head. */
function settingsTable(): string[][] {
  const [, section = ''] = /^## Settings\n(.*?)^## /ms.exec(PAGE) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  return rows.map((row) => row.slice(2, -2).split(' | '));
}

function defaultOf({ default: value }: Setting): string {
  if (value === null) return 'none';
  return value === '' ? 'empty' : `\`${value}\``;
}

test('docs/operations.md lists every setting in order, with the default, values and meaning of config/settings.ts', () => {
  const settings: [string, Setting][] = Object.entries(SETTINGS);
  expect(settingsTable()).toEqual(
    settings.map(([name, setting]) => [`\`${name}\``, defaultOf(setting), setting.allowed, setting.about]),
  );
});

test('names every setting that is a secret, so may lie in a file', () => {
  const [, named = ''] = /^\*\*Secrets in files\.\*\* [^(]*\(([^)]*)\)/m.exec(PAGE) ?? [];
  expect(
    named
      .replaceAll('`', '')
      .split(', ')
      .map((name) => `${name}_FILE`),
  ).toEqual(FILE_NAMES);
});
