import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Api, Posted } from '../support/api-client.ts';
import { createApi } from '../support/api-client.ts';
import type { Installation, InstallationOptions, Launched } from '../support/built-service.ts';
import { ADMIN_TOKEN, createInstallation, launch } from '../support/built-service.ts';
import { expectJson, jsonOf } from '../support/http-client.ts';
import { storeUnderTest } from '../support/lane.ts';
import { openRaw, refusesConnections } from '../support/raw-request.ts';
import { until } from '../support/until.ts';

/** The process as an operator meets it: how it starts, refuses to start, and ends. */
const SITE = 'operated';
const EXIT_CONFIG = 78;

const installations: Installation[] = [];
function install(options?: InstallationOptions): Installation {
  const installation = createInstallation(options);
  installations.push(installation);
  return installation;
}

afterEach(() => Promise.all(installations.splice(0).map((installation) => installation.dispose())));

let comments = 0;
function newComment() {
  comments += 1;
  return {
    page: { url: `https://${SITE}.example/page` },
    author: { name: 'A reader', email: 'reader@readers.example' },
    body: `Comment ${comments}`,
  };
}

/** A start that must fail; what it said and how it ended. */
async function refusedStart(env: Record<string, string>, changes: Record<string, string | undefined> = {}) {
  const launched: Launched = launch(['serve'], env, { env: changes });
  const timer = setTimeout(() => launched.child.kill('SIGKILL'), 20_000);
  const { code } = await launched.ended;
  clearTimeout(timer);
  return { code, stderr: launched.stderr(), stdout: launched.stdout() };
}

/** A POST of a comment as bytes, cut in two. */
function halves(): [string, string] {
  const body = JSON.stringify(newComment());
  const head = `POST /v1/sites/${SITE}/comments HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n`;
  return [`${head}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 20)}`, body.slice(20)];
}

