import { once } from 'node:events';
import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../errors.ts';
import type { Act } from '../moderation/record.ts';
import { exportGeneric } from '../moving/export-generic.ts';
import { type ExportDeps, type ExportOptions, inPieces, noTally } from '../moving/export-site.ts';
import { exportWordpress } from '../moving/export-wordpress.ts';
import { nameWhole, partOf } from '../part-file.ts';
import { actorOf, OPERATOR } from '../staff/principal.ts';
import { EXIT } from './exit-codes.ts';
import { assertNew, leavingNothing } from './files.ts';
import { isBrokenPipe } from './output.ts';
import { runAlone } from './run-alone.ts';

/** The data as it is at one moment, opened for reading. */
export interface ExportSource {
  deps: ExportDeps;
  /** Into the audit. Durable once fulfilled. */
  record(act: Act): Promise<void>;
  close(): Promise<void>;
}

export const EXPORT_ABOUT = '--site SITE [FILE]: write all comments of a site, also beside the service';

const FORMATS = {
  generic: exportGeneric,
  wordpress: exportWordpress,
} as const;
type ExportFormat = keyof typeof FORMATS;

const USAGE = `gatehouse export --site SITE [FILE]

Writes a site with its comments, what became of them, its pages, word lists and settings to a new file, or to
standard output where FILE is - or missing. It runs while the service does.

  --site SITE      needed
  --format FORMAT  generic (the default), which an import reads back whole, or wordpress, which WordPress's
                   importer reads
  --emails         with the commenters' e-mail addresses, readable for everybody who gets the file. Without it
                   generic has them sealed, for an import into this installation alone, and wordpress has none
  --help           print this
`;

interface Given {
  site: string;
  format: ExportFormat;
  emails: boolean;
  /** Null: standard output. */
  file: string | null;
}

const isFormat = (name: string): name is ExportFormat => Object.hasOwn(FORMATS, name);

function parse(args: string[]): Given | null {
  const { values, positionals } = parseArgs({
    args,
    options: {
      site: { type: 'string' },
      format: { type: 'string', default: 'generic' },
      emails: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    strict: true,
  });
  if (values.help) return null;
  const { site, format, emails } = values;
  if (site === undefined) throw new TypeError('--site is needed');
  if (!isFormat(format)) throw new TypeError(`--format is one of ${Object.keys(FORMATS).join(', ')}`);
  if (positionals.length > 1) throw new TypeError('FILE is given once');
  const [file = '-'] = positionals;
  return { site, format, emails, file: file === '-' ? null : resolve(file) };
}

async function print(pieces: AsyncIterable<string>): Promise<void> {
  let failure: Error | undefined;
  const onError = (error: Error): void => {
    failure = error;
  };
  process.stdout.on('error', onError);
  try {
    for await (const piece of pieces) {
      if (failure) throw failure;
      if (!process.stdout.write(piece)) await once(process.stdout, 'drain');
    }
  } catch (error) {
    // Whoever reads has enough.
    if (!isBrokenPipe(error)) throw error;
  } finally {
    process.stdout.off('error', onError);
  }
}

/** The file has its name once it is whole. */
async function writeFile(file: string, pieces: AsyncIterable<string>): Promise<void> {
  const part = partOf(file);
  try {
    const target = await open(part, 'w', 0o600);
    try {
      // Not `write`, which on a full disk may write a part and call it done.
      for await (const piece of pieces) await target.appendFile(piece);
      await target.sync();
    } finally {
      await target.close();
    }
    nameWhole(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

async function carryOut(source: ExportSource, { site: id, format, emails, file }: Given): Promise<number> {
  const site = await source.deps.sites.find(id);
  if (!site) throw new AppError('site-not-found');
  const note = `${format}, addresses ${emails ? 'readable' : 'sealed'}`;
  // Before anything is told: what can't be audited is not told.
  await source.record({ by: actorOf(OPERATOR), action: 'comments-exported', site: site.id, note });
  const options: ExportOptions = { site, emails };
  const tally = noTally();
  const pieces = inPieces(FORMATS[format](source.deps, options, tally));
  await (file === null ? print(pieces) : leavingNothing(file, () => writeFile(file, pieces)));
  const { comments, pages, standings, unnamed, shortened } = tally;
  const authors = standings + unnamed === 0 ? '' : `, standings of ${standings} authors`;
  const left = unnamed === 0 ? '' : `; those of ${unnamed} authors without an address stay behind`;
  const short = shortened === 0 ? '' : `; ${shortened} are longer than WordPress can keep, and were cut`;
  process.stderr.write(`${comments} comments, ${pages} pages${authors}${left}${short}\n`);
  return EXIT.done;
}

const check = async ({ file }: Given): Promise<void> => {
  if (file !== null) await assertNew(file, 'an export');
};

/** Runs `gatehouse export {args}`; resolves to the exit code. */
export const runExport = (args: string[], open: () => Promise<ExportSource>): Promise<number> =>
  runAlone({ usage: USAGE, parse, check, open, carryOut }, args);
