import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInstallation, type Installation, type Service } from '../support/built-service.ts';
import { assertBudget, readLanguages } from '../support/widget-build.ts';

/** The widget's files as the service gives them. */

const ROOT = join(__dirname, '../..');
let installation: Installation;
let service: Service;
beforeAll(async () => {
  installation = createInstallation();
  service = await installation.start();
});
afterAll(() => installation.dispose());

const get = (path: string, headers: Record<string, string> = {}) => service.client.send({ path, headers });

test('the script is for every page, kept for an hour and revalidated by its ETag', async () => {
  const answer = await get('/embed.js', { Origin: 'https://anywhere.example' });
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/javascript; charset=utf-8',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': 'public, max-age=3600, stale-while-revalidate=604800',
    'x-content-type-options': 'nosniff',
  });
  expect((await get('/embed.js', { 'If-None-Match': String(answer.headers.etag) })).status).toBe(304);
});

test('the integrity in docs/widget.md is that of the script', async () => {
  const bytes = readFileSync(join(ROOT, 'dist/widget/embed.js'));
  const integrity = `sha384-${createHash('sha384').update(bytes).digest('base64')}`;
  expect((await get('/embed.js')).body.equals(bytes)).toBe(true);
  expect(readFileSync(join(ROOT, 'docs/widget.md'), 'utf8')).toContain(`integrity="${integrity}"`);
});

test('twenty languages, in two parts, and the second script are there, kept for good under their version', async () => {
  const languages = readdirSync(join(ROOT, 'config/widget'));
  expect(languages).toHaveLength(20);
  for (const name of [...languages, ...languages.map((language) => `write-${language}`), 'write.js']) {
    const answer = await get(`/embed/${name}?v=1`);
    expect([name, answer.status, answer.headers['cache-control']]).toEqual([
      name,
      200,
      'public, max-age=31536000, immutable',
    ]);
  }
});

test.each([
  'sizes.json',
  'xx.json',
  'write-xx.json',
  '..%2Fserver.cjs',
  '%2e%2e%2fstamp.json',
  'embed.js',
  'en.json%00',
])('nothing else of the folder is given: %s', async (name) => {
  expect((await get(`/embed/${name}`)).status).toBe(404);
});

test('the build refuses a missing sentence, a missing plural form, other values, and a widget over its budget', async () => {
  expect(() => readLanguages({ pl: { title: '' } })).toThrow(
    /pl\.json: title is empty[\s\S]*count is missing/,
  );
  expect(() => readLanguages({ pl: { count: { one: '{n}', other: '{n}' } } })).toThrow(
    /count lacks many, few/,
  );
  expect(() => readLanguages({ de: { replyTo: 'Antwort' } })).toThrow(/de\.json: replyTo has other values/);
  const sizes = { 'embed.js': { gzip: 7000 }, 'en.json': { gzip: 1192 }, 'fa.json': { gzip: 1193 } };
  expect(() => assertBudget(sizes, ['en'])).not.toThrow();
  expect(() => assertBudget(sizes, ['en', 'fa'])).toThrow('8193 bytes in fa');
});
