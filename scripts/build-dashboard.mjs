/**
 * Builds dist/dashboard/: the moderators' page. Names carry a hash of the bytes, so that browsers may keep
 * them for ever; the page alone keeps its name. Fails where a text or a plural form is missing in a language,
 * and where all of it, in any one language, has outgrown its budget.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SOURCES = join(ROOT, 'src/dashboard');
const WORDS = join(SOURCES, 'words');
/** Bytes as gzip: every script, the sheet and the words of the language with the most of them. */
const BUDGET = 70 * 1000;

const readWords = (name) => JSON.parse(readFileSync(join(WORDS, name), 'utf8'));
const placesOf = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
const PLURAL = /\.(?:zero|one|two|few|many|other)$/;

/** The plural categories that whole numbers up to a thousand fall into. */
function categoriesOf(language) {
  const rules = new Intl.PluralRules(language);
  return [...new Set(Array.from({ length: 1001 }, (_, count) => rules.select(count)))];
}

/** The names of texts that a language has to have: those of English, in its own plural forms. */
function keysFor(language, english) {
  const counted = Object.keys(english).filter(
    (key) => key.endsWith('.other') && `${key.slice(0, -6)}.one` in english,
  );
  const stems = counted.map((key) => key.slice(0, -6));
  const plain = Object.keys(english).filter((key) => !stems.includes(key.replace(PLURAL, '')));
  return [...plain, ...stems.flatMap((stem) => categoriesOf(language).map((form) => `${stem}.${form}`))];
}

/** What each language of a folder lacks against English, has beside it, or fills otherwise. */
function wrongWords(folder) {
  const english = readWords(join(folder, 'en.json'));
  const names = readdirSync(join(WORDS, folder)).filter((name) => name.endsWith('.json'));
  return names.flatMap((name) => {
    const words = readWords(join(folder, name));
    const keys = keysFor(basename(name, '.json'), english);
    const modelOf = (key) => english[key] ?? english[key.replace(PLURAL, '.other')];
    const missing = keys.filter((key) => typeof words[key] !== 'string' || words[key].trim() === '');
    const strange = Object.keys(words).filter((key) => !keys.includes(key) && !(key in english));
    const unlike = keys.filter(
      (key) =>
        key in words &&
        // "One comment" may do without its number.
        !/\.(?:zero|one|two)$/.test(key) &&
        `${placesOf(modelOf(key))}` !== `${placesOf(words[key])}`,
    );
    return [
      ...missing.map((key) => `${join(folder, name)} lacks ${key}`),
      ...strange.map((key) => `${join(folder, name)} has ${key}, which English has not`),
      ...unlike.map((key) => `${join(folder, name)} fills ${key} otherwise`),
    ];
  });
}

/** Whether it says what the form for all other counts says, which stands for those that are not there (tCount). */
const isSpare = (words, name, text) =>
  /\.(?:zero|one|two|few|many)$/.test(name) && words[name.replace(/\w+$/, 'other')] === text;

/** Texts as a tree of the parts of their names (WordTree of words/loaders.ts). */
function treeOf(words) {
  const tree = {};
  for (const [name, text] of Object.entries(words)) {
    if (isSpare(words, name, text)) continue;
    let branch = tree;
    for (const part of name.split('.')) {
      branch[part] ??= {};
      branch = branch[part];
    }
    branch[''] = text;
  }
  const shortened = (branch) => {
    if (typeof branch === 'string') return branch;
    const parts = Object.entries(branch);
    if (parts.length === 1 && parts[0][0] === '') return parts[0][1];
    return Object.fromEntries(parts.map(([part, inside]) => [part, shortened(inside)]));
  };
  return shortened(tree);
}

/** Both files of a language as one value: as a module of JSON each text would be exported by its name once more. */
const plainWords = {
  name: 'plain-words',
  setup(build) {
    build.onLoad({ filter: /[\\/]words[\\/].*\.json$/ }, ({ path }) => {
      const name = basename(path);
      const words = { ...readWords(join('admin', name)), ...readWords(name) };
      return { contents: `export default ${JSON.stringify(treeOf(words))}`, loader: 'js' };
    });
  },
};

/** The language whose words a chunk holds; null for every other file. */
function wordsIn({ inputs }) {
  const [only, ...others] = Object.keys(inputs).filter((input) => !input.startsWith('('));
  const match = others.length === 0 && /^src\/dashboard\/words\/(\w+)\.json$/.exec(only ?? '');
  return match ? match[1] : null;
}

/** Bytes that the reader of each language loads, once everything has been looked at. */
function sizesByLanguage(outdir, outputs) {
  const sizes = new Map();
  const code = { bytes: 0 };
  for (const name of readdirSync(outdir)) {
    const bytes = gzipSync(readFileSync(join(outdir, name)), { level: 9 }).length;
    const output = Object.entries(outputs).find(([path]) => basename(path) === name)?.[1];
    const words = output ? wordsIn(output) : null;
    if (words === null) code.bytes += bytes;
    else sizes.set(words, bytes);
  }
  return Object.fromEntries([...sizes].map(([language, bytes]) => [language, code.bytes + bytes]));
}

/** Writes the folder; resolves to what a reader of each language loads, bytes as gzip. Throws with everything that is wrong. */
export async function buildDashboard(outdir) {
  const wrong = ['', 'admin'].flatMap(wrongWords);
  if (wrong.length > 0)
    throw new Error(
      `the dashboard's words (what only admins meet stands in words/admin):\n${wrong.join('\n')}`,
    );
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
    // Chrome 109 is the last for Windows 7. What it lacks of the library, `lib` in tsconfig.json keeps out.
    target: ['chrome109', 'firefox121', 'safari16.4'],
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    minify: true,
    legalComments: 'none',
    metafile: true,
    plugins: [plainWords],
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  const outputs = Object.entries(metafile.outputs);
  const [script, { cssBundle }] = outputs.find(([, { entryPoint }]) => entryPoint?.endsWith('main.tsx'));
  const page = readFileSync(join(SOURCES, 'index.html'), 'utf8')
    .replace('{{style}}', basename(cssBundle))
    .replace('{{script}}', basename(script));
  writeFileSync(join(outdir, 'index.html'), page);
  const sizes = sizesByLanguage(outdir, metafile.outputs);
  const [[language, bytes]] = Object.entries(sizes).sort(([, one], [, other]) => other - one);
  if (bytes > BUDGET)
    throw new Error(`the dashboard is ${bytes} bytes as gzip in ${language}, more than ${BUDGET}`);
  return sizes;
}
