#!/usr/bin/env node
/**
 * Runs the tests in lanes, one store each: those over MongoDB, which wait more than they work, one after another
 * beside SQLite's, and what they said is shown once that one is done.
 *
 *   npm test                       every lane that can be had; one that can't is named at the end
 *   npm test -- --all-lanes        the same, but a lane that could not run is a failure (.ci/run)
 *   npm run test:long              every lane, the long series too, and over every store what any store will do for
 *   npm test -- test/domain        jest's own arguments: one lane, GATEHOUSE_TEST_STORE (default sqlite)
 *
 * MongoDB is the server at MONGODB_TEST_URI for the lane of its kind, else one that scripts/mongod-binary.mjs finds
 * or fetches. What did not run is named at the end; the last line is `N passed, N failed`, over all lanes.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statfsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { freemem, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAll, isStale } from './build.mjs';
import { makeWorld } from './jest/world.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest');

/** What a browser shows of the widget, and what HTTP does with what any store gives, is the same over every store. */
const OVER_ANY = ['test/storage/sqlite/', 'test/proofs/sqlite/', 'test/proofs/browser'];

/**
 * What each lane runs; `inLong` is what it runs in the long run, `onlyInLong` what it leaves to that one. The default
 * of the MongoDB lanes together is the contract suite, which asks of a store all that the rest needs of it, and of each
 * what only that kind of server can show.
 */
const LANES = [
  {
    store: 'sqlite',
    paths: ['test'],
    without: ['test/storage/mongo/', 'test/proofs/mongo/'],
    // What goes further than the walks and kills of the same parts that stay.
    onlyInLong: [
      'test/proofs/dashboard-(days|many|rooms|slips|typed|unsaved|views)',
      'test/proofs/(alias|filter)-kills',
    ],
    workers: 2,
  },
  {
    store: 'mongo-standalone',
    paths: [
      'test/contract/(behind|desk|lists)',
      'test/storage/mongo/(?!acts|away|desk|explain-(?:directory|staff)|former|instances|lost-primary|moving-kills|nearness|verify)',
      'test/proofs/kill.test',
      'test/proofs/mongo/(data-folder|two-stores|webhook-instances)',
    ],
    inLong: ['test/contract', 'test/storage', 'test/http', 'test/proofs'],
    // Brings a replica set of its own.
    without: [...OVER_ANY, 'test/proofs/mongo/misbehaving'],
    workers: 2,
  },
  {
    store: 'mongo-replica',
    // Other than over a standalone server: change streams, transactions' absence, a primary that falls. What it does
    // besides (test/proofs/mongo/misbehaving and test/storage/mongo/lost-primary: minutes of members that stand
    // still, of lines that are late, hold up and cut, of one election after the other) is for the long run alone.
    paths: [
      'test/contract/comments',
      'test/storage/mongo/(away|instances)',
      'test/proofs/races.test',
      'test/proofs/mongo/(mongod-kill|live-instances)',
    ],
    inLong: ['test/contract', 'test/storage', 'test/proofs/(kill|races)', 'test/proofs/mongo'],
    without: OVER_ANY,
    workers: 2,
  },
];

const GIB = 2 ** 30;
/** What jest compiled stays between runs. */
const JEST_CACHE = join(tmpdir(), 'gatehouse-jest');

/**
 * A folder for what the tests write, in memory where there is plenty: hundreds of stores are made and thrown
 * away. What a test kills is a process, never the machine, so that memory keeps what a disk would.
 */
