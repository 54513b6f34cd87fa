/**
 * Preloaded before the built service (`node --require`): ends the process by SIGKILL at a chosen point, as a
 * power cut would. The service knows nothing of it; only what Node offers to every program is wrapped.
 * Threads preload it too, so that the SQLite writer has its points.
 *
 *   PROOF_FAILPOINT={point}:{n}    at the n-th time
 *     before-store    before the n-th message to the writer thread, or the n-th write to the MongoDB server;
 *                     `before-store:{n}:{operation}` before the n-th message to the writer that carries it
 *     after-store     before the n-th message from the writer thread, or the n-th read from the MongoDB server
 *     before-answer   before the head of the n-th 2xx answer to a POST is written
 *     after-answer    after the n-th 2xx answer to a POST was handed to the socket
 *
 * Messages and server traffic count from the first POST on (in the writer thread, and in a command, from the start).
 */
const http = require('node:http');
const net = require('node:net');
const { Readable } = require('node:stream');
const { isMainThread, MessagePort, Worker } = require('node:worker_threads');

const [point, nth, operation] = (process.env.PROOF_FAILPOINT ?? '').split(':');
let armed = !isMainThread || !process.argv.includes('serve');
let count = 0;

function pass() {
  if (!armed) return;
  count += 1;
  if (count === Number(nth)) process.kill(process.pid, 'SIGKILL');
}

/** Replaces a method by one that calls `around(original, self, args)`. */
function wrap(prototype, name, around) {
  const original = prototype[name];
  prototype[name] = function wrapped(...args) {
    return around(original, this, args);
  };
}

const isAcceptedPost = (response) =>
  response.req?.method === 'POST' && response.statusCode >= 200 && response.statusCode < 300;
/** Sockets that a server accepted carry it; those that go out to a store don't. */
const goesOut = (socket) => socket.server == null && socket.remotePort !== undefined;

if (isMainThread) {
  wrap(http.Server.prototype, 'emit', (emit, server, args) => {
    if (args[0] === 'request' && args[1]?.method === 'POST') armed = true;
    return emit.apply(server, args);
  });
}

const points = {
  'before-store': () => {
    if (!isMainThread) return;
    if (operation !== undefined) {
      wrap(Worker.prototype, 'postMessage', (post, self, args) => {
        if (Array.isArray(args[0]) && args[0].some(([name]) => name === operation)) pass();
        return post.apply(self, args);
      });
      return;
    }
    for (const prototype of [Worker.prototype, MessagePort.prototype]) {
      wrap(prototype, 'postMessage', (post, self, args) => {
        pass();
        return post.apply(self, args);
      });
    }
    wrap(net.Socket.prototype, 'write', (write, socket, args) => {
      if (goesOut(socket)) pass();
      return write.apply(socket, args);
    });
  },
  'after-store': () => {
    if (!isMainThread) {
      wrap(MessagePort.prototype, 'postMessage', (post, self, args) => {
        pass();
        return post.apply(self, args);
      });
      return;
    }
    net.Socket.prototype.push = function push(...args) {
      if (goesOut(this) && args[0] !== null) pass();
      return Readable.prototype.push.apply(this, args);
    };
  },
  'before-answer': () => {
    if (!isMainThread) return;
    wrap(http.ServerResponse.prototype, 'writeHead', (writeHead, response, args) => {
      if (response.req?.method === 'POST' && args[0] >= 200 && args[0] < 300) pass();
      return writeHead.apply(response, args);
    });
  },
  'after-answer': () => {
    if (!isMainThread) return;
    wrap(http.ServerResponse.prototype, 'end', (end, response, args) => {
      const ended = end.apply(response, args);
      if (isAcceptedPost(response)) pass();
      return ended;
    });
  },
};

if (point !== '') points[point]();
