import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS, type Setting } from '../../config/settings.ts';

/** docs/operations.md carries config/settings.ts as a table; a setting changed in one place only fails here. */
const DOCUMENT = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');

/** The table's rows by setting, their cells trimmed: Markdown's formatter pads them. */
function rows(): Map<string, string[]> {
  const [, section = ''] = DOCUMENT.split('\n## Settings\n');
  const lines = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
  const cells = lines.map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  return new Map(cells.map(([name = '', ...rest]) => [name.replaceAll('`', ''), rest]));
}

test('the manual has a row for every setting, in order, and for nothing else', () => {
  expect([...rows().keys()]).toEqual(Object.keys(SETTINGS));
});

test.each(Object.entries<Setting>(SETTINGS))('the row of %s says what the setting says', (name, setting) => {
  const shown = setting.default ? `\`${setting.default}\`` : 'none';
  const about = setting.notYet ? `_Not yet._ ${setting.about}` : setting.about;
  expect(rows().get(name)).toEqual([shown, setting.allowed, about]);
});
