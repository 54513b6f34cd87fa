import { isIP } from 'node:net';
import { isNativeError } from 'node:util/types';
import { type Logger, pino, stdTimeFunctions } from 'pino';
import type { LogLevel } from './config.ts';
import { createLogOutput } from './log-output.ts';

export type Log = Logger;

/**
 * What a log line may never carry, whoever writes it: what came from a client beyond method, route and
 * status. The lines are written with care; this is the net below.
 */
const NEVER = [
  'address',
  'authorization',
  'body',
  'cookie',
  'email',
  'headers',
  'ip',
  'key',
  'password',
  'query',
  'secret',
  'text',
  'token',
  'totp',
  'url.search',
];

const REDACTED = [...NEVER, ...NEVER.filter((path) => !path.includes('.')).map((name) => `*.${name}`)];

/** Parsers and drivers quote what they choke on: an address in an error's message is cut out. */
export function withoutAddresses(text: string): string {
  return text
    .replace(/[^\s"'<>(),:;=[\]{}]+@[^\s"'<>(),:;[\]{}]+/gu, '[address]')
    .replace(/\b(?:\d{1,3}\.){3}\d{1,3}\b/g, '[address]')
    .replace(/(?<![\w:])[\da-f:]*:[\da-f:]+(?![\w:])/gi, (match) => (isIP(match) ? '[address]' : match));
}

interface LoggedError {
  type: string;
  code?: string;
  message: string;
  stack: string;
  cause?: LoggedError;
}

/** An error as logged: its type, code, message and stack, without members that may quote a request. */
function describeError(error: unknown, depth = 0): LoggedError {
  if (!isNativeError(error))
    return { type: typeof error, message: withoutAddresses(String(error)), stack: '' };
  const described: LoggedError = {
    type: error.name,
    message: withoutAddresses(error.message),
    stack: withoutAddresses(error.stack ?? ''),
  };
  if ('code' in error && error.code !== undefined) described.code = String(error.code);
  if (isNativeError(error.cause) && depth < 3) described.cause = describeError(error.cause, depth + 1);
  return described;
}

/** How long the last lines may take when the process ends, in milliseconds. */
const FLUSH_MS = 500;

/** JSON lines on standard output (or where told); await `flush` before the process exits. */
export function createLog(
  level: LogLevel,
  output = createLogOutput(1),
): { log: Log; flush(): Promise<void> } {
  const log = pino(
    {
      level,
      base: { pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: '[redacted]' },
      serializers: { err: (error: unknown) => describeError(error) },
    },
    output,
  );
  return { log, flush: () => output.flush(FLUSH_MS) };
}
