/**
 * Builds the widget into a folder:
 *
 *   embed.js      what pages load: thread and votes
 *   write.js      a module that it loads behind the thread: the form, edits, reports
 *   {lang}.json   the sentences of each language that embed.js says
 *   write-{lang}.json   the others, loaded with write.js
 *   sizes.json    bytes and gzipped bytes of each file, and the integrity of embed.js
 *
 * Fails where a sentence or a plural form is missing, and where embed.js and a language are over the budget.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readLanguages } from './languages.mjs';

/** Gzipped bytes of embed.js and any one language. */
const BUDGET = 8192;
const VERSION_LENGTH = 10;

const versionOf = (...texts) =>
  createHash('sha256').update(texts.join('\0')).digest('hex').slice(0, VERSION_LENGTH);

/** Throws where a reader of any one language would load more than the budget. */
export function assertBudget(sizes, languages) {
  for (const language of languages) {
    const bytes = sizes['embed.js'].gzip + sizes[`${language}.json`].gzip;
    if (bytes > BUDGET) throw new Error(`the widget has ${bytes} bytes in ${language}, of ${BUDGET}`);
  }
}

/** The files of sentences: of each language those that embed.js names, and the others. */
function sentenceFiles(languages, embed) {
  const named = new Set([...embed.matchAll(/["'`]([\w.-]+)(?=["'`])/g)].map(([, name]) => name));
  const part = (sentences, isFirst) =>
    JSON.stringify(
      Object.fromEntries(Object.entries(sentences).filter(([key]) => named.has(key) === isFirst)),
    );
  return languages.flatMap(([language, sentences]) => [
    [`${language}.json`, part(sentences, true)],
    [`write-${language}.json`, part(sentences, false)],
  ]);
}

export async function buildWidget(root, outdir) {
  const { build } = await import('esbuild');
  const languages = readLanguages(join(root, 'config/widget'));
  const script = async (entry, format, define = {}) => {
    const result = await build({
      absWorkingDir: root,
      entryPoints: [`src/widget/${entry}.ts`],
      bundle: true,
      write: false,
      minify: true,
      format,
      platform: 'browser',
      target: 'es2022',
      charset: 'utf8',
      loader: { '.css': 'text' },
      plugins: [minifiedCss(build)],
      define: { ...define },
      legalComments: 'none',
      logLevel: 'silent',
    });
    return result.outputFiles[0].text;
  };
  const embed = (sentences = '', write = '') =>
    script('embed', 'iife', {
      LANGUAGES: JSON.stringify(languages.map(([language]) => language)),
      SENTENCES_VERSION: JSON.stringify(sentences),
      WRITE_VERSION: JSON.stringify(write),
    });
  const files = new Map(sentenceFiles(languages, await embed()));
  const sentencesVersion = versionOf(...files.values());
  files.set('write.js', await script('write', 'esm'));
  files.set('embed.js', await embed(sentencesVersion, versionOf(files.get('write.js'))));
  const sizes = Object.fromEntries(
    [...files].map(([name, text]) => [
      name,
      { bytes: Buffer.byteLength(text), gzip: gzipSync(text, { level: 9 }).length },
    ]),
  );
  assertBudget(
    sizes,
    languages.map(([language]) => language),
  );
  const integrity = `sha384-${createHash('sha384').update(files.get('embed.js')).digest('base64')}`;
  mkdirSync(outdir, { recursive: true });
  for (const [name, text] of files) writeFileSync(join(outdir, name), text);
  writeFileSync(join(outdir, 'sizes.json'), `${JSON.stringify({ integrity, files: sizes }, null, 2)}\n`);
  return { integrity, sizes };
}

/** Style sheets as short text. */
const minifiedCss = (build) => ({
  name: 'minified-css',
  setup(setting) {
    setting.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const { outputFiles } = await build({ entryPoints: [path], minify: true, write: false });
      return { contents: outputFiles[0].text.trim(), loader: 'text' };
    });
  },
});
