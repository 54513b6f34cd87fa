import { parseArgs } from 'node:util';
import type { Difference } from '../comments/difference.ts';
import { EXIT } from './exit-codes.ts';
import { fail } from './run-command.ts';

/** The data, opened for nothing else. */
export interface Verifiable {
  verify(options: { repair: boolean }): AsyncIterable<Difference>;
  close(): Promise<void>;
}

export const VERIFY_ABOUT = 'count everything anew and say what differs; --repair mends it';

/** Where the data is. */
export interface Checked {
  open(): Promise<Verifiable>;
  /** Has SQLite look at its file, beside the service or not; rejects with what it finds. */
  checkFile(): Promise<void>;
}

const USAGE = `gatehouse verify [--repair | --file] [--json]

Counts everything anew from the comments themselves and says what does not equal what is kept: counters of
sites, pages and authors, places in threads, reply counts, visibility, open reports, votes, what else the store keeps
for its lists, the numbers of statistics, whether pages are there and found, where aliases lead, the directories of
authors and pages, the lists of phases and reasons, and the words and keys that searches and near copies are found by.
On SQLite no service may have the data folder open, and SQLite's own check of the file comes first; on MongoDB it
runs beside the service, and what is under way is no difference.

  --repair  mend what is found
  --file    only have SQLite check its file, while the service runs or not
  --json    print JSON
  --help    print this

Ends with 0 where all is well, with 1 where something differs, mended or not, and with 78 where the file is damaged.
`;

const say = (text: string): void => void process.stdout.write(text);

const lineOf = ({ what, where, kept, due, repaired }: Difference): string =>
  `${what} ${where}: ${kept}, but should be ${due}${repaired ? '; mended' : ''}\n`;

function summaryOf(count: number, repair: boolean): string {
  if (count === 0) return 'Everything is as the comments say.\n';
  const what = count === 1 ? '1 difference' : `${count} differences`;
  return repair ? `${what}, mended.\n` : `${what}. --repair mends what is found.\n`;
}

/** Printed once something is known: a damaged file has nothing to say on standard output. */
const HEAD = '{"differences":[';

/** Prints each difference as it is found; how many there were. */
async function print(found: AsyncIterable<Difference>, isJson: boolean): Promise<number> {
  let count = 0;
  for await (const difference of found) {
    if (isJson) say(`${count === 0 ? HEAD : ','}${JSON.stringify(difference)}`);
    else say(lineOf(difference));
    count += 1;
  }
  if (isJson) say(`${count === 0 ? HEAD : ''}],"count":${count}}\n`);
  return count;
}

type Options = { repair?: boolean; file?: boolean; json?: boolean; help?: boolean };

/** Throws a TypeError on what is not understood. */
function parse(args: string[]): Options {
  const options = {
    repair: { type: 'boolean' },
    file: { type: 'boolean' },
    json: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  const { values } = parseArgs({ args, options, strict: true });
  if (values.file && values.repair) throw new TypeError('--file mends nothing: it goes without --repair');
  return values;
}

async function verify(open: Checked['open'], { repair = false, json = false }: Options): Promise<number> {
  const data = await open();
  try {
    const count = await print(data.verify({ repair }), json);
    if (!json) say(summaryOf(count, repair));
    return count === 0 ? EXIT.done : EXIT.differs;
  } finally {
    await data.close();
  }
}

async function checkFile(check: Checked['checkFile'], { json = false }: Options): Promise<number> {
  await check();
  say(json ? `${HEAD}],"count":0}\n` : 'SQLite finds the file sound.\n');
  return EXIT.done;
}

/** Runs `gatehouse verify {args}`; resolves to the exit code. Never rejects for what an operator can mend. */
export async function runVerify(args: string[], data: Checked): Promise<number> {
  let options: Options;
  try {
    options = parse(args);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    return EXIT.usage;
  }
  if (options.help) {
    say(USAGE);
    return EXIT.done;
  }
  try {
    return await (options.file ? checkFile(data.checkFile, options) : verify(data.open, options));
  } catch (error) {
    return fail(error);
  }
}
