import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/**
 * The SQLite writer thread as JavaScript: a worker can't be started from TypeScript. What the build left
 * in dist/ is taken while it is newer than every source; else it is bundled anew.
 */
const ROOT = join(__dirname, '../..');
const BUILT = join(ROOT, 'dist/sqlite-writer.cjs');
const ENTRY = join(ROOT, 'src/storage/sqlite/writer-thread.ts');

function newestSource(folder: string): number {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile());
  return Math.max(...files.map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs));
}

let built: string | null = null;

/** Path of the built writer; looked for once in each test file. */
export function buildWriter(): string {
  built ??= findOrBuild();
  return built;
}

function findOrBuild(): string {
  if (existsSync(BUILT) && statSync(BUILT).mtimeMs >= newestSource(join(ROOT, 'src'))) return BUILT;
  mkdirSync(join(ROOT, 'dist'), { recursive: true });
  // Several test processes may build at once: each writes its own file, the last rename wins.
  const own = `${BUILT}.${process.pid}`;
  buildSync({
    entryPoints: [ENTRY],
    outfile: own,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['better-sqlite3', 'better-sqlite3-napi'],
    logLevel: 'warning',
  });
  renameSync(own, BUILT);
  return BUILT;
}
