#!/usr/bin/env node
/** `npm run bench:learner [folder] [--seed n]`: what the learner makes of comments that people have judged. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const OUT = join(ROOT, '.cache', 'bench-learner.cjs');

await build({
  absWorkingDir: ROOT,
  entryPoints: ['bench/learner/main.ts'],
  outfile: OUT,
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  logLevel: 'warning',
});

const { main } = createRequire(import.meta.url)(OUT);
process.exitCode = main({
  args: process.argv.slice(2),
  folder: join(process.env.GATEHOUSE_SHARED ?? join(ROOT, '..', 'shared'), 'corpora'),
});
