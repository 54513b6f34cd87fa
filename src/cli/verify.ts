import { parseArgs } from 'node:util';
import type { Difference } from '../comments/difference.ts';

/** The data, opened for nothing else. */
export interface Verifiable {
  verify(options: { repair: boolean }): AsyncIterable<Difference>;
  close(): Promise<void>;
}

export const VERIFY_USAGE = `gatehouse verify [--repair] [--json]

Counts everything anew from the comments themselves and says what does not equal what is kept: counters of
sites, pages and authors, reply counts, visibility, open reports, and what else the store keeps for its lists.
On SQLite no service may have the data folder open; on MongoDB it runs beside the service, and what is under
way is no difference.

  --repair  mend what is found
  --json    print JSON
  --help    print this

Ends with 0 where all is well, and with 1 where something differs, mended or not.
`;

const NONE = 0;
const SOME = 1;
/** sysexits' EX_USAGE. */
const EXIT_USAGE = 64;

const say = (text: string): void => void process.stdout.write(text);

const lineOf = ({ what, where, kept, due, repaired }: Difference): string =>
  `${what} ${where}: ${kept}, but should be ${due}${repaired ? '; mended' : ''}\n`;

function summaryOf(count: number, repair: boolean): string {
  if (count === 0) return 'Everything is as the comments say.\n';
  const what = count === 1 ? '1 difference' : `${count} differences`;
  return repair ? `${what}, mended.\n` : `${what}. --repair mends what is found.\n`;
}

/** Prints each difference as it is found; how many there were. */
async function print(found: AsyncIterable<Difference>, isJson: boolean): Promise<number> {
  let count = 0;
  if (isJson) say('{"differences":[');
  for await (const difference of found) {
    if (isJson) say(`${count === 0 ? '' : ','}${JSON.stringify(difference)}`);
    else say(lineOf(difference));
    count += 1;
  }
  if (isJson) say(`],"count":${count}}\n`);
  return count;
}

/** Runs `gatehouse verify {args}`; resolves to the exit code. Rejects as `open` does. */
export async function runVerify(args: string[], open: () => Promise<Verifiable>): Promise<number> {
  let values: { repair?: boolean; json?: boolean; help?: boolean };
  try {
    const options = {
      repair: { type: 'boolean' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    values = parseArgs({ args, options, strict: true }).values;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${VERIFY_USAGE}`);
    return EXIT_USAGE;
  }
  if (values.help) {
    say(VERIFY_USAGE);
    return NONE;
  }
  const { repair = false, json = false } = values;
  const data = await open();
  try {
    const count = await print(data.verify({ repair }), json);
    if (!json) say(summaryOf(count, repair));
    return count === 0 ? NONE : SOME;
  } finally {
    await data.close();
  }
}
