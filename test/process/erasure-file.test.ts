import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createErasureFile } from '../../src/erasure-file.ts';
import type { ErasureRecord } from '../../src/moving/erasure-journal.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-erasures-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const end = (id: string): ErasureRecord => ({ kind: 'end', id, at: 1 });

async function recordsOf(file: string): Promise<ErasureRecord[]> {
  const found: ErasureRecord[] = [];
  for await (const record of createErasureFile(file).records()) found.push(record);
  return found;
}

test('two files that are put one behind the other lose no record', async () => {
  const [one, other] = [join(folder, 'one'), join(folder, 'other')];
  await createErasureFile(one).append(end('1'));
  await createErasureFile(other).append(end('2'));
  appendFileSync(one, readFileSync(other));
  expect(await recordsOf(one)).toEqual([end('1'), end('2')]);
});

test.each(['{"kind":"end","id":"1","at":1}', '{"kind":"end","id":"1","at":1}\n{"kind":"en'])(
  'a record stands on a line of its own behind %j',
  async (before) => {
    const file = join(folder, 'erasures.jsonl');
    writeFileSync(file, before);
    await createErasureFile(file).append(end('2'));
    expect(await recordsOf(file)).toEqual([end('1'), end('2')]);
  },
);