function scratchFolder() {
  const memory = '/dev/shm';
  const isRoomy = () => {
    const { bavail, bsize } = statfsSync(memory);
    return bavail * bsize > 8 * GIB && freemem() > 10 * GIB;
  };
  return mkdtempSync(join(existsSync(memory) && isRoomy() ? memory : tmpdir(), 'gatehouse-tests-'));
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Whether the server is a member of a replica set; throws where it can't be reached. */
async function isReplicaSet(uri) {
  const { default: mongoose } = await import('mongoose');
  const client = new mongoose.mongo.MongoClient(uri, { serverSelectionTimeoutMS: 5000 });
  try {
    return Boolean((await client.db('admin').command({ hello: 1 })).setName);
  } finally {
    await client.close();
  }
}

/** A server for a lane: `{ uri, stop }`, or `{ missing: why }`. */
async function serverFor(store) {
  const replicaSet = store === 'mongo-replica';
  const given = process.env.MONGODB_TEST_URI;
  if (given && (await isReplicaSet(given)) === replicaSet) return { uri: given, stop: async () => undefined };
  const { ensureMongod } = await import('./mongod-binary.mjs');
  const { startMongod } = await import('./mongod.mjs');
  const { path, reason } = await ensureMongod();
  if (path === null) return { missing: `no mongod: ${reason}` };
  try {
    return await startMongod({ replicaSet });
  } catch (error) {
    return { missing: `mongod did not start: ${error.message}` };
  }
}

const running = new Set();
for (const signal of ['SIGINT', 'SIGTERM']) {
  // The lanes end first, then their servers are stopped; a second signal is the shell's affair.
  process.once(signal, () => {
    for (const child of running) child.kill(signal);
  });
}

/** @param hear gets what it writes; without one it goes where ours goes */
function runJest(args, env, hear) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [JEST, ...args], {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', hear ? 'pipe' : 'inherit', hear ? 'pipe' : 'inherit'],
    });
    running.add(child);
    child.stdout?.setEncoding('utf8').on('data', hear);
    child.stderr?.setEncoding('utf8').on('data', hear);
    child.once('error', reject);
    child.once('close', (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** Runs one lane: counts, what did not run in it, and its time. */
async function runLane(store, jestArgs, { env, hear }) {
  const began = Date.now();
  const server = store === 'sqlite' ? { stop: async () => undefined } : await serverFor(store);
  if (server.missing) return { store, missing: server.missing, ms: Date.now() - began };
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-lane-'));
  const outputFile = join(folder, 'results.json');
  try {
    const laneEnv = { ...env, GATEHOUSE_TEST_STORE: store };
    if (server.uri) laneEnv.GATEHOUSE_TEST_MONGODB_URI = server.uri;
    const code = await runJest(
      [...jestArgs, `--cacheDirectory=${JEST_CACHE}`, '--json', `--outputFile=${outputFile}`],
      laneEnv,
      hear,
    );
    const results = existsSync(outputFile) ? JSON.parse(readFileSync(outputFile, 'utf8')) : null;
    return { store, code, ...countsOf(results), ms: Date.now() - began };
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even be loaded counts as one failure: its tests are not in jest's own count. */
function countsOf(results) {
  if (results === null) return { passed: 0, failed: 1, notRun: [] };
  const notRun = results.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status !== 'passed' && status !== 'failed')
      .map(({ fullName }) => `${relative(ROOT, name)}: ${fullName}`),
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    notRun,
  };
}

const args = process.argv.slice(2);
const allLanes = args.includes('--all-lanes');
const long = args.includes('--long');
const jestArgs = args.filter((arg) => arg !== '--all-lanes' && arg !== '--long');
const env = long ? { GATEHOUSE_TEST_LONG: '1' } : {};

const scratch = scratchFolder();
process.on('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 }));
// Where os.tmpdir() leads, here and in what is started from here.
process.env.TMPDIR = scratch;

const tell = (bytes) => process.stdout.write(bytes);
const title = (store) => `\n=== lane ${store} ===\n`;

/** Every lane, SQLite's outcome first. */
async function runLanes() {
  // Once, before two lanes do it at the same time.
  if (isStale()) await buildAll();
  await makeWorld(JEST_CACHE);
  const laneArgs = ({ paths, inLong = paths, without, onlyInLong = [], workers }) => {
    const ignored = ['/node_modules/', ...without, ...(long ? [] : onlyInLong)].map(
      (path) => `--testPathIgnorePatterns=${path}`,
    );
    return [...(long ? inLong : paths), ...ignored, `--maxWorkers=${workers}`, '--ci'];
  };
  const [first, ...others] = LANES;
  let heard = '';
  let isFirstDone = false;
  const hear = (bytes) => {
    if (isFirstDone) tell(bytes);
    else heard += bytes;
  };
  const behind = (async () => {
    const outcomes = [];
    for (const lane of others) {
      hear(title(lane.store));
      outcomes.push(await runLane(lane.store, laneArgs(lane), { env, hear }));
    }
    return outcomes;
  })();
  // Waited for below: what it rejects with is nobody's until then.
  behind.catch(() => undefined);
  tell(title(first.store));
  const outcome = await runLane(first.store, laneArgs(first), { env });
  isFirstDone = true;
  tell(heard);
  return [outcome, ...(await behind)];
}

async function runNamed() {
  const store = process.env.GATEHOUSE_TEST_STORE || 'sqlite';
  tell(title(store));
  return [await runLane(store, jestArgs, { env })];
}

const outcomes = jestArgs.length > 0 ? await runNamed() : await runLanes();

process.stdout.write('\n');
for (const { store, missing, passed, failed, ms } of outcomes) {
  const counts = missing ? 'NOT RUN' : `${passed} passed, ${failed} failed`;
  process.stdout.write(`lane ${store}: ${counts} in ${seconds(ms)}\n`);
}
const sum = (member) => outcomes.reduce((total, outcome) => total + (outcome[member] ?? 0), 0);

const untested = outcomes.flatMap(({ store, missing, notRun = [] }) =>
  missing ? [`the whole lane ${store}: ${missing}`] : notRun.map((name) => `lane ${store}: ${name}`),
);
const usual = long || jestArgs.length > 0 ? [] : LANES;
for (const { store, paths, inLong, onlyInLong } of usual) {
  if (onlyInLong)
    process.stdout.write(`\nlane ${store} left out ${onlyInLong.join(', ')}: npm run test:long\n`);
  if (inLong)
    process.stdout.write(`\nlane ${store} ran ${paths.join(', ')}; the rest over it: npm run test:long\n`);
}
if (untested.length > 0) {
  const lines = untested.map((what) => `!!! NOT RUN: ${what}\n`).join('');
  process.stdout.write(`\n${'!'.repeat(72)}\n${lines}${'!'.repeat(72)}\n`);
}
process.stdout.write(`${sum('passed')} passed, ${sum('failed')} failed\n`);

const lost = outcomes.some(({ missing }) => missing) && (allLanes || jestArgs.length > 0);
process.exit(lost || sum('failed') > 0 || outcomes.some(({ code }) => code) ? 1 : 0);
