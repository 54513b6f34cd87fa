/**
 * Builds dist/dashboard/: the moderators' page. Names carry a hash of the bytes, so that browsers may keep
 * them for ever; the page alone keeps its name. Fails where a text is missing in a language, and where all of
 * it together has outgrown its budget.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'src/dashboard');
const WORDS = join(SOURCES, 'words');
/** Bytes as gzip: every script, every language and the sheet. */
const BUDGET = 70 * 1024;

const readWords = (name) => JSON.parse(readFileSync(join(WORDS, name), 'utf8'));
const placesOf = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** What each language lacks against English, has beside it, or fills otherwise. */
function wrongWords() {
  const english = readWords('en.json');
  const others = readdirSync(WORDS).filter((name) => name.endsWith('.json') && name !== 'en.json');
  return others.flatMap((name) => {
    const words = readWords(name);
    const missing = Object.keys(english).filter((key) => !(key in words));
    const strange = Object.keys(words).filter((key) => !(key in english));
    const unlike = Object.keys(english).filter(
      (key) => key in words && `${placesOf(english[key])}` !== `${placesOf(words[key])}`,
    );
    return [
      ...missing.map((key) => `${name} lacks ${key}`),
      ...strange.map((key) => `${name} has ${key}, which English has not`),
      ...unlike.map((key) => `${name} fills ${key} otherwise`),
    ];
  });
}

/** Writes the folder; resolves to its size as gzip, in bytes. Throws with everything that is wrong. */
export async function buildDashboard(outdir) {
  const wrong = wrongWords();
  if (wrong.length > 0) throw new Error(`the dashboard's words:\n${wrong.join('\n')}`);
  const { build } = await import('esbuild');
  mkdirSync(outdir, { recursive: true });
  const { metafile, warnings } = await build({
    absWorkingDir: ROOT,
    entryPoints: { app: 'src/dashboard/main.tsx' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  const outputs = Object.entries(metafile.outputs);
  const [script, { cssBundle }] = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx'));
  const page = readFileSync(join(SOURCES, 'index.html'), 'utf8')
    .replace('{{style}}', basename(cssBundle))
    .replace('{{script}}', basename(script));
  writeFileSync(join(outdir, 'index.html'), page);
  const size = readdirSync(outdir).reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(outdir, name))).length,
    0,
  );
  if (size > BUDGET) throw new Error(`the dashboard is ${size} bytes as gzip, more than ${BUDGET}`);
  return size;
}
