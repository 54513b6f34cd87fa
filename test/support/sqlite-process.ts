import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { buildWriter } from './build-writer.ts';

/** Another process that opens a data folder and holds it until it is killed. */
const ROOT = join(__dirname, '../..');

const PROGRAM = `
import { openSqlite } from './src/storage/sqlite/open.ts';
openSqlite({ dataDir: process.argv[2] ?? '', writerPath: process.argv[3] }).then(
  () => { process.stdout.write('open\\n'); setInterval(() => undefined, 1000); },
  (error: Error) => { process.stdout.write(error.message + '\\n'); process.exitCode = 78; },
);
`;

function buildHolder(): string {
  const file = join(ROOT, 'dist', 'sqlite-holder.cjs');
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  const own = `${file}.${process.pid}`;
  buildSync({
    stdin: { contents: PROGRAM, resolveDir: ROOT, loader: 'ts' },
    outfile: own,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['better-sqlite3', 'better-sqlite3-napi'],
    logLevel: 'warning',
  });
  renameSync(own, file);
  return file;
}

/** Starts it; gives the first line it says: `open`, or why it refused. */
export async function openElsewhere(
  dataDir: string,
): Promise<{ said: string; process: ChildProcess; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [buildHolder(), dataDir, buildWriter()], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    said: chunk.toString().trim(),
    process: child,
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}
