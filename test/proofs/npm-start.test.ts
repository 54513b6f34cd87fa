import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInstallation } from '../support/built-service.ts';
import { refusesConnections } from '../support/raw-request.ts';
import { until } from '../support/until.ts';

const ROOT = join(__dirname, '../..');

const installation = createInstallation();
afterAll(() => installation.dispose());

test('SIGTERM that npm start is given is the service’s: it ends with 0, and no service stays behind', async () => {
  const quiet = { npm_config_update_notifier: 'false', npm_config_logs_max: '0' };
  const npm = spawn('npm', ['start'], {
    cwd: ROOT,
    env: { ...installation.env, ...quiet },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = once(npm, 'exit');
  let stdout = '';
  npm.stdout.on('data', (chunk: Buffer) => {
    stdout += String(chunk);
  });
  const { url, pid } = await until('the service to listen', () => {
    const line = stdout.split('\n').find((one) => one.includes('"msg":"listening"'));
    return line === undefined ? undefined : (JSON.parse(line) as { url: string; pid: number });
  });
  try {
    npm.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(await refusesConnections(url)).toBe(true);
  } finally {
    // Where one stayed behind: its end lets go of the pipe.
    if (!(await refusesConnections(url))) process.kill(pid, 'SIGKILL');
  }
});
