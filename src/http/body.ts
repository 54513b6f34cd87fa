import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { AppError } from '../errors.ts';
import { letCome } from './expectation.ts';

const KIB = 1024;
/** Reader calls and forms. Bytes. */
export const READER_BODY_LIMIT = 256 * KIB;
/** Moderation and admin. Bytes. */
export const STAFF_BODY_LIMIT = 4 * KIB * KIB;
/** What is still read, and thrown away, of a body that is too large, so that its sender hears the answer. Bytes. */
const DRAIN_LIMIT = 32 * KIB * KIB;

/** The client went away before its body was whole, or before it was answered; there is nobody to answer. */
export class ClientGone extends Error {}

/** Lets the rest of a body run into nothing, but not for ever. */
export function drain(request: IncomingMessage): void {
  let drained = 0;
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > DRAIN_LIMIT) request.destroy();
  });
  request.resume();
}

/** The whole body, at most `limit` bytes. Throws `too-large`. */
export function readBytes(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const refuse = (): void => {
      request.off('data', onData).off('end', onEnd);
      drain(request);
      reject(new AppError('too-large'));
    };
    const chunks: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) refuse();
      else chunks.push(chunk);
    };
    let whole = false;
    const onEnd = (): void => {
      whole = true;
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    };
    if (Number(request.headers['content-length'] ?? 0) > limit) {
      refuse();
      return;
    }
    letCome(request);
    request.on('data', onData);
    request.on('end', onEnd);
    request.on('error', (cause) => reject(new ClientGone('the request broke off', { cause })));
    // Every request closes at last; an error, with its stack, is made only where it tells something.
    request.on('close', () => {
      if (!whole) reject(new ClientGone('the request broke off'));
    });
  });
}

/** A body as it comes. Throws ClientGone where it breaks off; whoever leaves before its end drains it. */
export async function* incomingBytes(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  letCome(request);
  try {
    for await (const bytes of request.iterator({ destroyOnReturn: false })) yield bytes as Uint8Array;
  } catch (cause) {
    throw new ClientGone('the request broke off', { cause });
  }
}

/**
 * A `file` is of any type and any size that its route takes, and is read by the route as it comes. A `table` is
 * JSON or `text/csv`.
 */
export type BodyKind = 'json' | 'form' | 'table' | 'file' | 'none';

const TYPES: Record<Exclude<BodyKind, 'none'>, RegExp> = {
  file: /./,
  json: /^application\/(?:json|[a-z0-9!#$&^_.-]+\+json)$/,
  form: /^application\/x-www-form-urlencoded$/,
  table: /^(?:text\/csv|application\/(?:json|[a-z0-9!#$&^_.-]+\+json))$/,
};

const isTable = (request: IncomingMessage): boolean =>
  /^ *text\/csv *(?:;|$)/i.test(request.headers['content-type'] ?? '');

/** What a handler gets of a body that was read: JSON, or the bytes of a form or of a table. Throws `malformed-json`. */
export function contentOf(request: IncomingMessage, kind: BodyKind, bytes: Buffer): unknown {
  const isJson = kind === 'json' || (kind === 'table' && !isTable(request));
  return isJson ? parseJson(bytes) : bytes;
}

/** By any of the encoding's labels (`utf8` is common), as the Encoding Standard lists them. */
function namesUtf8(label: string): boolean {
  try {
    return new TextDecoder(label).encoding === 'utf-8';
  } catch {
    return false;
  }
}

/** Checks the type of a body. An empty body without a type is a matter of syntax. Throws `unsupported-media-type`. */
export function checkType(request: IncomingMessage, kind: Exclude<BodyKind, 'none'>, size: number): void {
  const encoding = request.headers['content-encoding'];
  const isPlain = encoding === undefined || encoding.toLowerCase() === 'identity';
  const header = request.headers['content-type'];
  if (header === undefined && size === 0) return;
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (!isPlain || !namesUtf8(charset?.replaceAll('"', '') ?? 'utf-8') || !TYPES[kind].test(type))
    throw new AppError('unsupported-media-type');
}

/** The JSON of a body. Throws `malformed-json`: also for nothing at all, and for bytes that are not UTF-8. */
export function parseJson(bytes: Buffer): unknown {
  if (bytes.length === 0 || !isUtf8(bytes)) throw new AppError('malformed-json');
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new AppError('malformed-json', { cause });
  }
}
