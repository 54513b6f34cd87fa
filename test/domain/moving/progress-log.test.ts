import { createIdSource } from '../../../src/ids.ts';
import { createProgressLog, TELL_EVERY } from '../../../src/moving/progress-log.ts';
import { newImport } from '../../support/imports.ts';
import { openStore } from '../../support/stores.ts';
import { until } from '../../support/until.ts';

test('how far an import is is told of after its clock was set back, too', async () => {
  const { storage, dispose } = await openStore();
  const real = Date.now();
  let now = real + 3_600_000;
  const one = newImport({ site: 'news', format: 'generic', file: '{}' });
  await storage.imports.begin(one);
  const deps = { ...storage, ids: createIdSource(), clock: { now: () => now } };
  const log = createProgressLog({ deps, one, isStopped: () => false });
  await log.save([]);
  now += TELL_EVERY - 1;
  await log.save([]);
  now = real;
  await log.save([]);
  const told = async () => (await storage.events.after(0, 10)).map(({ event }) => event.at);
  await until('the second telling', async () => (await told()).includes(real));
  expect((await told()).sort()).toEqual([real, real + 3_600_000]);
  await dispose();
});
