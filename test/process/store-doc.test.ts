import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const read = (name: string): string => readFileSync(join(__dirname, '../..', name), 'utf8');

/** The types of an interface's members, as the source has them. */
function membersOf(file: string, name: string): string[] {
  const [, body = ''] =
    new RegExp(`^export interface ${name} [^\n]*\\{\n(.*?)^\\}`, 'ms').exec(read(file)) ?? [];
  return [...body.matchAll(/^ {2}\w+: (\w+);$/gm)].map(([, type]) => type ?? '');
}

test('docs/writing-a-store.md names every port that a store implements, and the file that has it', () => {
  const ports = [...membersOf('src/deps.ts', 'Stores'), ...membersOf('src/storage/storage.ts', 'Storage')];
  const rows = [...read('docs/writing-a-store.md').matchAll(/^\| `(\w+)` \| `(src\/[^`]+)` \| \S/gm)];
  expect(rows.map(([, port]) => port).sort()).toEqual(ports.sort());
  for (const [, port, file = ''] of rows)
    expect(read(file)).toMatch(new RegExp(`^export interface ${port} `, 'm'));
});
