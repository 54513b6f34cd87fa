#!/usr/bin/env node
/**
 * Builds dist/:
 *
 *   gatehouse.cjs          the loader: runs what is in server/ through V8's code cache
 *   server/                the service in a few files (mongoose stays outside), each the body
 *                          of a function that the loader calls: main.cjs is what a start needs; see
 *                          bundle-server.mjs
 *   sqlite-writer.cjs      the SQLite writer thread
 *   dashboard/             the moderators' page; scripts/build-dashboard.mjs
 *   *.cjs.map              source maps, there and in server/, read only when a stack trace is printed
 *   cache/                 V8's compiled code, for the Node version and machine that built it
 *   widget/                what pages embed; see build-widget.mjs
 *   stamp.json             hash of everything the build read; `isStale` compares it
 *
 * Node 20 has no module.enableCompileCache (22.1 brought it), so the loader does the same with vm.Script.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildDashboard } from './build-dashboard.mjs';
import { buildWidget } from './build-widget.mjs';
import { bundleServer, SERVER_OPTIONS } from './bundle-server.mjs';
import { warmCodeCache } from './code-cache.mjs';
import { readLanguages } from './languages.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DIST = join(ROOT, 'dist');

/** Every file under a folder, sorted; [] where the folder is missing. */
function filesUnder(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** Hex SHA-256 over names and bytes of all that goes into dist/, and over the Node that compiles it. */
function sourceHash() {
  const hash = createHash('sha256').update(`${process.version} ${process.arch}\n`);
  const own = [
    ...['ascii-sources', 'build', 'build-dashboard', 'build-widget', 'bundle-server', 'code-cache'],
    'languages',
  ];
  const single = ['package.json', 'package-lock.json', ...own.map((name) => `scripts/${name}.mjs`)];
  const files = [...single.map((name) => join(ROOT, name)), ...filesUnder(join(ROOT, 'src'))];
  for (const file of [
    ...files,
    ...filesUnder(join(ROOT, 'config')),
    ...filesUnder(join(ROOT, 'scripts/loader')),
  ]) {
    const bytes = readFileSync(file);
    hash.update(`${relative(ROOT, file)} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex');
}

/** Whether dist/ was built from other sources, by another Node, or not at all. */
export function isStale() {
  try {
    return JSON.parse(readFileSync(join(DIST, 'stamp.json'), 'utf8')).hash !== sourceHash();
  } catch {
    // No stamp, or half of one: built anew either way.
    return true;
  }
}

async function bundle(outdir) {
  const { build } = await import('esbuild');
  const writer = await build({
    ...SERVER_OPTIONS,
    absWorkingDir: ROOT,
    entryPoints: { 'sqlite-writer': 'src/storage/sqlite/writer-thread.ts' },
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    sourcemap: 'external',
  });
  const warnings = [...writer.warnings, ...(await bundleServer(ROOT, join(outdir, 'server')))];
  if (warnings.length > 0) {
    throw new Error(
      warnings.map(({ text, location }) => `${location?.file}:${location?.line} ${text}`).join('\n'),
    );
  }
}

/** Builds into a folder of its own and swaps it in, so that whoever runs dist/ meanwhile sees old or new. */
export async function buildAll() {
  const began = Date.now();
  const hash = sourceHash();
  const fresh = join(ROOT, `dist-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh);
  try {
    // What mails tell readers; throws where a sentence or a plural form is missing.
    readLanguages(join(ROOT, 'config/locales/readers'));
    await bundle(fresh);
    await buildWidget(ROOT, join(fresh, 'widget'));
    await buildDashboard(join(fresh, 'dashboard'));
    writeFileSync(join(fresh, 'gatehouse.cjs'), readFileSync(join(ROOT, 'scripts/loader/gatehouse.cjs')), {
      mode: 0o755,
    });
    const cache = await warmCodeCache(fresh);
    writeFileSync(join(fresh, 'stamp.json'), `${JSON.stringify({ hash, node: process.version })}\n`);
    const old = `${fresh}-old`;
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
    rmSync(old, { recursive: true, force: true });
    return { ms: Date.now() - began, cache };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

// Also where the checkout is reached through a link.
if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { ms, cache } = await buildAll();
  process.stdout.write(`built dist/ in ${ms} ms; code cache: ${cache}\n`);
}
