#!/usr/bin/env node
/** `npm run bench`: builds the service where it is stale, bundles the bench into .cache/bench, and runs it. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildAll, isStale } from '../scripts/build.mjs';
import { startMongod } from '../scripts/mongod.mjs';
import { ensureMongod } from '../scripts/mongod-binary.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, '.cache', 'bench');

if (isStale()) {
  const { ms } = await buildAll();
  process.stderr.write(`built dist/ in ${ms} ms\n`);
}

await build({
  absWorkingDir: ROOT,
  entryPoints: {
    main: 'bench/main.ts',
    load: 'bench/load/load-process.ts',
    answering: 'bench/bare/answering-server.ts',
    committing: 'bench/bare/committing-server.ts',
    starting: 'bench/bare/starting-server.ts',
  },
  outdir: OUT,
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  external: ['better-sqlite3', 'better-sqlite3-napi', 'mongoose', 'mongodb', 'playwright-core'],
  logLevel: 'warning',
});

const program = (name) => join(OUT, `${name}.cjs`);
const { main } = createRequire(import.meta.url)(program('main'));

process.exitCode = await main({
  args: process.argv.slice(2),
  programs: {
    gatehouse: join(ROOT, 'dist/gatehouse.cjs'),
    writer: join(ROOT, 'dist/sqlite-writer.cjs'),
    load: program('load'),
    answering: program('answering'),
    committing: program('committing'),
    starting: program('starting'),
  },
  document: join(ROOT, 'docs/performance.md'),
  mongod: await ensureMongod(),
  startMongod,
});