test('requests of every kind that come in the first moment of a start are answered', async () => {
  const installation = install();
  const service = await installation.start();
  const ask = (path: string) =>
    service.client.send({ path, headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
  const first = ['/healthz', '/readyz', '/metrics', '/docs', '/openapi.json', '/moderate/', '/embed.js'];
  const [, ...answers] = await Promise.all([
    createApi(service).createSite(SITE),
    ...[...first, '/v1/moderation/queue', '/v1/admin/sites'].map(ask),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
  const path = `/v1/sites/${SITE}/comments`;
  const posts = Array.from({ length: 10 }, () =>
    service.client.send({ method: 'POST', path, body: newComment() }),
  );
  expect((await Promise.all(posts)).map(({ status }) => status)).toEqual(posts.map(() => 201));
});

describe('SIGTERM', () => {
  test('lets requests under way finish, takes no new ones, and ends with 0', async () => {
    const installation = install();
    const service = await installation.start();
    const api = createApi(service);
    await api.createSite(SITE);
    const slow = await openRaw(service.url);
    const [first, rest] = halves();
    slow.send(first);
    // An answer on a later connection: the first request has been accepted by then.
    expectJson(await api.send({ path: '/healthz' }), 200);
    const stopping = service.stop();
    await until('new connections to be refused', () => refusesConnections(service.url));
    slow.send(rest);
    await slow.closed;
    expect(slow.received()).toMatch(/^HTTP\/1\.1 201 /);
    const [, answer = ''] = slow.received().split('\r\n\r\n');
    expect(await stopping).toEqual({ code: 0, signal: null });

    const { comment } = JSON.parse(answer.slice(answer.indexOf('{'), answer.lastIndexOf('}') + 1)) as Posted;
    const again = createApi(await installation.start());
    expect(await again.detail(comment.id)).toMatchObject({ body: { text: comment.body?.text } });
  });

  test('under load breaks no answer and loses nothing that was acknowledged', async () => {
    const installation = install();
    const service = await installation.start();
    const api = createApi(service);
    await api.createSite(SITE);
    const posts = Array.from({ length: 200 }, async () => {
      try {
        return await api.post(SITE, newComment());
      } catch (error) {
        // Refused or closed between two requests is fair; an answer that stops half-way is not.
        expect(String(error)).not.toContain('cut off');
        return null;
      }
    });
    await posts[0];
    const ending = await service.stop();
    const answers = (await Promise.all(posts)).filter((answer) => answer !== null);
    expect(ending).toEqual({ code: 0, signal: null });
    const ids = answers.map((answer) => expectJson<Posted>(answer, 201).comment.id);

    const rows = await createApi(await installation.start()).walkQueue({ site: SITE, status: 'all' });
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
  });

  test('ends the process, also when a client never finishes its request', async () => {
    const service = await install().start();
    await createApi(service).createSite(SITE);
    const stuck = await openRaw(service.url);
    stuck.send(halves()[0]);
    await createApi(service).send({ path: '/healthz' });
    expect(await service.stop()).toEqual({ code: 0, signal: null });
    expect(service.logs().map(({ msg }) => msg)).toContain(
      'some requests were still under way and have been cut',
    );
  });
});

describe('a start', () => {
  test('with bad settings ends with 78 and names every one of them on stderr, secrets not quoted', async () => {
    const bad = {
      PORT: '99999',
      GATEHOUSE_ADMIN_TOKEN: 'short-token',
      GATEHOUSE_SECRET: 'short-secret',
      RATE_LIMITS: 'comments=many',
      TRUST_PROXY: 'everyone',
      LOG_LEVEL: 'loud',
      PUBLIC_URL: 'not a url',
    };
    const { code, stderr } = await refusedStart(install().env, bad);
    expect(code).toBe(EXIT_CONFIG);
    for (const name of Object.keys(bad)) expect(stderr).toContain(name);
    expect(stderr).not.toMatch(/short-token|short-secret/);
  });

  test('with MONGODB_URI and no secret ends with 78', async () => {
    const changes = { MONGODB_URI: 'mongodb://127.0.0.1:9/x', GATEHOUSE_SECRET: undefined };
    const { code, stderr } = await refusedStart(install().env, changes);
    expect(code).toBe(EXIT_CONFIG);
    expect(stderr).toContain('GATEHOUSE_SECRET');
  });

  test('with PORT=0 prints the address it listens on, as a JSON line', async () => {
    const service = await install().start();
    const line = service.logs().find(({ msg }) => msg === 'listening');
    expect(line).toMatchObject({ url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/) });
    const answer = await service.client.send({ path: '/healthz' });
    expect(expectJson(answer, 200)).toEqual({ status: 'ok', version: expect.any(String) });
  });

  test('on a port that is taken ends with 78 and says so', async () => {
    const { url } = await install().start();
    const { code, stderr } = await refusedStart(install().env, { PORT: new URL(url).port });
    expect(code).toBe(EXIT_CONFIG);
    expect(stderr).toContain('PORT');
  });
});

describe('the secret', () => {
  const FIRST = 'the first secret, long enough to be taken by it';
  const SECOND = 'the second secret, long enough to be taken by it';
  const author = { name: 'Ada', email: 'ada@readers.example' };

  async function postFirst(installation: Installation): Promise<Posted> {
    const service = await installation.start();
    const api = createApi(service);
    await api.createSite(SITE);
    const posted = await api.posted(
      SITE,
      { ...newComment(), author },
      { 'Idempotency-Key': 'kept-over-secrets' },
    );
    await service.stop();
    return posted;
  }

  /** Everything that derives from the data key still is what it was. */
  async function expectUnchanged(api: Api, { comment, editToken }: Posted): Promise<void> {
    const own = await api.send({
      path: `/v1/comments/${comment.id}`,
      headers: { Authorization: `Bearer ${editToken}` },
    });
    expect(jsonOf(own)).toMatchObject({ id: comment.id });
    expect((await api.detail(comment.id)).emailMasked).toBe('a...@readers.example');
    const next = await api.posted(SITE, { ...newComment(), author });
    expect(next.comment.author?.key).toBe(comment.author?.key);
  }

  test('that is another one is refused with 78 before anything is served', async () => {
    const installation = install({ env: { GATEHOUSE_SECRET: FIRST } });
    await postFirst(installation);
    const { code, stderr } = await refusedStart(installation.env, { GATEHOUSE_SECRET: SECOND });
    expect({ code, names: /GATEHOUSE_SECRET/.test(stderr) }).toEqual({ code: EXIT_CONFIG, names: true });
    expect(stderr).not.toMatch(/first secret|second secret/);
  });

  test('is changed by naming the one before it for one start, and nothing else changes', async () => {
    const installation = install({ env: { GATEHOUSE_SECRET: FIRST } });
    const posted = await postFirst(installation);
    const env = { GATEHOUSE_SECRET: SECOND };
    const changing = await installation.start({ env: { ...env, GATEHOUSE_SECRET_PREVIOUS: FIRST } });
    await expectUnchanged(createApi(changing), posted);
    await changing.stop();
    const changed = await installation.start({ env });
    await expectUnchanged(createApi(changed), posted);
    await changed.stop();
    expect((await refusedStart(installation.env, { GATEHOUSE_SECRET: FIRST })).code).toBe(EXIT_CONFIG);
  });

  if (storeUnderTest() === 'sqlite') {
    test('is made and kept where none is given, for its owner’s eyes only', async () => {
      const installation = install();
      const posted = await postFirst(installation);
      expect(statSync(join(installation.dataDir, 'secret')).mode & 0o777).toBe(0o600);
      await expectUnchanged(createApi(await installation.start()), posted);
    });
  }
});

describe('the setup page', () => {
  const setupUrlOf = (logs: Record<string, unknown>[]): string | undefined =>
    logs.map(({ setupUrl }) => setupUrl).find((url) => typeof url === 'string');
  const withoutToken = { env: { GATEHOUSE_ADMIN_TOKEN: undefined } };

  test('is named by the start log while nobody administers, hands over one token once, and is gone', async () => {
    const installation = install();
    const service = await installation.start(withoutToken);
    // Browsers are shown a form; who asks for plain text is given a token.
    const headers = { Accept: 'text/plain' };
    const setupUrl = new URL(setupUrlOf(service.logs()) ?? '');
    const path = setupUrl.pathname + setupUrl.search;
    const wrong = path.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    expect((await service.client.send({ path: wrong, headers })).status).toBeGreaterThanOrEqual(400);
    const shown = await service.client.send({ path, headers });
    expect(shown.status).toBe(200);
    expect(shown.headers['cache-control']).toContain('no-store');
    const token = /gh_[\w-]{20,}/.exec(shown.text)?.[0] ?? '';
    const again = await service.client.send({ path, headers });
    expect({ refused: again.status >= 400, token: again.text.includes('gh_') }).toEqual({
      refused: true,
      token: false,
    });
    const site = { id: SITE, name: 'x', origins: [`https://${SITE}.example`], locale: 'en', timeZone: 'UTC' };
    const asAdmin = { headers: { Authorization: `Bearer ${token}` } };
    const made = await service.client.send({
      method: 'POST',
      path: '/v1/admin/sites',
      ...asAdmin,
      body: site,
    });
    expect(made.status).toBe(201);
    await service.stop();
    // The next start has a word of its own; the old one opens nothing any more, and the token stays good.
    const next = await installation.start(withoutToken);
    expect(setupUrlOf(next.logs())).not.toContain(setupUrl.searchParams.get('token'));
    expect((await next.client.send({ path, headers })).status).toBeGreaterThanOrEqual(400);
    expect((await next.client.send({ path: '/v1/admin/sites', ...asAdmin })).status).toBe(200);
  });

  test('is not named where the operator has given a token', async () => {
    const service = await install().start();
    expect(setupUrlOf(service.logs())).toBeUndefined();
    expect(service.stdout()).not.toContain(ADMIN_TOKEN);
  });
});

test('a start without the texts of its languages is refused, and says where they belong', () => {
  const root = join(__dirname, '../..');
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-alone-'));
  try {
    cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'dist/gatehouse.cjs'), 'serve'], {
      env: { ...process.env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: join(folder, 'data') },
      encoding: 'utf8',
      timeout: 20_000,
    });
    expect([status, stderr]).toEqual([EXIT_CONFIG, expect.stringContaining('config/locales')]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
