import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { createDrainingServer } from '../../src/listen.ts';

/** A server whose answers wait until the test lets them go. */
async function start() {
  const pending: ServerResponse[] = [];
  let arrived: () => void = () => undefined;
  const server = createDrainingServer((_, response) => {
    pending.push(response);
    arrived();
  });
  const port = await server.listen({ host: '127.0.0.1', port: 0 });
  return {
    server,
    port,
    pending,
    arrival: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
      }),
  };
}

async function open(
  port: number,
): Promise<{ socket: Socket; received: () => string; closed: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += String(chunk);
  });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await once(socket, 'connect');
  return { socket, received: () => text, closed };
}

test('a drain lets the answer under way finish, closes idle connections, and takes no new ones', async () => {
  const { server, port, pending, arrival } = await start();
  const idle = await open(port);
  const busy = await open(port);
  const came = arrival();
  busy.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await came;

  const drained = server.drain(10_000);
  await idle.closed;
  await expect(open(port)).rejects.toThrow('ECONNREFUSED');
  pending[0]?.end('the answer');
  expect(await drained).toBe(true);
  await busy.closed;
  expect(busy.received()).toContain('the answer');
});

test('a kept connection that has had its answers is closed by the drain', async () => {
  const { server, port, pending, arrival } = await start();
  const kept = await open(port);
  const came = arrival();
  kept.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await came;
  const answered = once(kept.socket, 'data');
  pending[0]?.end('one');
  await answered;
  expect(await server.drain(10_000)).toBe(true);
  await kept.closed;
});

test('what is not done in time is cut, and the drain says so', async () => {
  const { server, port, arrival } = await start();
  const stuck = await open(port);
  const came = arrival();
  stuck.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await came;
  expect(await server.drain(50)).toBe(false);
  await stuck.closed;
});

test('headers of 64 KiB and more are answered with 431', async () => {
  const { server, port } = await start();
  const client = await open(port);
  client.socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(64 * 1024)}\r\n\r\n`);
  await client.closed;
  expect(client.received()).toMatch(/^HTTP\/1\.1 431 /);
  await server.drain(1000);
});
