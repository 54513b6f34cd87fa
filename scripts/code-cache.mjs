import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WARM = fileURLToPath(new URL('loader/warm.cjs', import.meta.url));
/** What a service does first: these run once so that their code is in the cache. */
const FIRST_REQUESTS = ['/healthz', '/readyz', '/', '/v1/sites/demo', '/v1/sites/demo/comments?page=/'];
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

/**
 * Starts the service built in `dist` once, asks it a few things, stops it, and has it leave V8's compiled
 * code in `dist/cache`. Resolves to a word on how that went; a build without a cache is a slower start,
 * not a broken one.
 */
export async function warmCodeCache(dist) {
  const data = mkdtempSync(join(tmpdir(), 'gatehouse-warm-'));
  const child = spawn(process.execPath, [WARM, dist, 'serve'], {
    // Nothing of the builder's own settings may reach this start.
    env: {
      PATH: process.env.PATH ?? '',
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: data,
      DEMO: 'on',
      LOG_LEVEL: 'info',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
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
      for (const path of FIRST_REQUESTS) await (await fetch(new URL(path, line.url))).arrayBuffer();
      child.kill('SIGTERM');
    }
    const code = await ended;
    return code === 0 ? 'warmed' : `none (the service did not start: ${complaint.trim().slice(0, 500)})`;
  } finally {
    clearTimeout(timer);
    rmSync(data, { recursive: true, force: true });
  }
}
