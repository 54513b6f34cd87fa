import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The build's own checks, run as the build runs them: its scripts are modules of Node's, which jest does not load. */

const SCRIPTS = join(__dirname, '../../scripts');
const ENGLISH = join(__dirname, '../../config/widget/en.json');

function run(script: string, check: string, values: unknown[]): void {
  const program = `import { ${check} } from ${JSON.stringify(join(SCRIPTS, script))};
${check}(${values.map((value) => JSON.stringify(value)).join(', ')});`;
  try {
    execFileSync(process.execPath, ['--input-type=module', '-e', program], { stdio: 'pipe' });
  } catch (error) {
    throw new Error(String((error as { stderr?: Buffer }).stderr));
  }
}

/** Reads a folder with the English sentences and those given. */
export function readLanguages(languages: Record<string, object>): void {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-words-'));
  const english = readFileSync(ENGLISH, 'utf8');
  try {
    writeFileSync(join(folder, 'en.json'), english);
    for (const [language, sentences] of Object.entries(languages))
      writeFileSync(join(folder, `${language}.json`), JSON.stringify(sentences));
    run('languages.mjs', 'readLanguages', [folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function assertBudget(sizes: Record<string, { gzip: number }>, languages: string[]): void {
  run('build-widget.mjs', 'assertBudget', [sizes, languages]);
}
