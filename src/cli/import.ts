import { createReadStream } from 'node:fs';
import { parseArgs } from 'node:util';
import { Presets, SingleBar } from 'cli-progress';
import type { Deps } from '../deps.ts';
import { AppError } from '../errors.ts';
import { IMPORT_FORMATS, type ImportFormat } from '../moving/formats.ts';
import type { Import } from '../moving/import.ts';
import { createImporter, type Heap } from '../moving/importer.ts';
import { type ImportView, presentImport } from '../moving/present-import.ts';
import type { SettingsReader } from '../moving/site-settings.ts';
import type { Spool } from '../moving/spool.ts';
import { actorOf, OPERATOR } from '../staff/principal.ts';
import { EXIT } from './exit-codes.ts';
import { assertReadable } from './files.ts';
import { runAlone } from './run-alone.ts';

/** The data, and where the file lies while it is read. */
export interface ImportTools {
  deps: Deps;
  spool: Spool;
  heap: Heap;
  /** Comments that are written at once. */
  mostInPart: number;
  close(): Promise<void>;
}

export const IMPORT_ABOUT = '--site SITE --format FORMAT FILE: take in the comments of a file';

const USAGE = `gatehouse import --site SITE --format FORMAT FILE

Takes in the export of another system, or of this one, from a file, or from standard input where FILE is -. The
same file again adds only what is new. A malformed file is named with its line, and nothing of it is taken. On
SQLite the service must be stopped; while it runs, send the file to it (docs/moving.md). Cut off, the import goes
on when the service starts.

  --site SITE      needed
  --format FORMAT  needed; one of ${IMPORT_FORMATS.join(', ')}
  --dry-run        say what would come of it, and write nothing
  --json           print JSON
  --help           print this
`;

interface Given {
  site: string;
  format: ImportFormat;
  dryRun: boolean;
  isJson: boolean;
  file: string;
}

const isFormat = (name: string | undefined): name is ImportFormat =>
  (IMPORT_FORMATS as readonly (string | undefined)[]).includes(name);

function parse(args: string[]): Given | null {
  const { values, positionals } = parseArgs({
    args,
    options: {
      site: { type: 'string' },
      format: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    strict: true,
  });
  if (values.help) return null;
  const { site, format, 'dry-run': dryRun, json: isJson } = values;
  const [file] = positionals;
  if (site === undefined) throw new TypeError('--site is needed');
  if (!isFormat(format)) throw new TypeError(`--format is one of ${IMPORT_FORMATS.join(', ')}`);
  if (file === undefined || positionals.length > 1) throw new TypeError('FILE is needed, once');
  return { site, format, dryRun, isJson, file };
}

interface Progress {
  show(one: Import): void;
  stop(): void;
}

/** A bar on a terminal, nothing elsewhere. The file is read twice: once to see that it is whole. */
function createProgress(): Progress {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const format = '{state} [{bar}] {percentage}% | {added} new, {unchanged} known | {eta_formatted} left';
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true }, Presets.legacy);
  let hasBegun = false;
  return {
    show({ state, read, bytes, result: { comments } }) {
      const { added, unchanged } = comments;
      if (!hasBegun) bar.start(2 * bytes, 0, { state, added, unchanged });
      hasBegun = true;
      bar.update(state === 'checking' ? read : bytes + read, { state, added, unchanged });
    },
    stop: () => bar.stop(),
  };
}

const nonZero = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');

/** What came of it, for people. */
function summaryOf(view: ImportView): string {
  const { comments, pages, byStatus, left, standings, problems, problemCount, dryRun } = view;
  const { added, unchanged, skipped } = comments;
  const detail = nonZero(byStatus);
  const what = dryRun ? 'would be added' : 'added';
  const lines = [
    `${added} comments ${what} on ${pages} pages${detail === '' ? '' : ` (${detail})`}, ${unchanged} known already, ${skipped} left`,
    ...(nonZero(left) === '' ? [] : [`left: ${nonZero(left)}`]),
    ...(standings === 0 ? [] : [`standings of authors: ${standings} ${what}`]),
    ...problems.map(({ line, legacyId, code, detail: said }) =>
      [`line ${line}`, legacyId, `${said} (${code})`].filter(Boolean).join(': '),
    ),
    ...(problemCount > problems.length ? [`and ${problemCount - problems.length} more`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** Schemas take a tenth of the memory that an import has: most files need none. */
const readSettings: SettingsReader = async (value) =>
  (await import('../http/schemas/site.ts')).readSettings(value);

/** Takes the file in and sees the import to its end. */
async function bring(tools: ImportTools, { site: id, format, dryRun, file }: Given): Promise<ImportView> {
  const { deps, spool, heap, mostInPart } = tools;
  const site = await deps.sites.find(id);
  if (!site) throw new AppError('site-not-found');
  const progress = createProgress();
  let failure: unknown = null;
  const report = (error: unknown): void => {
    failure = error;
  };
  const importer = createImporter({
    ...{ deps, spool, readSettings, heap, mostInPart },
    ...{ report, onProgress: progress.show },
  });
  try {
    const taken = await importer.take(file === '-' ? process.stdin : createReadStream(file));
    const by = actorOf(OPERATOR);
    const begun = await importer.begin({ site, format, dryRun, opensSeals: true, by, file: taken });
    const one = await importer.settled(begun.id);
    if (failure !== null) throw failure;
    if (!one) throw new AppError('site-not-found');
    return presentImport(one);
  } finally {
    progress.stop();
    await importer.stop();
  }
}

/** What came of it, said. */
async function carryOut(tools: ImportTools, given: Given): Promise<number> {
  const view = await bring(tools, given);
  if (given.isJson) process.stdout.write(`${JSON.stringify(view)}\n`);
  if (view.failure) {
    const { line, reason } = view.failure;
    process.stderr.write(`gatehouse: ${line === null ? '' : `line ${line}: `}${reason} (malformed-file)\n`);
    return EXIT.value;
  }
  if (!given.isJson) process.stdout.write(summaryOf(view));
  return EXIT.done;
}

/** Standard input is there as it comes. */
const check = async ({ file }: Given): Promise<void> => {
  if (file !== '-') await assertReadable(file);
};

/** Runs `gatehouse import {args}`; resolves to the exit code. */
export const runImport = (args: string[], open: () => Promise<ImportTools>): Promise<number> =>
  runAlone({ usage: USAGE, parse, check, open, carryOut }, args);
