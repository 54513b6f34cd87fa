import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const LOADER = fileURLToPath(new URL('loader/', import.meta.url));
/** What a service does first: these run once so that their code is in the cache of what a start needs. */
const FIRST_REQUESTS = ['/healthz', '/v1/sites/demo', '/v1/sites/demo/comments?page=/'];
/** And then. */
const FURTHER_REQUESTS = ['/readyz', '/', '/v1/sites/demo/thread?page=/', '/moderate/', '/metrics'];
const PATIENCE_MS = 20_000;

/** The log line whose msg is `listening`; null where the process ends without one. */
function listeningLine(child) {
  return new Promise((resolve) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      const line = text.split('\n').find((each) => each.includes('"msg":"listening"'));
      if (line !== undefined && text.includes(`${line}\n`)) resolve(JSON.parse(line));
    });
    child.once('close', () => resolve(null));
  });
}

async function askAll(paths, url) {
  for (const path of paths) await (await fetch(new URL(path, url))).arrayBuffer();
}

/** Has it write what is compiled by now. */
function writeNow(child) {
  const written = new Promise((resolve) => {
    child.once('message', resolve);
    child.once('close', resolve);
  });
  child.send('first answers given');
  return written;
}

/**
 * Starts the service built in `dist` once, asks it a few things, stops it, and has it leave V8's compiled
 * code in `dist/cache`. Resolves to a word on how that went; a build without a cache is a slower start,
 * not a broken one.
 */
export async function warmCodeCache(dist) {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-warm-'));
  const child = spawn(process.execPath, [join(LOADER, 'warm.cjs'), dist, 'serve'], {
    // Nothing of the builder's own settings may reach this start.
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: data,
      DEMO: 'on',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  try {
    const line = await listeningLine(child);
    if (line !== null) {
      await askAll(FIRST_REQUESTS, line.url);
      await writeNow(child);
      await askAll(FURTHER_REQUESTS, line.url);
      child.kill('SIGTERM');
    }
    const code = await ended;
    if (code !== 0) return `none (the service did not start: ${complaint.trim().slice(0, 500)})`;
    return checked(dist);
  } finally {
    clearTimeout(timer);
    rmSync(data, { recursive: true, force: true });
  }
}

/** V8 is silent about compiled code that it does not take. */
function checked(dist) {
  const rejected = execFileSync(process.execPath, [join(LOADER, 'check.cjs'), dist], { encoding: 'utf8' });
  return rejected === '' ? 'warmed, all of it taken' : `REJECTED for ${rejected.trim().replace(/\n/g, ', ')}`;
}
