import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { pinned, SERVER_CORE } from './pinning.ts';

/** A server under measurement, in a process of its own on the server's core. */
export interface Server {
  port: number;
  pid: number;
  /** From the spawn to the line that says it listens, in milliseconds. */
  listeningMs: number;
  /** Resident memory now, in MB (10^6 bytes). */
  rss(): number;
  /** Processor time used since the start by all its threads, in milliseconds; counted in steps of 10. */
  cpuMs(): number;
  stop(): Promise<void>;
}

export interface ServerCommand {
  /** Arguments to node. */
  args: string[];
  env: Record<string, string>;
}

const STOP_MS = 15_000;

/** Starts it and waits for its JSON line with `"msg":"listening"` and a `url`. */
export async function startServer({ args, env }: ServerCommand): Promise<Server> {
  const begun = performance.now();
  const command = pinned(SERVER_CORE, [process.execPath, ...args]);
  const child = spawn(command.file, command.args, {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await listeningPort(child);
  const pid = child.pid ?? 0;
  return {
    port,
    pid,
    listeningMs: performance.now() - begun,
    rss: () => residentMb(pid),
    cpuMs: () => processorMs(pid),
    stop: () => stopChild(child),
  };
}

function listeningPort(child: ChildProcess): Promise<number> {
  const { stdout } = child;
  if (!stdout) throw new Error('the server has no output to read');
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => reject(new Error(`the server ended at once (${code ?? signal})`)));
    child.once('error', reject);
    createInterface(stdout).on('line', (line) => {
      if (line.includes('"msg":"listening"')) resolve(Number(new URL(String(JSON.parse(line).url)).port));
    });
  });
}

function residentMb(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return (Number(kilobytes) * 1024) / 1e6;
}

/** Processor time that a process has used, in milliseconds: utime and stime of proc(5), in clock ticks of a hundredth of a second. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
