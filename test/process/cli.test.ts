import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { version } from '../../src/version.ts';

const GATEHOUSE = join(__dirname, '../../dist/gatehouse.cjs');
const gatehouse = (...args: string[]) =>
  spawnSync(process.execPath, [GATEHOUSE, ...args], { encoding: 'utf8' });

test('the version on the command line is the one of package.json', () => {
  const { stdout, status } = gatehouse('--version');
  expect({ stdout, status }).toEqual({ stdout: `${version}\n`, status: 0 });
});

test.each([[[]], [['sing']], [['serve', 'loudly']]])('%j is refused with exit 64 and the usage', (args) => {
  const { stderr, status } = gatehouse(...args);
  expect(status).toBe(64);
  expect(stderr).toContain('gatehouse serve');
});

test('a stack trace in the log names the sources, not the bundle', () => {
  const { stdout, status } = spawnSync(process.execPath, [GATEHOUSE, 'serve'], {
    encoding: 'utf8',
    env: { MONGODB_URI: 'mongodb://127.0.0.1:1/none', GATEHOUSE_SECRET: 'x'.repeat(32), PORT: '0' },
  });
  expect(status).toBe(1);
  expect(stdout).toContain('the service could not start');
  expect(stdout).toMatch(/at (async )?compose \(src\/compose\.ts:\d+:\d+\)/);
});
