/** Starts a real `mongod` on loopback: a standalone server, or a replica set of three members. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os, { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureMongod } from './mongod-binary.mjs';

const READY_MS = 60_000;
const STOP_MS = 20_000;

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
