import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, createServer as createSocketServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { createOutgoing } from '../../src/outgoing/client.ts';
import type { OutgoingCall } from '../../src/outgoing/outgoing.ts';
import { type Receiver, type Respond, startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

const outgoing = createOutgoing({ allowPrivate: true });
const ended: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ended.splice(0)) await end();
});

async function receiver(respond?: Respond, at?: { host?: string; port?: number }): Promise<Receiver> {
  const started = await startReceiver(respond, at);
  ended.push(started.stop);
  return started;
}

const callTo = (url: string, rest: Partial<OutgoingCall> = {}): OutgoingCall => ({
  url,
  headers: { 'content-type': 'application/json' },
  body: '{"سلام":1}',
  deadlineMs: 20_000,
  maxBytes: 1000,
  ...rest,
});

/** A server of bytes, for answers that are no proper HTTP. */
async function rawServer(serve: (socket: Socket) => void): Promise<string> {
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined);
    ended.push(() => void socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('a call carries its body and headers, and brings status, headers and body back', async () => {
  const { url, received } = await receiver((_call, response) =>
    response.writeHead(201, { 'x-kind': 'test' }).end('taken'),
  );
  const answer = await outgoing.send(callTo(`${url}?a=1`));
  expect(answer).toMatchObject({ ok: true, status: 201, headers: { 'x-kind': 'test' } });
  expect(answer.ok && answer.body.toString()).toBe('taken');
  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ path: '/hook?a=1', text: '{"سلام":1}' });
  expect(received[0]?.headers).toMatchObject({
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength('{"سلام":1}')),
    'user-agent': 'Gatehouse',
  });
});

test('a redirect is an answer and nothing more', async () => {
  const other = await receiver();
  const { url } = await receiver((_call, response) => response.writeHead(307, { location: other.url }).end());
  await expect(outgoing.send(callTo(url))).resolves.toMatchObject({ ok: true, status: 307 });
  expect(other.received).toEqual([]);
});

test('an offer of another protocol is an answer, and the connection is let go of', async () => {
  let closed = false;
  const url = await rawServer((socket) => {
    socket.on('close', () => {
      closed = true;
    });
    socket.on('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n'),
    );
  });
  await expect(outgoing.send(callTo(url))).resolves.toMatchObject({ ok: true, status: 101 });
  await until('the connection to be closed', () => closed);
});

test('an answer that does not come, does not begin or does not end in time is a timeout', async () => {
  const silent = await receiver(() => undefined);
  const endless = await receiver((_call, response) => {
    response.writeHead(200);
    const drip = setInterval(() => response.write('.'), 5);
    response.on('close', () => clearInterval(drip));
  });
  const headless = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nx-a: '));
  const early = await rawServer((socket) => {
    const drip = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 5);
    socket.on('close', () => clearInterval(drip));
  });
  for (const url of [silent.url, endless.url, headless, early]) {
    const answer = await outgoing.send(callTo(url, { deadlineMs: 150, maxBytes: 1_000_000 }));
    expect(answer).toEqual({ ok: false, failure: 'timeout' });
  }
  const lost = createOutgoing({ allowPrivate: true, lookup: () => new Promise(() => undefined) });
  const answer = await lost.send(callTo('http://silent.example/', { deadlineMs: 50 }));
  expect(answer).toEqual({ ok: false, failure: 'timeout' });
});

test('more than the caller takes is too large; where only the head is wanted nothing is', async () => {
  const { url } = await receiver((_call, response) => response.writeHead(200).end('x'.repeat(1001)));
  await expect(outgoing.send(callTo(url))).resolves.toEqual({ ok: false, failure: 'too-large' });
  await expect(outgoing.send(callTo(url, { maxBytes: 1001 }))).resolves.toMatchObject({ ok: true });
  await expect(outgoing.send(callTo(url, { maxBytes: 0 }))).resolves.toMatchObject({ ok: true, status: 200 });
});

