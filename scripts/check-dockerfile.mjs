#!/usr/bin/env node
/**
 * Walks the Dockerfile without a Docker engine: every COPY and RUN of each stage is carried out in a scratch
 * folder, then the last stage's HEALTHCHECK and CMD are run there. What a machine without an engine can't
 * show (the base image, apt-get, users) is said so line by line, never passed over.
 */
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const say = (line) => process.stdout.write(`${line}\n`);

/** The instructions, continuation lines joined, comments left out. */
function instructions(text) {
  return text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => /^([A-Z]+)\s+(.*)$/.exec(line.trim()))
    .filter((match) => match !== null)
    .map(([, name, rest]) => ({ name, rest }));
}

/** Where a path of the container lies in a stage's scratch folder. */
const inside = (stage, path) => join(stage.folder, path.startsWith('/') ? path : join(stage.workdir, path));

function copy(stage, rest, stages) {
  const [, from, paths] = /^(?:--from=(\S+)\s+)?(.*)$/.exec(rest);
  const names = paths.split(/\s+/);
  const target = names.pop();
  for (const name of names) {
    const source = from ? inside(stages.get(from), name) : join(ROOT, name);
    const isFolder = target.endsWith('/');
    const to = isFolder ? join(inside(stage, target), name.split('/').at(-1)) : inside(stage, target);
    // Links of node_modules/.bin must stay relative, as Docker keeps them.
    cpSync(source, to, { recursive: true, verbatimSymlinks: true });
  }
}

/** Whether node_modules is what the lock file says: npm leaves a copy of the lock in it that is as new. */
function installedFromLock() {
  const [installed, locked] = ['node_modules/.package-lock.json', 'package-lock.json'].map((name) =>
    join(ROOT, name),
  );
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(locked).mtimeMs;
}

function run(stage, command) {
  if (/apt-get|chown/.test(command)) {
    say(`  not run here (wants the base image): RUN ${command}`);
    return;
  }
  if (command.startsWith('npm ci')) {
    // The image's Node needs nothing compiled and this one may: what its own npm ci has compiled stands in, too.
    if (!installedFromLock()) throw new Error('node_modules is older than package-lock.json: npm ci first');
    cpSync(join(ROOT, 'node_modules'), inside(stage, 'node_modules'), {
      recursive: true,
      verbatimSymlinks: true,
    });
    say(`  not run again: RUN ${command} (the checkout's node_modules, from the same lock file, are copied)`);
    return;
  }
  say(`  RUN ${command}`);
  const env = { ...process.env, ...stage.env };
  execFileSync('sh', ['-c', command], {
    cwd: inside(stage, '.'),
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** Starts CMD as the container would, asks HEALTHCHECK, ends it as `docker stop` does. */
async function serve(stage) {
  const port = String(await freePort());
  const env = {
    PATH: process.env.PATH,
    ...stage.env,
    HOST: '127.0.0.1',
    PORT: port,
    DATA_DIR: join(stage.folder, 'data'),
  };
  const [program, ...args] = JSON.parse(stage.cmd);
  const child = spawn(program, args, { cwd: inside(stage, '.'), env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes('"msg":"listening"')) resolve();
    });
    child.once('exit', (code) => reject(new Error(`CMD ended with ${code} before it listened`)));
  });
  say(`  CMD listens`);
  const [check, ...checkArgs] = JSON.parse(/CMD (\[.*\])$/.exec(stage.healthcheck)[1]);
  execFileSync(check, checkArgs, { cwd: inside(stage, '.'), env, stdio: 'inherit' });
  say('  HEALTHCHECK is content');
  child.kill(stage.stopsignal);
  const code = await ended;
  if (code !== 0) throw new Error(`after ${stage.stopsignal} CMD ended with ${code}`);
  say(`  ${stage.stopsignal} ended it with 0`);
}

const scratch = mkdtempSync(join(tmpdir(), 'gatehouse-image-'));
try {
  const stages = new Map();
  let stage;
  for (const { name, rest } of instructions(readFileSync(join(ROOT, 'Dockerfile'), 'utf8'))) {
    if (name === 'FROM') {
      const alias = / AS (\S+)$/.exec(rest)?.[1] ?? `stage ${stages.size}`;
      stage = { folder: join(scratch, String(stages.size)), workdir: '/', env: {} };
      mkdirSync(stage.folder);
      stages.set(alias, stage);
      say(
        `stage ${alias} (the base image ${rest.split(' ')[0]} is not here: this machine's Node ${process.version} stands in)`,
      );
    } else if (name === 'WORKDIR') {
      stage.workdir = rest;
      mkdirSync(inside(stage, '.'), { recursive: true });
    } else if (name === 'ENV') {
      for (const pair of rest.split(/\s+/)) stage.env[pair.split('=')[0]] = pair.slice(pair.indexOf('=') + 1);
    } else if (name === 'COPY') {
      copy(stage, rest, stages);
      say(`  COPY ${rest}`);
    } else if (name === 'RUN') {
      run(stage, rest);
    } else if (name === 'USER') {
      if (rest === 'root' || rest === '0') throw new Error('the service must not run as root');
      stage.user = rest;
      say(`  not run here: USER ${rest}`);
    } else {
      stage[name.toLowerCase()] = rest;
    }
  }
  if (!stage.user) throw new Error('the last stage names no USER');
  if (existsSync(inside(stage, 'node_modules/esbuild')))
    throw new Error('development dependencies are in the image');
  await serve(stage);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
