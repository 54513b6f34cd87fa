#!/usr/bin/env node
/** `npm start`: builds where the sources are newer than dist/, then serves. In production dist/ is taken as it is. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const loader = fileURLToPath(new URL('../dist/gatehouse.cjs', import.meta.url));

function hasBuilder() {
  try {
    require.resolve('esbuild');
    return true;
  } catch {
    // Production dependencies only.
    return false;
  }
}

if (hasBuilder()) {
  const { buildAll, isStale } = await import('./build.mjs');
  if (isStale()) {
    process.stderr.write('building…\n');
    const { ms } = await buildAll();
    // Its helper process would stay beside the service for as long as that runs.
    await require('esbuild').stop();
    process.stderr.write(`built in ${ms} ms\n`);
  }
} else if (!existsSync(loader)) {
  process.stderr.write(
    'dist/ is missing and the build needs the development dependencies: run npm ci && npm run build\n',
  );
  process.exit(1);
}

const args = process.argv.length > 2 ? process.argv.slice(2) : ['serve'];
const { load } = require(loader);
process.exit(await load().exports.run(args));
