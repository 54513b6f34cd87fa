import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import type { FilterRunner } from '../../src/filters/runner.ts';
import { newWebhookSecret, signedHeaders } from '../../src/webhooks/signature.ts';
import { makeFilter, startErrands } from '../support/filters.ts';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

/** The filters of `examples/filter/`, run as they stand against a real service: they verify, answer and learn. */
let service: TestService;
let runner: FilterRunner;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse-examples-'));
  service = await startService();
  runner = startErrands(service.deps);
});
afterAll(async () => {
  for (const child of children) child.kill();
  await runner.stop();
  await service.stop();
  await rm(folder, { recursive: true, force: true });
});

const SECRET = newWebhookSecret();
const EXAMPLES = join(__dirname, '../../examples/filter');

/** TypeScript without its types: Node 20 does not take them away by itself. */
async function typescript(): Promise<[string, string]> {
  const { code } = await transform(await readFile(join(EXAMPLES, 'filter.ts'), 'utf8'), { loader: 'ts' });
  const file = join(folder, 'filter.mjs');
  await writeFile(file, code);
  return [process.execPath, file];
}

async function start([command, file]: [string, string], secret: string): Promise<string> {
  const child = spawn(command, [file], { env: { ...process.env, FILTER_SECRET: secret, PORT: '0' } });
  children.push(child);
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString('utf8');
  });
  const line = await until('the filter to listen', () => (said.endsWith('\n') ? said : null));
  return `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}/`;
}

async function post(site: string, body: string): Promise<{ id: string; status: string }> {
  const sent = await service.call({
    method: 'POST',
    path: `/v1/sites/${site}/comments`,
    body: commentBody({ body }),
  });
  const { id } = (sent.json as { comment: { id: string } }).comment;
  const { json } = await service.call({ path: `/v1/moderation/comments/${id}`, headers: ADMIN });
  return { id, status: (json as { status: string }).status };
}

async function decide(id: string, action: string): Promise<string> {
  const path = `/v1/moderation/comments/${id}/decisions`;
  const { json } = await service.call({ method: 'POST', path, headers: ADMIN, body: { action } });
  return (json as { decisionId: string }).decisionId;
}

const BOTH: [string, () => Promise<[string, string]>][] = [
  ['filter.ts', typescript],
  ['filter.py', async () => ['python3', join(EXAMPLES, 'filter.py')]],
];

it.each(BOTH)('%s verifies, answers, learns and forgets', async (name, command) => {
  const site = name.replace('.', '-');
  await makeSite(service.deps, site);
  const { id, secret } = await makeFilter(service, { sites: [site], deadlineMs: 20_000 });
  const url = await start(await command(), secret);
  await service.call({ method: 'PATCH', path: `/v1/admin/filters/${id}`, headers: ADMIN, body: { url } });

  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
  const first = await post(site, 'casino bonus jackpot قمار آنلاین شرط');
  expect(first.status).toBe('pending');
  const decision = await decide(first.id, 'spam');
  let n = 0;
  const judged = async (): Promise<string> => {
    n += 1;
    return (await post(site, `casino bonus jackpot قمار آنلاین شرط ${n}`)).status;
  };
  await until('it to have learnt', async () => (await judged()) === 'spam');
  const path = `/v1/moderation/decisions/${decision}/undo`;
  await service.call({ method: 'POST', path, headers: ADMIN });
  await until('it to have forgotten', async () => (await judged()) === 'pending');
});

/** Sends a head and less of a body than it announces, and is gone once that has been read. */
async function cutOff(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  socket.end('POST / HTTP/1.1\r\nHost: filter\r\nContent-Length: 100\r\n\r\n{"type":');
  socket.resume();
  await once(socket, 'close');
}

it.each(BOTH)('%s outlives a stranger’s request that is cut off', async (_name, command) => {
  const url = await start(await command(), SECRET);
  const child = children.at(-1);
  for (let i = 0; i < 3; i++) await cutOff(url);
  expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(401);
  expect([child?.exitCode, child?.signalCode]).toEqual([null, null]);
});

it.each(BOTH)('%s leaves out a decision that a newer one has overtaken', async (_name, command) => {
  const url = await start(await command(), SECRET);
  const text = 'casino bonus jackpot lottery';
  const tell = async (type: string, rest: object = {}): Promise<{ verdict: string } | null> => {
    const message = JSON.stringify({ type, data: { commentId: 'c', body: { text }, ...rest } });
    const timestamp = Math.floor(Date.now() / 1000);
    const headers = signedHeaders({ id: 'test', timestamp, body: message }, [SECRET]);
    const answer = await fetch(url, { method: 'POST', headers, body: message });
    return answer.status === 200 ? ((await answer.json()) as { verdict: string }) : null;
  };
  await tell('comment.decided', { version: 3, label: 'spam', undone: true });
  await tell('comment.decided', { version: 2, label: 'spam', undone: false });
  expect((await tell('comment.check'))?.verdict).toBe('unsure');
  await tell('comment.decided', { version: 4, label: 'spam', undone: false });
  expect((await tell('comment.check'))?.verdict).toBe('spam');
});
