import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstallation, type Installation, launch } from '../support/built-service.ts';

/** Which release of better-sqlite3 a start takes (docs/decisions/0256-two-releases-of-the-sqlite-driver.md). */

const PRELOAD = join(__dirname, '../support/driver-releases.cjs');
let installation: Installation;
beforeEach(() => {
  installation = createInstallation();
});
afterEach(() => installation.dispose());

const optionsOf = (nodeApi: number, loadable: string) => ({
  nodeArgs: ['--require', PRELOAD],
  env: {
    DRIVER_NODE_API: `${nodeApi}`,
    DRIVER_LOADABLE: loadable,
    DRIVER_NOTES: join(installation.dataDir, 'tried'),
  },
});
/** Every thread looks for itself, each in the same order. */
function tried(): string[] {
  const notes = join(installation.dataDir, 'tried');
  return existsSync(notes) ? readFileSync(notes, 'utf8').trim().split(' ') : [];
}

/** From 24.19 on Node ends a process that uses 12 compiled there: what takes it is shown by the others. */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const runs12 = major < 24 || (major === 24 && minor < 19);

for (const [title, nodeApi, loadable, order] of [
  ['an older Node takes 12 and never touches 13, which would end it', 9, '12,13', ['12']],
  ['a newer Node takes 13 and never touches 12, which may end it', 10, '12,13', ['13']],
  ['a newer Node takes 12 where 13 can’t be loaded', 10, '12', ['13', '12']],
] as const) {
  const run = runs12 || !order.some((release) => release === '12') ? test : test.skip;
  run(title, async () => {
    const service = await installation.start(optionsOf(nodeApi, loadable));
    expect((await service.client.send({ path: '/readyz' })).status).toBe(200);
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(tried().slice(0, order.length)).toEqual(order);
    expect([...new Set(tried())]).toEqual(order);
  });
}

test('where neither can be loaded the start says why of each and ends with 78', async () => {
  const { ended, stderr, stdout } = launch(['serve'], installation.env, optionsOf(10, ''));
  expect(await ended).toEqual({ code: 78, signal: null });
  const said = stdout() + stderr();
  expect(said).toContain('13: the binary of 13: invalid ELF header');
  expect(said).toContain('12: the binary of 12: invalid ELF header');
  expect(said).toContain('npm ci');
});
