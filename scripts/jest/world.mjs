/**
 * Everything that tests import, in one file: the sources, the tests' own support, and the packages of both. Each
 * test file has instances of its own, as jest would give it; but loading them one by one, for each file anew, took
 * longer than the tests. See docs/decisions/0190-tests-load-one-file.md.
 *
 * The file is one expression, a function: given a `require` for what stays outside, it returns a table of
 * functions by specifier (an absolute path, or a package's name), each of which returns the module. Nothing of a
 * module runs before it is first asked for.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { asciiSources } from '../ascii-sources.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What looks for files of its own where it lies: loaded as ever. */
const OUTSIDE = [
  'better-sqlite3',
  'better-sqlite3-napi',
  'esbuild',
  'mongodb-memory-server-core',
  'playwright-core',
];
/** What mongodb asks for and does without. */
const OPTIONAL = [
  '@aws-sdk/credential-providers',
  '@mongodb-js/zstd',
  'aws4',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
  'supports-color',
];

/**
 * Globals as variables of the whole: a name that is looked up in a context of its own costs a hundred times what it
 * does in the product. Those are left out that a test may want to replace.
 */
const GLOBALS = [
  'Array, ArrayBuffer, BigInt, Boolean, Buffer, DataView, Error, Float32Array, Float64Array, Infinity, Int32Array',
  'Intl, JSON, Map, Math, NaN, Number, Object, Promise, Proxy, RangeError, Reflect, RegExp, Set, String, Symbol',
  'SyntaxError, TypeError, URL, URLSearchParams, Uint16Array, Uint8Array, Uint32Array, WeakMap, WeakSet',
  'decodeURIComponent, encodeURIComponent, isNaN, parseFloat, parseInt',
].join(', ');

/** A run that still goes on may need one that is not the newest. */
const MOST_KEPT = 4;
/** Scripts that tests use as well. */
const SCRIPTS = ['scripts/mongod.mjs'].map((path) => join(ROOT, path));

const isSource = (name) => /\.tsx?$/.test(name) && !/\.(?:test|d)\.ts$/.test(name);

function filesOf(folder) {
  return readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Packages that the files import by name, and that a test may therefore ask for. */
function packagesOf(texts) {
  const names = new Set();
  for (const text of texts)
    for (const [, name] of text.matchAll(/^(?:import|export) (?!type\b)[^;]*?from '([^.'][^']*)';$/gms))
      if (!name.startsWith('node:') && !OUTSIDE.includes(name)) names.add(name);
  return [...names].sort();
}

const entryOf = (specifiers) =>
  `module.exports = {\n${specifiers.map((one) => `${JSON.stringify(one)}: () => require(${JSON.stringify(one)}),`).join('\n')}\n};\n`;

/** A file that asks where it lies is told where it lies, not where the whole is. */
const ownPlace = (text, path) => {
  const placed = text.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href));
  if (!/\b__(?:dirname|filename)\b/.test(placed)) return placed;
  return `const __filename = ${JSON.stringify(path)}, __dirname = ${JSON.stringify(dirname(path))}; ${placed}`;
};

/** Removes all but the newest of a checkout: each change of a source makes another one. */
function forgetOld(folder, prefix) {
  const known = readdirSync(folder)
    .filter((name) => name.startsWith(prefix) && name.endsWith('.cjs'))
    .map((name) => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { path } of known.slice(MOST_KEPT)) {
    rmSync(path, { force: true });
    rmSync(`${path}.map`, { force: true });
  }
}

/**
 * Makes the file, unless it is there for just these sources.
 *
 * @param folder absolute path of a folder to keep it in
 * @returns its absolute path
 */
export async function makeWorld(folder) {
  const paths = [...filesOf('src'), ...filesOf('test'), ...filesOf('config'), ...SCRIPTS];
  const texts = new Map(paths.map((path) => [path, readFileSync(path)]));
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', 'scripts/jest/world.mjs', 'scripts/ascii-sources.mjs'])
    hash.update(readFileSync(join(ROOT, path)));
  for (const [path, bytes] of texts) hash.update(`${path} ${bytes.length}\n`).update(bytes);
  const prefix = `world-${createHash('sha256').update(ROOT).digest('hex').slice(0, 8)}-`;
  const made = join(folder, `${prefix}${hash.digest('hex').slice(0, 32)}.cjs`);
  if (existsSync(made)) return made;

  const code = paths.filter((path) => /\.tsx?$/.test(path)).map((path) => texts.get(path).toString());
  const specifiers = [...paths.filter(isSource), ...SCRIPTS, ...packagesOf(code)];
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: ROOT,
    stdin: { contents: entryOf(specifiers), resolveDir: ROOT, sourcefile: 'world.js' },
    outfile: made,
    write: false,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    external: [...OUTSIDE, ...OPTIONAL],
    // What stays outside is jest's to give: by `require`, which it hands over.
    supported: { 'dynamic-import': false },
    plugins: [asciiSources(ownPlace)],
    loader: { '.css': 'text', '.html': 'text', '.txt': 'text' },
    sourcemap: 'external',
    sourcesContent: false,
    logLevel: 'silent',
  });
  const [map, script] = result.outputFiles;
  mkdirSync(folder, { recursive: true });
  // Those who make it at the same time make the same: the last rename wins.
  const own = `${made}.${process.pid}`;
  writeFileSync(`${made}.map`, map.contents);
  const head = `(function (require, module) {const {${GLOBALS}} = globalThis;(function () {`;
  writeFileSync(own, `${head}${script.text}\n})();\n})\n//# sourceMappingURL=${made}.map\n`);
  renameSync(own, made);
  forgetOld(folder, prefix);
  return made;
}
