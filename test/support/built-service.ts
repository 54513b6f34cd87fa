import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnswerListener, HttpClient } from './http-client.ts';
import { createHttpClient } from './http-client.ts';
import { dropDatabase, freshDatabase, storeUnderTest } from './lane.ts';
import { until } from './until.ts';

/**
 * Starts the built service as a user does: `node dist/gatehouse.cjs serve` with environment variables, on a
 * port of its own choosing, found by the log line that says that it listens. Nothing is asked of the process
 * that an operator could not ask.
 */
export interface Service {
  /** As the log says. */
  url: string;
  pid: number;
  client: HttpClient;
  stdout(): string;
  stderr(): string;
  /** Standard output's JSON lines. */
  logs(): Record<string, unknown>[];
  /** SIGTERM; resolves to how the process ended. */
  stop(): Promise<Ending>;
  /** SIGKILL; resolves when it is gone. */
  kill9(): Promise<Ending>;
  /** Resolves when the process ends of itself or by a signal. */
  ended: Promise<Ending>;
}

export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What outlives one process: where the data is, and the settings each start is given. */
export interface Installation {
  dataDir: string;
  env: Record<string, string>;
  start(options?: StartOptions): Promise<Service>;
  /** Stops what runs and removes the data. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  /** Added for this start only; undefined takes a setting away. */
  env?: Record<string, string | undefined>;
  /** Arguments for node before the script, such as a preloaded failpoint. */
  nodeArgs?: string[];
  /** A command to run it under, such as a tracer. */
  under?: string[];
  onAnswer?: AnswerListener;
}

const GATEHOUSE = join(__dirname, '../../dist/gatehouse.cjs');
export const ADMIN_TOKEN = 'root-token-of-the-proofs-0123456789';
const SECRET = 'a secret of the proofs, at least thirty-two bytes long';
const STOP_PATIENCE_MS = 15_000;

export interface InstallationOptions {
  env?: Record<string, string>;
  /** Where the data lies; default a new temporary folder. */
  dataDir?: string;
  /** A MongoDB server of the test's own in place of the lane's. */
  mongodbUri?: string;
}

/** A new, empty installation on the lane's store. */
export function createInstallation(options: InstallationOptions = {}): Installation {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'gatehouse-proof-'));
  const database = storeUnderTest() === 'sqlite' ? null : freshDatabase(options.mongodbUri);
  const running = new Set<Service>();
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    NODE_ENV: 'production',
    DEMO: 'off',
    LOG_LEVEL: 'info',
    RATE_LIMITS: 'off',
    GATEHOUSE_ADMIN_TOKEN: ADMIN_TOKEN,
    ...(database && { MONGODB_URI: database, GATEHOUSE_SECRET: SECRET }),
    ...options.env,
  };
  return {
    dataDir,
    env,
    async start(startOptions = {}) {
      const service = await startService(env, startOptions);
      running.add(service);
      void service.ended.then(() => running.delete(service));
      return service;
    },
    async dispose() {
      await Promise.all([...running].map((service) => service.kill9()));
      if (database && !options.mongodbUri) await dropDatabase(database);
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface Launched {
  child: ChildProcess;
  stdout(): string;
  stderr(): string;
  ended: Promise<Ending>;
}

/** Starts a command of the built service without waiting for anything. */
export function launch(args: string[], env: Record<string, string>, options: StartOptions = {}): Launched {
  const { nodeArgs = [], under = [] } = options;
  const [command, ...rest] = [...under, process.execPath, ...nodeArgs, GATEHOUSE, ...args] as [
    string,
    ...string[],
  ];
  const merged = { ...env, ...options.env };
  const child = spawn(command, rest, {
    env: Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined)),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  return {
    child,
    stdout: () => Buffer.concat(out).toString('utf8'),
    stderr: () => Buffer.concat(err).toString('utf8'),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  };
}

/** The whole lines of standard output that are JSON objects. */
function logLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

async function startService(env: Record<string, string>, options: StartOptions): Promise<Service> {
  const launched = launch(['serve'], env, options);
  const { child, stdout, stderr, ended } = launched;
  let over: Ending | null = null;
  void ended.then((ending) => {
    over = ending;
  });
  const url = await until('the service to listen', () => {
    if (over)
      throw new Error(`the service ended at its start (${JSON.stringify(over)}): ${stderr()}${stdout()}`);
    const line = logLines(stdout()).find((each) => each.msg === 'listening');
    return line && String(line.url);
  });
  const client = createHttpClient(url, options.onAnswer);
  // Under a tracer the child is the tracer; the service tells its own id in each line of its log.
  const pid = Number(logLines(stdout()).find((line) => typeof line.pid === 'number')?.pid ?? child.pid);
  const signalIt = (signal: NodeJS.Signals): void => {
    if (over) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      // Gone in between: what was wanted.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<Ending> => {
    signalIt(signal);
    const timer = setTimeout(() => signalIt('SIGKILL'), STOP_PATIENCE_MS);
    const ending = await ended;
    clearTimeout(timer);
    client.close();
    return ending;
  };
  return {
    url,
    pid,
    client,
    stdout,
    stderr,
    logs: () => logLines(stdout()),
    stop: () => end('SIGTERM'),
    kill9: () => end('SIGKILL'),
    ended,
  };
}
