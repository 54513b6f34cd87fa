import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstallation } from '../support/built-service.ts';

/** The README's tour, run as it stands there: nothing is given but what its reader copies from the log. */
const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const END = '--- end of block ---';

function tourBlocks(): string[] {
  const [, tour = ''] = README.split('## A tour with curl\n');
  const [section = ''] = tour.split('\n## ');
  return [...section.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block = '']) => block);
}

/** What each block printed, run one after the other in one shell; rejects where one fails. */
function runInOneShell(blocks: string[], env: Record<string, string>): Promise<string[]> {
  const script = blocks.map((block) => `${block}\necho '${END}'\n`).join('');
  return new Promise((resolve, reject) => {
    // Not spawnSync: what the service prints has to be read meanwhile.
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      env: { PATH: process.env.PATH ?? '', ...env },
    });
    let out = '';
    let complaints = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      out += String(chunk);
    });
    shell.stderr.on('data', (chunk: Buffer) => {
      complaints += String(chunk);
    });
    shell.once('close', (code) => {
      if (code === 0) resolve(out.split(`${END}\n`).slice(0, -1));
      else reject(new Error(`the tour ended with ${code}: ${complaints}${out}`));
    });
  });
}

test('the README leads with the two commands', () => {
  const blocks = [...README.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, block]) => block);
  expect(blocks.slice(0, 2)).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
});

test('the README’s tour works as written: post, queue, approve, read', async () => {
  const installation = createInstallation({ env: { DEMO: 'on', GATEHOUSE_ADMIN_TOKEN: '' } });
  try {
    const service = await installation.start();
    const setupUrl = String(service.logs().find((line) => line.msg === 'listening')?.setupUrl);
    const printed = await runInOneShell(tourBlocks(), { GATEHOUSE: service.url, SETUP_URL: setupUrl });

    const [, posted, queue, decided, read] = printed.map((text) => (text === '' ? null : JSON.parse(text)));
    expect(posted).toMatchObject({ comment: { status: 'pending', author: { name: 'Ada' } } });
    expect(queue).toMatchObject({
      total: 1,
      items: [{ id: posted.comment.id, emailMasked: 'a...@example.com' }],
    });
    expect(decided).toMatchObject({ comment: { id: posted.comment.id, status: 'approved', version: 2 } });
    expect(read).toMatchObject({
      total: 1,
      comments: [{ id: posted.comment.id, body: { html: expect.stringContaining('<em>two</em>') } }],
    });
  } finally {
    await installation.dispose();
  }
});
