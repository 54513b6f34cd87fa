import { readdirSync, statSync, utimesSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { createApi } from '../support/api-client.ts';
import { ADMIN_TOKEN, createInstallation, type Installation } from '../support/built-service.ts';
import { storeUnderTest } from '../support/lane.ts';
import { until } from '../support/until.ts';

let installation: Installation;
beforeAll(() => {
  installation = createInstallation();
});
afterAll(() => installation.dispose());

const AN_HOUR_AGO = Date.now() / 1000 - 3700;

test('what had come in of an upload when the service was killed is removed at the next start', async () => {
  const service = await installation.start();
  const origins = ['https://news.example'];
  await createApi(service).createSite('news', { origins });
  const folder = join(installation.dataDir, 'imports');
  const spooled = (): string[] => readdirSync(folder);

  const upload = request(`${service.url}/v1/admin/sites/news/imports?format=generic`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/x-ndjson' },
  });
  upload.on('error', () => undefined);
  upload.write(`${JSON.stringify({ type: 'export' })}\n`.repeat(10_000));
  const [name = ''] = await until('a part of the file', () => {
    const [one] = readdirSync(installation.dataDir).includes('imports') ? spooled() : [];
    return one !== undefined && statSync(join(folder, one)).size > 0 && [one];
  });
  await service.kill9();
  expect(spooled()).toEqual([name]);
  // On MongoDB another process may still be at it, unless it has stood still for an hour.
  if (storeUnderTest() !== 'sqlite') utimesSync(join(folder, name), AN_HOUR_AGO, AN_HOUR_AGO);

  await installation.start();
  await until('the file to be removed', () => spooled().length === 0);
});
