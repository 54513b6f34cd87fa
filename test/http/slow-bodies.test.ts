import { EventEmitter } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { createHttpServer } from '../../src/http/server.ts';
import { watchPace } from '../../src/http/slow-bodies.ts';

const PACE = { everyMs: 1000, bytes: 100 };

describe('the pace of a body', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function watched(headers: IncomingMessage['headers'] = { 'content-length': '1000000' }) {
    const socket = { bytesRead: 500, destroyed: false };
    const request = Object.assign(new EventEmitter(), { headers, socket, complete: false });
    const end = jest.fn();
    watchPace(request as unknown as IncomingMessage, PACE, end);
    return { request, socket, end };
  }

  test('may be slow for hours, as long as it moves along', () => {
    const { socket, end } = watched();
    for (let i = 0; i < 10_000; i++) {
      socket.bytesRead += PACE.bytes;
      jest.advanceTimersByTime(PACE.everyMs);
    }
    expect(end).not.toHaveBeenCalled();
    socket.bytesRead += PACE.bytes - 1;
    jest.advanceTimersByTime(PACE.everyMs * 10);
    expect(end).toHaveBeenCalledTimes(1);
  });

  test('matters no more once the body is whole, and leaves no timer behind', () => {
    const { request, end } = watched({ 'transfer-encoding': 'chunked' });
    expect(jest.getTimerCount()).toBe(1);
    request.complete = true;
    request.emit('close');
    expect(jest.getTimerCount()).toBe(0);
    expect(end).not.toHaveBeenCalled();
  });

  test('is looked at after an early answer, too', () => {
    const { request, end } = watched();
    request.emit('close');
    jest.advanceTimersByTime(PACE.everyMs);
    expect(end).toHaveBeenCalledTimes(1);
  });

  test.each([[{}], [{ 'content-length': '0' }]])('is not watched where there is none: %j', (headers) => {
    watched(headers);
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a server', () => {
  let server: Server;
  afterEach(() => server.close());

  /** Listens; resolves to its port. */
  async function start(everyMs: number): Promise<number> {
    server = createHttpServer({
      listener: (request) => request.resume(),
      publicUrl: 'https://comments.example',
      nextId: () => 'id-1',
      pace: { everyMs, bytes: 1 },
      lingerMs: 20,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  }

  test('says 408 to a body that does not come, and closes', async () => {
    const socket = connect(await start(20), '127.0.0.1');
    const heard = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk) => {
        text += String(chunk);
      });
      socket.on('close', () => resolve(text));
    });
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12');
    expect(await heard).toMatch(
      /^HTTP\/1\.1 408 Request Timeout\r\nConnection: close\r\nX-Request-Id: id-1\r\n/,
    );
  });

  test('keeps no connection of whoever was refused and does not close', async () => {
    const port = await start(60_000);
    const closed = new Promise<void>((resolve) => {
      server.once('connection', (socket) => socket.once('close', () => resolve()));
    });
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    client.write('no HTTP\r\n\r\n');
    await closed;
    client.destroy();
  });

  test('bounds the time of a head, but of no whole request', async () => {
    await start(60_000);
    expect(server.headersTimeout).toBe(60_000);
    expect(server.requestTimeout).toBe(0);
  });
});
