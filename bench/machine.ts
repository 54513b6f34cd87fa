import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { pinningNote } from './pinning.ts';

/** What the figures were taken on, one line each. */
export function describeMachine(mongod: string | null): string[] {
  const cores = cpus();
  const lines = [
    `processor: ${cores[0]?.model.trim() ?? 'unknown'}, ${cores.length} cores`,
    `memory: ${Math.round(totalmem() / 1e9)} GB; system: ${platform()} ${release()}`,
    `Node ${process.version}, V8 ${process.versions.v8}`,
    `processes: ${pinningNote}; mongod on both cores`,
  ];
  if (mongod !== null) lines.push(`MongoDB: ${versionOf(mongod)}`);
  lines.push(`load average when the bench began: ${loadAverage()}`);
  return lines;
}

function versionOf(binary: string): string {
  const { stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  return /db version v?(\S+)/.exec(stdout ?? '')?.[1] ?? 'unknown version';
}

function loadAverage(): string {
  try {
    return readFileSync('/proc/loadavg', 'utf8').split(' ')[0] ?? 'unknown';
  } catch {
    // Only Linux has the file.
    return 'unknown';
  }
}
