import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation, Service } from '../support/built-service.ts';
import { createInstallation } from '../support/built-service.ts';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
/** What a reader who follows the README has: `npm start` with nothing set. */
const AS_WRITTEN = 'http://127.0.0.1:8080';

/** The tour's commands: every block fenced as bash, in order. */
const blocks = [...README.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, commands]) => commands ?? '');

let installation: Installation;
let service: Service;

beforeAll(async () => {
  installation = createInstallation();
  // The defaults but for the port, and no token: the log then carries the setupUrl.
  service = await installation.start({
    env: { NODE_ENV: undefined, DEMO: undefined, RATE_LIMITS: undefined, GATEHOUSE_ADMIN_TOKEN: undefined },
  });
});
afterAll(() => installation.dispose());

function runInBash(script: string, env: Record<string, string>) {
  const child = spawn('bash', ['-c', `set -euo pipefail\n${script}`], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }),
    );
  });
}

test('the README leads with the two commands', () => {
  const [, first = ''] = /```sh\n(.*?)```/s.exec(README) ?? [];
  const commands = first.split('\n').map((line) => line.replace(/\s+#.*/, ''));
  expect(commands).toEqual(['npm ci && npm start', 'npm ci && npm test', '']);
});

test('the README’s tour does what it says: token, post, queue, approve, read', async () => {
  expect(blocks).toHaveLength(5);
  const script = blocks.join('\n').replaceAll(AS_WRITTEN, service.url);
  const setupUrl = service.logs().find(({ msg }) => msg === 'listening')?.setupUrl;

  const { code, stdout, stderr } = await runInBash(script, { SETUP_URL: String(setupUrl) });

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^A token of \d{2,} characters$/),
    'Posted, and its author sees: pending',
    'Waiting: 1',
    'From: مینا, m...@example.org',
    'Decided: approved',
    'Shown: 1',
    '<p dir="auto">شب‌ها آنجا <em>خیلی</em> آرام است.</p>',
    '',
  ]);
});
