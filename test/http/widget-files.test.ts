import { mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService, type TestService } from '../support/service.ts';

/** What is answered where a file of the widget's can't be read. */

let folder: string;
let service: TestService;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-widget-'));
  service = await startService({ config: { widgetFolder: folder } });
});
afterAll(async () => {
  await service.stop();
  rmSync(folder, { recursive: true });
});

test('a file that is not there is 404, one that can’t be read is our failure and is tried again', async () => {
  expect((await service.call({ path: '/embed/en.json' })).json).toMatchObject({ code: 'not-found' });
  // In place of one that the system refuses to open.
  mkdirSync(join(folder, 'embed.js'));
  const refused = await service.call({ path: '/embed.js' });
  expect(refused).toMatchObject({ status: 500, json: { code: 'internal-error' } });
  expect(refused.text).not.toContain(folder);
  expect(service.logged.join()).toContain('EISDIR');

  rmdirSync(join(folder, 'embed.js'));
  writeFileSync(join(folder, 'embed.js'), 'the widget');
  expect(await service.call({ path: '/embed.js' })).toMatchObject({ status: 200, text: 'the widget' });
});
