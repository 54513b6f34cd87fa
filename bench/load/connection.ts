import { connect } from 'node:net';

/** What the generator looks at in an answer. */
export interface Answer {
  status: number;
  /** The head, status line first. */
  head: string;
  /** Length of the body in bytes. */
  length: number;
}

/** One keep-alive connection that carries one request at a time. */
export interface Connection {
  /** Sends a whole request, head and body; `done` is called when the whole answer is there. */
  send(request: string | Buffer, done: (answer: Answer) => void): void;
  close(): void;
}

const BUFFER_BYTES = 1 << 18;
const HEAD_END = Buffer.from('\r\n\r\n');

/** The length that a head announces; null where it announces none (304, 204, chunked). */
function announcedLength(head: string): number | null {
  // The spelling of Node's own servers first: a search without a pattern is the cheaper one.
  let at = head.indexOf('\r\nContent-Length: ');
  if (at < 0) at = head.toLowerCase().indexOf('\r\ncontent-length: ');
  if (at < 0) return null;
  return Number.parseInt(head.slice(at + 18, at + 30), 10);
}

/**
 * Connects to loopback. It understands just enough of HTTP/1.1 to find where an answer ends: a head and a
 * body of announced length. Whatever else comes (a chunked body, a closed connection) is an error, so that
 * no run counts what it did not understand.
 */
export function openConnection(port: number, onError: (error: Error) => void): Promise<Connection> {
  return new Promise((resolve, reject) => {
    let done: ((answer: Answer) => void) | null = null;
    let closing = false;
    let head: string | null = null;
    let missing = 0;
    let length = 0;
    /** The beginning of a head that came in pieces. */
    let early: Buffer | null = null;

    const fail = (message: string): void => {
      if (!closing) onError(new Error(message));
    };

    function finish(): void {
      const call = done;
      const answer = { status: Number.parseInt((head ?? '').slice(9, 12), 10), head: head ?? '', length };
      done = null;
      head = null;
      call?.(answer);
    }

    function take(chunk: Buffer): void {
      if (head !== null) {
        missing -= chunk.length;
        if (missing < 0) {
          fail('more came than was announced');
          return;
        }
        if (missing === 0) finish();
        return;
      }
      const bytes = early === null ? chunk : Buffer.concat([early, chunk]);
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) {
        early = Buffer.from(bytes);
        return;
      }
      early = null;
      const line = bytes.toString('latin1', 0, end + 2);
      head = line;
      const announced = announcedLength(line);
      const bodiless = line.startsWith('304', 9) || line.startsWith('204', 9);
      if (announced === null && !bodiless) {
        fail(`an answer of unknown length: ${line.slice(0, 200)}`);
        return;
      }
      length = bodiless ? 0 : (announced ?? 0);
      missing = length - (bytes.length - end - 4);
      if (missing < 0) {
        fail('more came than was announced');
        return;
      }
      if (missing === 0) finish();
    }

    const socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: Buffer.allocUnsafe(BUFFER_BYTES),
        callback(read, buffer) {
          take(Buffer.from(buffer.buffer, buffer.byteOffset, read));
          return true;
        },
      },
    });
    socket.once('error', (error) => {
      reject(error);
      fail(`connection: ${error.message}`);
    });
    socket.once('close', () => fail('the server closed the connection'));
    socket.once('connect', () =>
      resolve({
        send(request, whenDone) {
          done = whenDone;
          if (typeof request === 'string') socket.write(request, 'latin1');
          else socket.write(request);
        },
        close() {
          closing = true;
          socket.destroy();
        },
      }),
    );
  });
}
