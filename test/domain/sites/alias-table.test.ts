import type { Deps } from '../../../src/deps.ts';
import { readAliasTable } from '../../../src/sites/alias-table.ts';
import { addAliases, MOST_TOLD } from '../../../src/sites/aliases.ts';
import { DEFAULT_POLICY } from '../../../src/sites/policy.ts';
import type { Site } from '../../../src/sites/site.ts';

const ROWS = 20_000;
const read = (text: string) => readAliasTable(Buffer.from(text));

/** How often somebody else in the process got their turn meanwhile. */
async function turnsIn(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let next = setImmediate(function again() {
    turns += 1;
    next = setImmediate(again);
  });
  await work();
  clearImmediate(next);
  return turns;
}

it('reads the two columns among others, with the line where each row ends', async () => {
  expect(await read('\ufeffpage,x,Alias\r\n1,,2\r\n\r\n3,,"4\n4"\r\n')).toEqual([
    { line: 2, alias: '2', page: '1' },
    { line: 5, alias: '4\n4', page: '3' },
  ]);
  expect(await read('alias,page')).toEqual([]);
});

it.each([
  ['nothing', '', 1, 'the first line does not name the columns alias and page'],
  ['other columns', 'alias,other\na,b', 1, 'the first line does not name the columns alias and page'],
  ['a row too long', 'alias,page\na,b\n\n"a\nb",b,c\nd,e\n', 5, 'csv record inconsistent fields length'],
  ['a last row too short', 'alias,page\r\na', 2, 'csv record inconsistent fields length'],
  ['an open quote', 'alias,page\n"a,b\n', 2, 'csv quote not closed'],
  ['a row without end', `alias,page\n${'a'.repeat(200_000)},b`, 2, 'csv max record size'],
])('refuses what is no such table: %s', async (_what, text, line, reason) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'malformed-file', extra: { line, reason } });
});

it('lets everybody else have their turn between pieces of a long table', async () => {
  const text = `alias,page\n${',\n'.repeat(ROWS)}`;
  expect(await turnsIn(() => read(text))).toBeGreaterThanOrEqual(Math.floor(text.length / 4096));
});

it('lets everybody else have their turn between aliases that are all refused', async () => {
  const site = { id: 'news', origins: ['https://news.example'], policy: DEFAULT_POLICY } as Site;
  const given = Array.from({ length: ROWS }, () => ({ alias: '', page: '' }));
  const by = { kind: 'system', id: 'system', name: '' } as const;
  // Nothing of the store is asked for what is no address.
  const turns = await turnsIn(async () => {
    const answer = await addAliases({} as Deps, site, { given, by });
    expect(answer).toMatchObject({ added: 0, moved: 0, errorsCapped: true });
    expect(answer.errors).toHaveLength(MOST_TOLD);
  });
  expect(turns).toBeGreaterThanOrEqual(ROWS / 100 - 1);
});
