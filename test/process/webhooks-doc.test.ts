import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newWebhookSecret, signedHeaders } from '../../src/webhooks/signature.ts';
import { WEBHOOK_EVENTS } from '../../src/webhooks/webhook.ts';
import { isSignedBy } from '../support/deliveries.ts';
import { startReceiver } from '../support/receiver.ts';

const PAGE = readFileSync(join(__dirname, '../../docs/webhooks.md'), 'utf8');
/** The page's commands: how to verify, and how to sign. */
const [verify = '', sign = ''] = [...PAGE.matchAll(/^```bash\n(.*?)^```$/gms)].map(([, text]) => text ?? '');

const SECRET = newWebhookSecret();
const run = promisify(execFile);
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-webhooks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function bash(script: string, env: Record<string, string>): Promise<string> {
  const options = { cwd: folder, env: { PATH: process.env.PATH ?? '', SECRET, ...env } };
  return (await run('bash', ['-c', `set -euo pipefail\n${script}`], options)).stdout;
}

test('docs/webhooks.md says when each event is sent, in the order of the code, and names no other', () => {
  const named = [...PAGE.matchAll(/^\| `([a-z.]+)` \| \S/gm)].map(([, event]) => event);
  expect(named).toEqual([...WEBHOOK_EVENTS]);
});

test('its way to verify a signature by hand finds the right one among several, and refuses every other', async () => {
  const body = '{"type":"comment.created","data":{"text":"سلام $HOME `x` \\\\ %s"}}';
  writeFileSync(join(folder, 'body.json'), body);
  const message = { id: 'm-1', timestamp: 1_700_000_000, body };
  const envOf = (secrets: string[]) => {
    const headers = signedHeaders(message, secrets);
    return { ID: 'm-1', TIMESTAMP: '1700000000', SIGNATURE: headers['webhook-signature'] ?? '' };
  };
  expect(await bash(verify, envOf([SECRET]))).toBe('verified\n');
  expect(await bash(verify, envOf([newWebhookSecret(), SECRET]))).toBe('verified\n');
  expect(await bash(verify, envOf([newWebhookSecret()]))).toBe('refused\n');
  expect(await bash(verify, { ...envOf([SECRET]), TIMESTAMP: '1700000001' })).toBe('refused\n');
});

test('its way to sign by hand is one that we would believe', async () => {
  const receiver = await startReceiver();
  expect(await bash(sign, { RECEIVER: receiver.url })).toBe('204\n');
  const [call] = receiver.received;
  expect(call && isSignedBy(call, SECRET)).toBe(true);
  await receiver.stop();
});
