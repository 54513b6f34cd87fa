import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, readFileSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import type { ImportView } from '../../src/moving/present-import.ts';
import type { BenchContext } from '../bench-context.ts';
import { gatehouseCommand, withServers } from '../harness/run-servers.ts';
import { fillEmpty, newSqlite } from '../harness/stores.ts';
import { megabytes } from '../report.ts';
import { type ImportFile, writeImportFile } from '../seed/import-files.ts';
import { ADMIN_TOKEN, HELD_SITE } from '../seed/sites.ts';
import { type Server, startServer } from '../servers.ts';

const GOAL = 200;
/** Milliseconds between two looks: what the system keeps is the peak, so that one before the end is enough. */
const LOOK_EVERY = 20;
const PAGES = 20_000;
const READERS = 100_000;
/** More than the service takes unless it is told. */
const MOST_BYTES = 1e11;

/** The greatest resident memory that the process ever had, in MB (10^6 bytes); 0 once it is gone. */
function peakMb(pid: number): number {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return (Number(kilobytes ?? 0) * 1024) / 1e6;
  } catch {
    // ESRCH, ENOENT: it ended between two looks.
    return 0;
  }
}

async function peakOf(child: ChildProcess): Promise<number> {
  let peak = 0;
  const timer = setInterval(() => {
    peak = Math.max(peak, peakMb(child.pid ?? 0));
  }, LOOK_EVERY);
  const [code] = (await once(child, 'close')) as [number | null];
  clearInterval(timer);
  if (code !== 0) throw new Error(`the import ended with ${code}`);
  return peak;
}

interface Run {
  file: string;
  format: ImportFile['format'];
  dryRun: boolean;
}

/** `gatehouse import` from its start to its end. */
async function peakOfCommand(context: BenchContext, name: string, { file, format, dryRun }: Run) {
  const store = newSqlite(context, name);
  await fillEmpty(store);
  const { args, env } = gatehouseCommand(context, store);
  const options = ['--site', HELD_SITE, '--format', format, ...(dryRun ? ['--dry-run'] : [])];
  const child = spawn(process.execPath, [args[0] ?? '', 'import', ...options, file], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const peak = await peakOf(child);
  rmSync(store.dataDir, { recursive: true });
  return peak;
}

function upload(server: Server, { file, format, dryRun }: Run): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request({
      port: server.port,
      method: 'POST',
      path: `/v1/admin/sites/${HELD_SITE}/imports?format=${format}&dryRun=${dryRun}`,
      headers: {
        authorization: `Bearer ${ADMIN_TOKEN}`,
        'content-type': 'application/octet-stream',
        'content-length': statSync(file).size,
      },
    });
    sent.once('error', reject);
    sent.once('response', (answer) => {
      answer.resume();
      const { location } = answer.headers;
      if (location === undefined) reject(new Error(`the upload was answered with ${answer.statusCode}`));
      else resolve(location);
    });
    createReadStream(file).pipe(sent);
  });
}

/** The service that takes the same file in. */
async function peakOfService(context: BenchContext, name: string, run: Run): Promise<number> {
  const store = newSqlite(context, name);
  await fillEmpty(store);
  const { args, env } = gatehouseCommand(context, store);
  const command = { args, env: { ...env, IMPORT_MAX_BYTES: String(MOST_BYTES) } };
  return withServers([startServer(command)], async (server) => {
    if (!server) throw new Error('no server');
    const location = await upload(server, run);
    const url = `http://127.0.0.1:${server.port}${location}`;
    for (;;) {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
      const { state } = (await answer.json()) as ImportView;
      if (state === 'failed') throw new Error('the import failed');
      if (state === 'done') return peakMb(server.pid);
      await new Promise((resolve) => setTimeout(resolve, 10 * LOOK_EVERY));
    }
  });
}

/** Memory that a large file takes on its way in: it must not grow with the file. */
export async function measureImportMemory(context: BenchContext): Promise<void> {
  const { quick, full, seed } = context.options;
  const bytes = full ? 2e9 : quick ? 4e6 : 60e6;
  const ofReal = Math.min(bytes, 300e6);
  for (const format of ['generic', 'wordpress'] as const) {
    const [whole, part] = ['whole', 'part'].map((name) => join(context.scratch, `${format}-${name}`));
    const file = { format, pages: PAGES, readers: READERS, seed };
    const { comments } = await writeImportFile(whole ?? '', { ...file, size: { bytes } });
    const dry = { file: whole ?? '', format, dryRun: true };
    await add('dry run by the command', comments, bytes, peakOfCommand(context, `dry-${format}`, dry));
    await add('dry run by a call', comments, bytes, peakOfService(context, `call-${format}`, dry));
    rmSync(whole ?? '');
    const less = await writeImportFile(part ?? '', { ...file, size: { bytes: ofReal } });
    const real = { file: part ?? '', format, dryRun: false };
    await add('by the command', less.comments, ofReal, peakOfCommand(context, `real-${format}`, real));
    rmSync(part ?? '');

    async function add(how: string, count: number, size: number, taken: Promise<number>): Promise<void> {
      const peak = await taken;
      context.add({
        group: 'Moving in',
        figure: `greatest memory, ${Math.round(size / 1e6).toLocaleString('en')} MB of ${format}, ${how}`,
        gatehouse: megabytes(peak),
        bare: '',
        ratio: '',
        goal: `< ${GOAL} MB`,
        met: peak < GOAL,
        how: `VmHWM of proc(5) over the whole life of the process, SQLite and its writer thread included; ${count.toLocaleString('en')} comments on ${PAGES.toLocaleString('en')} pages by ${READERS.toLocaleString('en')} people`,
      });
    }
  }
}
