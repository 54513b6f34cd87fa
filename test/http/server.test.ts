import { connect } from 'node:net';
import type { TestService } from '../support/service.ts';
import { ADMIN, commentBody, makeSite, PUBLIC_URL, startService } from '../support/service.ts';
import { until } from '../support/until.ts';

let service: TestService;
beforeAll(async () => {
  service = await startService();
  await makeSite(service.deps, 'news');
});
afterAll(() => service.stop());

/** All that the server says to these bytes, until it closes the connection. */
function allOf(bytes: string | Buffer): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(service.port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString()));
    socket.write(bytes);
  });
}

/** The first answer to them. */
async function raw(bytes: string | Buffer): Promise<{ head: string; body: string }> {
  const [head = '', body = ''] = (await allOf(bytes)).split('\r\n\r\n');
  return { head, body };
}

const get = (path: string, headers: string[] = []) =>
  raw([`GET ${path} HTTP/1.1`, 'Host: x', ...headers, 'Connection: close', '', ''].join('\r\n'));

it('takes a head of almost 64 KiB', async () => {
  const { head } = await get('/v1/sites/news', [`X-Filler: ${'x'.repeat(63 * 1024)}`]);
  expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
});

it.each([
  ['headers', () => get('/v1/sites/news', [`X-Filler: ${'x'.repeat(66 * 1024)}`])],
  ['request line', () => get(`/v1/sites/news?page=${'x'.repeat(66 * 1024)}`)],
])('refuses %s over 64 KiB with a problem', async (_what, send) => {
  const { head, body } = await send();
  expect(head).toMatch(/^HTTP\/1\.1 431 /);
  expect(head).toMatch(/\r\nContent-Type: application\/problem\+json/);
  expect(head).toMatch(/\r\nX-Request-Id: \S+/);
  expect(JSON.parse(body)).toMatchObject({
    type: `${PUBLIC_URL}/docs/errors#too-large`,
    status: 431,
    code: 'too-large',
  });
});

it('refuses an address that is no address with a problem', async () => {
  const { head, body } = await get('/v1/sites/news?page=\u062e');
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(JSON.parse(body)).toMatchObject({ status: 400, code: 'malformed-url' });
});

it('answers whatever else a request expects of it', async () => {
  const { head } = await get('/v1/sites/news', ['Expect: the-moon']);
  expect(head).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(head).toMatch(/\r\nX-Request-Id: \S+/);
});

describe('whoever waits for a word before the body', () => {
  const large = (length: number, ...headers: string[]): string =>
    [
      'POST /v1/admin/sites/news/imports?format=generic HTTP/1.1',
      ...['Host: x', 'Content-Type: application/octet-stream', 'Expect: 100-continue'],
      ...[`Content-Length: ${length}`, ...headers, '', ''],
    ].join('\r\n');

  it('hears a refusal without sending it, and that the connection ends', async () => {
    const said = await allOf(large(300 * 1024 * 1024));
    expect(said).toMatch(/^HTTP\/1\.1 401 /);
    expect(said).toMatch(/\r\nConnection: close\r\n/);
  });

  it('is asked for it where it is read, and goes on with another request', async () => {
    const socket = connect(service.port, '127.0.0.1');
    let said = '';
    socket.on('data', (chunk) => {
      said += String(chunk);
    });
    socket.write(large(1, `Authorization: ${ADMIN.authorization}`));
    await until('the word', () => said.startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
    socket.write('\nGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    await until('its end', () => socket.destroyed || socket.readableEnded);
    expect([...said.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status)).toEqual([
      '100',
      '201',
      '200',
    ]);
  });
});

it('refuses a request that names no host, by an answer with an id', async () => {
  const { head } = await raw('GET /healthz HTTP/1.1\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(head).toMatch(/\r\nX-Request-Id: \S+/);
  expect((await raw('GET /healthz HTTP/1.0\r\n\r\n')).head).toMatch(/^HTTP\/1\.1 200 /);
});

it('ends a connection that speaks no HTTP', async () => {
  expect((await raw('\u0016\u0003\u0001 hello\r\n\r\n')).head).toMatch(/^HTTP\/1\.1 400 /);
});

const posted = (body: string, length: number) =>
  [
    'POST /v1/sites/news/comments HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Content-Length: ${length}`,
    '',
    body,
  ].join('\r\n');

it('says what is wrong with a body whose length was counted in characters, not in bytes', async () => {
  const body = JSON.stringify(commentBody({ body: 'سلام دنیا' }));
  const { head, body: said } = await raw(posted(body, body.length));
  expect(head).toMatch(/^HTTP\/1\.1 400 /);
  expect(said).toContain('"malformed-json"');
});

it('answers what was whole, each in its turn, before it refuses what came after it', async () => {
  const broken = `POST /v1/sites/news/preview HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`;
  for (const [at, after] of ['no HTTP\r\n\r\n', broken].entries()) {
    const body = JSON.stringify(commentBody({ body: `The comment ${at} of the connection.` }));
    const whole = posted(body, Buffer.byteLength(body));
    const text = await allOf(`GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n${whole}${after}`);
    const statuses = [...text.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
    expect(statuses).toEqual(['200', '201', '400']);
  }
});

it('answers a body that is too large before it has come, and goes on with the connection', async () => {
  const post = ['POST /v1/sites/news/comments HTTP/1.1', 'Host: x', 'Content-Type: application/json'];
  const large = Buffer.alloc(300 * 1024, 0x20);
  const first = Buffer.concat([
    Buffer.from([...post, `Content-Length: ${large.length}`, '', ''].join('\r\n')),
    large,
  ]);
  const second = Buffer.from(['GET /healthz HTTP/1.1', 'Host: x', 'Connection: close', '', ''].join('\r\n'));
  const socket = connect(service.port, '127.0.0.1');
  const heard = new Promise<string>((resolve, reject) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += String(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
  socket.write(first);
  socket.write(second);
  const text = await heard;
  expect(text).toMatch(/^HTTP\/1\.1 413 /);
  expect(text).toContain('"too-large"');
  expect(text).toContain('"status":"ok"');
});

it('answers nobody when the caller hangs up in the middle of a body, and logs no failure', async () => {
  const socket = connect(service.port, '127.0.0.1');
  await new Promise<void>((resolve) => socket.on('connect', () => resolve()));
  const head = [
    'POST /v1/sites/news/comments HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    'Content-Length: 100',
    '',
    '{"body',
  ];
  await new Promise((resolve) => socket.write(head.join('\r\n'), resolve));
  socket.destroy();
  expect((await service.call({ path: '/healthz' })).status).toBe(200);
  expect(service.logged.filter((line) => !line.includes('"debug"'))).toEqual([]);
});
