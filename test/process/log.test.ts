import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, withoutAddresses } from '../../src/log.ts';
import { createLogOutput } from '../../src/log-output.ts';

function captured(write: (log: ReturnType<typeof createLog>['log']) => void): string {
  let text = '';
  const collect = (lines: string): void => {
    text += lines;
  };
  write(createLog('debug', { write: collect, flush: () => Promise.resolve() }).log);
  return text;
}

test('a line is JSON with its level as a word and its time as RFC 3339', () => {
  const line = JSON.parse(captured((log) => log.info({ route: '/v1/x' }, 'done'))) as Record<string, unknown>;
  expect(line).toMatchObject({ level: 'info', msg: 'done', route: '/v1/x', pid: process.pid });
  expect(line.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('what came from a client is redacted, whoever logs it', () => {
  const secret = 'c4nary';
  const members = [
    'email',
    'ip',
    'address',
    'headers',
    'body',
    'token',
    'query',
    'authorization',
    'cookie',
    'text',
  ];
  const flat = Object.fromEntries(members.map((name) => [name, secret]));
  const text = captured((log) => log.info({ ...flat, request: flat }, 'x'));
  expect(text).not.toContain(secret);
  expect(text).toContain('[redacted]');
});

test('an error is logged with its stack and its causes but without addresses', () => {
  const cause = new SyntaxError('Unexpected token "j", "john.doe@mail.example" is not JSON, from 192.0.2.44');
  const text = captured((log) =>
    log.error({ err: new Error('failed for ::ffff:192.0.2.44', { cause }) }, 'x'),
  );
  const { err } = JSON.parse(text) as { err: { type: string; stack: string; cause: { type: string } } };
  expect(err.type).toBe('Error');
  expect(err.stack).toContain('log.test');
  expect(err.cause.type).toBe('SyntaxError');
  expect(text).not.toMatch(/john|mail\.example|192\.0\.2/);
});

test.each([
  ['a@b.example', '[address]'],
  ['<علی@مثال.example>', '<[address]>'],
  ['at 2001:db8::1:2 and 10.1.2.3:443', 'at [address] and [address]:443'],
  ['at Object.<anonymous> (src/log.ts:12:34)', 'at Object.<anonymous> (src/log.ts:12:34)'],
  ['at 12:34:56', 'at 12:34:56'],
])('%j is logged as %j', (text, logged) => {
  expect(withoutAddresses(text)).toBe(logged);
});

test('lines written while an earlier one is on its way all arrive, in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
  const file = join(folder, 'log');
  const descriptor = openSync(file, 'a');
  const output = createLogOutput(descriptor);
  const lines = Array.from({ length: 5000 }, (_, i) => `line ${i}\n`);
  for (const line of lines) output.write(line);
  await output.flush(10_000);
  closeSync(descriptor);
  expect(readFileSync(file, 'utf8')).toBe(lines.join(''));
  rmSync(folder, { recursive: true });
});

test('a reader that is gone ends the writing, not the process', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-log-'));
  const descriptor = openSync(join(folder, 'log'), 'a');
  closeSync(descriptor);
  const output = createLogOutput(descriptor);
  output.write('nobody reads this\n');
  await output.flush(10_000);
  output.write('nor this\n');
  await output.flush(10_000);
  rmSync(folder, { recursive: true });
});
