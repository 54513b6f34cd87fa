import { createInstallation, type Installation } from '../../support/built-service.ts';

/** With MongoDB the data folder is needed only later: by erasures and imports. */

let installation: Installation;
beforeAll(() => {
  installation = createInstallation();
});
afterAll(() => installation.dispose());

test('a data folder that can’t be written to is warned of at the start', async () => {
  const warned = ({ msg }: Record<string, unknown>): boolean =>
    /^DATA_DIR can’t be written to/.test(String(msg));
  const service = await installation.start({ env: { DATA_DIR: '/dev/null/data' } });
  expect(service.logs().find(warned)).toMatchObject({ level: 'warn' });
  await service.stop();
  const well = await installation.start();
  expect(well.logs().some(warned)).toBe(false);
  await well.stop();
});
