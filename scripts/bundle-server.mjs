import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { asciiSources } from './ascii-sources.mjs';

/** What Node gives to a module, as parameters, and the loader's way to another part's exports. */
const WRAPPER = '(function (exports, require, module, __filename, __dirname, part) {';

/**
 * Express brings parsers of bodies, with all the alphabets of the world, which this service never asks for: its
 * pipeline reads bodies by itself.
 */
const withoutBodyParsers = {
  name: 'without-body-parsers',
  setup(build) {
    build.onResolve({ filter: /^body-parser$/ }, ({ path }) => ({ path, namespace: 'nothing' }));
    build.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = {};' }));
  },
};

/**
 * better-sqlite3's own modules are bundled, its binary is loaded from where `npm ci` has it: looking for nine files
 * and then for the binary in a dozen places is a tenth of a start. Where it lies elsewhere, the package looks for it.
 */
const withoutSearchForBinary = {
  name: 'without-search-for-binary',
  setup(build) {
    build.onResolve({ filter: /^bindings$/ }, ({ path }) => ({ path, namespace: 'binary' }));
    build.onLoad({ filter: /.*/, namespace: 'binary' }, () => ({ contents: FIND_BINARY }));
  },
};

const FIND_BINARY = `
const { createRequire } = require('node:module');
module.exports = (name) => {
  const requireHere = createRequire(__filename);
  try {
    return requireHere('better-sqlite3/build/Release/better_sqlite3.node');
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
  }
  const manifest = requireHere.resolve('better-sqlite3/package.json');
  const find = createRequire(manifest)('bindings');
  return find({ bindings: name, module_root: require('node:path').dirname(manifest) });
};`;

/** See `takeOnce`: what another part may take must stay what it is. */
function withFixedExports(text, path) {
  if (!path.includes('node_modules') && /^export (?:let|var)\b/m.test(text))
    throw new Error(`${path} exports a variable that may be assigned anew; export a function that gives it`);
  return text;
}

/** Names stay as they are: stack traces read well without the map, and helmet's and zod's errors do too. */
export const SERVER_OPTIONS = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  // They load files of their own at run time: the first two only when a MongoDB store is opened.
  external: ['mongoose', 'mongodb', 'better-sqlite3-napi'],
  plugins: [withoutBodyParsers, withoutSearchForBinary, asciiSources(withFixedExports)],
  loader: { '.css': 'text', '.html': 'text', '.txt': 'text' },
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  logLevel: 'silent',
};

/**
 * What a part takes from another as variables of its own: nothing of it is ever assigned anew, and a member that
 * is looked up at each use costs a post a twentieth. Of the same length, so that the source map stays true.
 */
function takeOnce(text) {
  return text.replace(/import\{([^{}]*)\}from("\.\/[^"]+");/g, (whole, names, path) =>
    `var{${names.replaceAll(' as ', ':')}}=part(${path});`.padEnd(whole.length),
  );
}

/** What a start, or a first read, has no use for: one import too many had brought each of them once. */
const LATER =
  /node_modules\/(express|otpauth|linkify-it|sanitize-html|nodemailer|prom-client)\/|src\/(outgoing\/client|heap)\.ts$/;

/** Throws where the service needs one of those before it listens. */
function assertLeanStart({ inputs }) {
  const needed = new Map([['src/main.ts', null]]);
  for (const path of needed.keys())
    for (const { path: other, kind, external } of inputs[path].imports)
      if (kind !== 'dynamic-import' && !external && !needed.has(other)) needed.set(other, path);
  for (let path of needed.keys()) {
    if (!LATER.test(path)) continue;
    const way = [];
    for (; path !== null; path = needed.get(path)) way.push(path);
    throw new Error(`loaded before the service listens: ${way.join(', imported by ')}`);
  }
}

/**
 * Bundles src/start.ts into `outdir`: main.cjs, which a start needs, and a file for each part that `import()` asks
 * for, with what several share in files of their own. esbuild splits ES modules only, so each part is turned
 * into the body of a function afterwards: on one line, as the source map counts. Returns esbuild's warnings.
 */
export async function bundleServer(root, outdir) {
  const { build, transform } = await import('esbuild');
  const { outputFiles, warnings, metafile } = await build({
    ...SERVER_OPTIONS,
    absWorkingDir: root,
    entryPoints: { main: 'src/start.ts' },
    outdir,
    format: 'esm',
    splitting: true,
    chunkNames: '[name]-[hash]',
    sourcemap: 'inline',
    metafile: true,
    write: false,
  });
  assertLeanStart(metafile);
  mkdirSync(outdir, { recursive: true });
  for (const { path, text } of outputFiles) {
    const name = basename(path).replace(/\.js$/, '.cjs');
    const { code, map } = await transform(takeOnce(text), {
      format: 'cjs',
      platform: 'node',
      target: 'node20',
      // A part is required when it is asked for: only the loader knows where its compiled code is.
      supported: { 'dynamic-import': false },
      minifyWhitespace: true,
      sourcemap: 'external',
      sourcefile: name,
      legalComments: 'none',
    });
    writeFileSync(join(outdir, name), `${WRAPPER}${code.trimEnd()}\n})`);
    writeFileSync(join(outdir, `${name}.map`), map);
  }
  return warnings;
}
