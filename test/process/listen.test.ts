import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createDrainingServer, holdAnyPort } from '../../src/listen.ts';

/** A server whose answers wait until the test lets them go. */
async function start(options?: { graceMs: number }) {
  const pending: ServerResponse[] = [];
  let arrived: () => void = () => undefined;
  const answering = createServer((_, response) => {
    pending.push(response);
    arrived();
  });
  const server = createDrainingServer(answering, options);
  const held = await holdAnyPort('127.0.0.1');
  return {
    server,
    held,
    port: held.port,
    pending,
    arrival: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
      }),
  };
}

async function started(options?: { graceMs: number }) {
  const all = await start(options);
  await all.server.listen(all.held);
  return all;
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

/** A server with two idle connections: one that has asked nothing yet, and one that had its answer. */
async function withIdle(options: { graceMs: number }) {
  const all = await started(options);
  const { port, pending, arrival } = all;
  const fresh = await open(port);
  const kept = await open(port);
  const first = arrival();
  kept.socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await first;
  const answered = once(kept.socket, 'data');
  pending[0]?.end('one');
  await answered;
  return { ...all, fresh, kept };
}

test('a drain lets the answer under way finish, closes idle connections, and takes no new ones', async () => {
  const { server, port, pending, arrival } = await started();
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
  const { server, port, pending, arrival } = await started();
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
  const { server, port, arrival } = await started();
  const stuck = await open(port);
  const came = arrival();
  stuck.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await came;
  expect(await server.drain(50)).toBe(false);
  await stuck.closed;
});

test('a request on a busy connection that arrives during the drain is answered and is the last', async () => {
  const { server, port, pending, arrival } = await started();
  const busy = await open(port);
  const first = arrival();
  busy.socket.write('GET /1 HTTP/1.1\r\nHost: x\r\n\r\n');
  await first;
  const drained = server.drain(10_000);
  const second = arrival();
  busy.socket.write('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  pending[0]?.end('one');
  await second;
  pending[1]?.end('two');
  expect(await drained).toBe(true);
  await busy.closed;
  expect(busy.received()).toMatch(/one.*connection: close.*two/is);
});

test('a request that arrives before the service stands waits for it', async () => {
  const { server, held, port, pending, arrival } = await start();
  const early = await open(port);
  const came = arrival();
  early.socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await server.listen(held);
  await came;
  const order: string[] = [];
  const drained = server.drain(10_000).then((whole) => order.push(whole ? 'drained' : 'cut'));
  for (let turn = 0; turn < 10; turn++) await setImmediate();
  early.socket.once('data', () => order.push('answered'));
  pending[0]?.end('patience');
  await drained;
  expect(order).toEqual(['answered', 'drained']);
  await early.closed;
  expect(early.received()).toContain('patience');
});

test('a port in use is refused', async () => {
  const { server, held, port } = await started();
  const other = createDrainingServer(createServer());
  await expect(other.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await server.drain(1000);
  expect(held.waiting).toEqual([]);
});

test('a request on its way to an idle connection when the drain begins is answered, and is the last', async () => {
  const { server, pending, arrival, fresh, kept } = await withIdle({ graceMs: 60_000 });
  const drained = server.drain(10_000);
  for (const { socket } of [fresh, kept]) {
    const came = arrival();
    socket.write('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
    await came;
    pending.at(-1)?.end('two');
  }
  expect(await drained).toBe(true);
  await Promise.all([fresh.closed, kept.closed]);
  expect(fresh.received()).toMatch(/connection: close.*two/is);
  expect(kept.received()).toMatch(/one.*connection: close.*two/is);
});

test('a request that came while the drain was kept from looking is answered', async () => {
  // More than a turn of the loop takes on the slowest machine.
  const graceMs = 250;
  const { server, pending, arrival, fresh, kept } = await withIdle({ graceMs });
  const drained = server.drain(10_000);
  // Behind the drain's own turn, in which its time begins.
  await setImmediate();
  for (const { socket } of [fresh, kept]) socket.write('GET /2 HTTP/1.1\r\nHost: x\r\n\r\n');
  const end = performance.now() + 2 * graceMs;
  while (performance.now() < end);
  const bothCame = async (): Promise<void> => {
    while (pending.length < 3) await arrival();
  };
  await Promise.race([bothCame(), fresh.closed, kept.closed]);
  for (const response of pending.slice(1)) response.end('two');
  expect(await drained).toBe(true);
  await Promise.all([fresh.closed, kept.closed]);
  expect(fresh.received()).toMatch(/connection: close.*two/is);
  expect(kept.received()).toMatch(/one.*connection: close.*two/is);
});