test('no connection, one that breaks off, and what is no HTTP are refused', async () => {
  const gone = await receiver();
  await gone.stop();
  ended.pop();
  const cut = await receiver((_call, response) => {
    response.writeHead(200, { 'content-length': '10' }).write('half');
    setImmediate(() => response.destroy());
  });
  const rude = await rawServer((socket) => socket.end('SSH-2.0-rude\r\n'));
  const huge = await rawServer((socket) =>
    socket.end(`HTTP/1.1 200 OK\r\nx-a: ${'a'.repeat(70_000)}\r\n\r\n`),
  );
  for (const url of [gone.url, cut.url, rude, huge])
    await expect(outgoing.send(callTo(url))).resolves.toEqual({ ok: false, failure: 'refused' });
  const unsendable = callTo(cut.url, { headers: { 'x-a': 'line\nbreak' } });
  await expect(outgoing.send(unsendable)).resolves.toEqual({ ok: false, failure: 'refused' });
});

test('a name is looked up once for a call, and the connection goes to the address that was checked', async () => {
  const first = await receiver();
  const second = await receiver(undefined, { host: '127.0.0.2', port: first.port });
  const asked: string[] = [];
  const rebinding = createOutgoing({
    allowPrivate: true,
    lookup: async (name) => (asked.push(name) === 1 ? ['127.0.0.1'] : ['127.0.0.2']),
  });
  await rebinding.send(callTo(`http://rebind.example:${first.port}/`));
  expect(asked).toEqual(['rebind.example']);
  expect(first.received.map(({ headers }) => headers.host)).toEqual([`rebind.example:${first.port}`]);
  expect(second.received).toEqual([]);
});

test('a name that was public when it was registered and is private when it is called is not connected to', async () => {
  const { port, received } = await receiver();
  const answers = [['93.184.215.14'], ['127.0.0.1']];
  const careful = createOutgoing({ allowPrivate: false, lookup: async () => answers.shift() ?? [] });
  const url = `https://rebind.example:${port}/`;
  await expect(careful.check(url)).resolves.toBeNull();
  await expect(careful.send(callTo(url))).resolves.toEqual({ ok: false, failure: 'private-address' });
  expect(received).toEqual([]);
});

test('a proxy that the environment names is not asked', async () => {
  const proxy = await receiver();
  const { url, received } = await receiver();
  const proxied = { http_proxy: proxy.url, HTTP_PROXY: proxy.url, NODE_USE_ENV_PROXY: '1' };
  Object.assign(process.env, proxied);
  ended.push(() => {
    for (const name of Object.keys(proxied)) delete process.env[name];
  });
  await createOutgoing({ allowPrivate: true }).send(callTo(url));
  expect(received).toHaveLength(1);
  expect(proxy.received).toEqual([]);
});

test('over https the certificate must be of the name in the URL, which the server is told', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-tls-'));
  ended.push(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
    ].concat([
      '-keyout',
      key,
      '-out',
      cert,
      '-subj',
      '/CN=hooks.example',
      '-addext',
      'subjectAltName=DNS:hooks.example',
    ]),
    { stdio: 'ignore' },
  );
  const names: unknown[] = [];
  const server = createTlsServer(
    { key: readFileSync(key), cert: readFileSync(cert) },
    (request, response) => {
      names.push((request.socket as TLSSocket).servername);
      response.end();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ended.push(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const trusting = { allowPrivate: true, lookup: async () => ['127.0.0.1'], ca: readFileSync(cert, 'utf8') };
  const { send } = createOutgoing(trusting);
  await expect(send(callTo(`https://hooks.example:${port}/`))).resolves.toMatchObject({
    ok: true,
    status: 200,
  });
  await expect(send(callTo(`https://other.example:${port}/`))).resolves.toMatchObject({ failure: 'refused' });
  const distrusting = createOutgoing({ allowPrivate: true, lookup: trusting.lookup });
  const answer = await distrusting.send(callTo(`https://hooks.example:${port}/`));
  expect(answer).toEqual({ ok: false, failure: 'refused' });
  expect(names).toEqual(['hooks.example']);
});
